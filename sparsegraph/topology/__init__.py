"""The rules that build and change masks: functions on arrays, without torch."""
