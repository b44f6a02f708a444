"""Named data sets as arrays."""
