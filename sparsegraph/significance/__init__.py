"""Null models around any measure: what chance alone would give, and how far a network is from it."""
