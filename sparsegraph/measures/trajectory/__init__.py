"""Measures of how a topology changes: one file each, over the snapshots of a trajectory."""
