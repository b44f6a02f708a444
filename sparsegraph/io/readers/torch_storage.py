"""The flat byte ranges behind torch's tensors, and how a pickle refers to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sparsegraph.errors import LoadError
from sparsegraph.io.pickles.nodes import Global, Persistent
from sparsegraph.io.readers.number_types import TYPES, NumberType

Byteorder = Literal["<", ">"]
ReadRange = Callable[[int, int], bytes]
"""Bytes from a start to a stop."""

_BY_STORAGE = {
    "Double": "float64",
    "Float": "float32",
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Long": "int64",
    "Int": "int32",
    "Short": "int16",
    "Char": "int8",
    "Byte": "uint8",
    "Bool": "bool",
    "ComplexFloat": "complex64",
    "ComplexDouble": "complex128",
}


@dataclass(frozen=True)
class Storage:
    """One storage.

    Parameters
    ----------
    kind : NumberType or None
        None for an untyped storage and for types that are not read (quantised ones).
    n_bytes : int
    read_range : callable
    byteorder : {"<", ">"}
    """

    kind: NumberType | None
    n_bytes: int
    read_range: ReadRange
    byteorder: Byteorder = "<"


@dataclass(frozen=True)
class StorageReference:
    """What a pickle says of a storage: its type, its key, its length and, in old files, which part of it is meant."""

    kind: NumberType | None
    itemsize: int
    key: str
    n_elements: int
    view: tuple[int, int] | None

    @property
    def n_bytes(self) -> int:
        """Length of the whole storage."""
        return self.n_elements * self.itemsize


def reference_of(node: Any) -> StorageReference:
    """The storage that a persistent id refers to: ``("storage", type, key, location, length[, view])``.

    Raises
    ------
    LoadError
        If it is no such tuple.
    """
    key = node.key if isinstance(node, Persistent) else None
    if not isinstance(key, tuple) or len(key) < 5 or key[0] != "storage" or not isinstance(key[1], Global):
        raise LoadError("a tensor without a storage that is in the file; save it again with torch.save")
    _, kind, name, _, n_elements, *rest = key
    if not isinstance(name, str) or type(n_elements) is not int or not 0 <= n_elements < 2**48:
        raise LoadError("a storage without a valid key and length; the file is damaged: save it again")
    view = rest[0] if rest and isinstance(rest[0], tuple) else None
    if view is not None and (len(view) != 3 or any(type(n) is not int or not 0 <= n < 2**48 for n in view[1:])):
        raise LoadError("a storage without a valid view; the file is damaged: save it again")
    number = TYPES.get(_BY_STORAGE.get(kind.name.removesuffix("Storage"), ""))
    return StorageReference(number, _itemsize(kind, number), name, n_elements, view and (view[1], view[2]))


def _itemsize(kind: Global, number: NumberType | None) -> int:
    if number is not None:
        return number.itemsize
    return 4 if kind.name == "QInt32Storage" else 1
