"""NumPy arrays as a pickle describes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import DIMENSIONS, check_shape
from sparsegraph.io.pickles.nodes import Call

_NUMBER = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|c8|c16|\?)")


@dataclass(frozen=True)
class PickledArray:
    """A NumPy array inside a pickle: its type, shape and order, and the node that holds its bytes."""

    dtype: np.dtype
    shape: tuple[int, ...]
    is_fortran: bool
    data: Any

    def read(self) -> np.ndarray:
        """The array.

        Raises
        ------
        LoadError
            If the bytes are not as many as the shape needs.
        """
        data = _raw(self.data)
        if len(data) != check_shape("array", self.shape, self.dtype.itemsize):
            raise LoadError(
                f"{len(data)} bytes for an array of shape {self.shape} and type {self.dtype}; the pickle is "
                "damaged: save it again"
            )
        flat = np.frombuffer(data, self.dtype)
        array = flat.reshape(self.shape, order="F" if self.is_fortran else "C")
        return np.array(array, dtype=self.dtype.newbyteorder("="), order="C")


def array_of(node: Call) -> PickledArray | str | None:
    """The array that a call describes, the reason why it cannot be read, or None if it describes none."""
    name = node.target.name
    if name == "_reconstruct" and isinstance(node.state, tuple) and len(node.state) in (4, 5):
        shape, dtype, is_fortran, data = node.state[-4:]
    elif name == "_frombuffer" and len(node.args) == 4:
        data, dtype, shape, order = node.args
        is_fortran = order == "F"
    elif name == "scalar" and len(node.args) == 2:
        dtype, data = node.args
        shape, is_fortran = (), False
    else:
        return None
    kind = _dtype(dtype)
    if kind is None:
        return "an array of objects, texts or records, not of numbers"
    if not isinstance(shape, tuple) or len(shape) > DIMENSIONS or not all(type(n) is int for n in shape):
        return "an array without a valid shape"
    return PickledArray(kind, shape, bool(is_fortran), data)


def _dtype(node: Any) -> np.dtype | None:
    if not isinstance(node, Call) or node.target.path != "numpy.dtype" or not node.args:
        return None
    code = node.args[0]
    if not isinstance(code, str) or not _NUMBER.fullmatch(code):
        return None
    order = node.state[1] if isinstance(node.state, tuple) and len(node.state) > 1 else "="
    return np.dtype(code).newbyteorder(">" if order == ">" else "<" if order == "<" else "=")


def _raw(node: Any) -> bytes:
    """Bytes as each protocol writes them: as such, as Latin-1 text, or as a call that would encode such text."""
    if isinstance(node, Call) and node.target.path == "_codecs.encode" and node.args:
        node = node.args[0]
    if isinstance(node, str):
        return node.encode("latin-1")
    if isinstance(node, bytes):
        return node
    raise LoadError("an array whose values are not in the pickle; save it again with numpy.save")
