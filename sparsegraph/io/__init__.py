"""Files in, files out: a checkpoint to named tensors (``readers``, ``pickles``), and these to a network (``network``)."""
