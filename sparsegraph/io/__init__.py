"""Files in, files out: checkpoints to named tensors (``readers``, ``pickles``), these to a graph (``network``)."""
