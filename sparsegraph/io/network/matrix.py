"""A weight matrix that is not yet read, and the tensors that it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from sparsegraph.io.network.effective import Recipe
from sparsegraph.io.network.roles import Entry
from sparsegraph.io.tensor import Layout


@dataclass(frozen=True)
class Matrix:
    """A weight matrix or filter bank, not yet read.

    Parameters
    ----------
    name : str
        The tensor that it is named after, as in the file.
    key : str
        The same without wrappers and without suffixes such as ``_orig``.
    shape : tuple of int
        In the layout of the file.
    layout : Layout
    read : Recipe
        Reads the tensors and gives the effective weights.
    is_embedding : bool
    bias : int, optional
        Length of the bias beside it: it tells which axis is the output.
    """

    name: str
    key: str
    shape: tuple[int, ...]
    layout: Layout
    read: Recipe
    is_embedding: bool = False
    bias: int | None = None


@dataclass(frozen=True)
class Made:
    """A matrix that a rule made, the entries that it used, each with what it was used as."""

    matrix: Matrix
    used: tuple[tuple[Entry, str], ...]
    warning: str = ""


def matrix_of(entry: Entry, read: Recipe, key: str | None = None, shape: tuple[int, ...] | None = None) -> Matrix:
    """The matrix that is named after an entry; ``key`` and ``shape`` where they differ from the entry's own."""
    tensor = entry.tensor
    embedding = entry.role == "embedding"
    return Matrix(tensor.name, key or entry.key, tuple(shape or tensor.shape), tensor.layout, read, embedding)


def has_axes(entry: Entry) -> bool:
    """Whether a tensor may be a matrix or filter bank."""
    return 2 <= len(entry.tensor.shape) <= 5 and 0 not in entry.tensor.shape
