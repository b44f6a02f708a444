"""What every file format is reduced to: named tensors that are read one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

Layout = Literal["torch", "channels_last", "in_out", "unknown"]
"""Order of a tensor's axes.

``torch``: (out, in, *kernel).  ``channels_last``: (*kernel, in, out), as Keras and TensorFlow write them.  ``in_out``:
(in, out), known to be a matrix from source to target.  ``unknown``: the format does not say.
"""


@dataclass(frozen=True)
class StoredTensor:
    """One tensor of a file, not yet read.

    Parameters
    ----------
    name : str
        Its key in the file, nested keys joined by dots; list items are ``"[0]"``, ``"[1]"``, ..., as in
        ``"pruner.backward_masks[2]"`` or ``"[0].fc1"``.
    shape : tuple of int
    dtype : str
        Type in the file, such as ``"float32"``, ``"bfloat16"`` or ``"bool"``.
    layout : Layout
    read : callable
        Returns the values: a numpy array of that shape, or a ``csr_array`` for a tensor stored sparse.  May be called
        more than once; keeps nothing in memory, except arrays inside a pickle.  bfloat16 and float8 arrive as
        float32.  Raises :class:`~sparsegraph.errors.LoadError` and nothing else.
    n_bytes : int
        What the values take in memory once read.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    layout: Layout
    read: Callable[[], np.ndarray | sparse.csr_array]
    n_bytes: int = 0


@dataclass(frozen=True)
class Contents:
    """Everything that a file (or a set of shards) holds.

    Parameters
    ----------
    format : str
        Such as ``"torch zip"``, ``"safetensors, 3 shards"``.
    tensors : tuple of StoredTensor
        In file order.
    sha256 : str
        Hash of the file; of several files the hash of their sorted hashes.
    notes : tuple of str
        Remarks for the user, such as "whole module: read without running its code".
    max_memory : int or None
        Bytes that one tensor may take once read.
    """

    format: str
    tensors: tuple[StoredTensor, ...]
    sha256: str
    notes: tuple[str, ...] = ()
    max_memory: int | None = None
