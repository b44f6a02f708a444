"""Measures over the snapshots of training runs."""
