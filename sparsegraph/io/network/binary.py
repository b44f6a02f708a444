"""Masks that are stored as floating-point numbers and do not say that they are masks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sparsegraph.errors import SparseGraphError
from sparsegraph.io.network.roles import Entry
from sparsegraph.io.tensor import StoredTensor

_MATRICES = ("weights", "filters", "embedding")


def binary_as_masks(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries, with the role of masks for all matrices if every one is dense and holds 0 and 1 only.

    Notes
    -----
    Reads the smallest matrix, and the next larger one only while all were binary: of a file of weights one small
    matrix is read once more.
    """
    found = [entry.tensor for entry in entries if entry.role in _MATRICES]
    if any(entry.role in ("mask", "part") for entry in entries) or not _are_binary(found):
        return entries
    why = "zeros and ones only, as all matrices of the file"
    return tuple(replace(entry, role="mask", why=why) if entry.role in _MATRICES else entry for entry in entries)


def _are_binary(tensors: Sequence[StoredTensor]) -> bool:
    """Whether both 0 and 1 occur, and nothing else; what cannot be read is refused where it is needed."""
    has_zero = has_one = False
    for tensor in sorted(tensors, key=lambda tensor: math.prod(tensor.shape)):
        try:
            values = tensor.read()
        except SparseGraphError:
            return False
        if not isinstance(values, np.ndarray):
            return False
        zeros, ones = values == 0, values == 1
        if not (zeros | ones).all():
            return False
        has_zero, has_one = has_zero or bool(zeros.any()), has_one or bool(ones.any())
    return has_zero and has_one
