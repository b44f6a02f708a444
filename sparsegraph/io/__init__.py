"""Files in, files out: one file per checkpoint format, and what turns named tensors into a layered graph."""
