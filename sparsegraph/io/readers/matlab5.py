"""MATLAB files of version 5 to 7: tagged elements, each perhaps compressed by itself.

References
----------
MathWorks, MAT-File Format (the "MAT-File Level 5" chapter).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import N_TENSORS, check_expansion, check_shape
from sparsegraph.io.readers.matlab_variable import Variable
from sparsegraph.io.readers.sparse_parts import from_compressed

_STORED = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_OPAQUE = 17
_OTHERS = {1: "a cell array", 2: "a struct", 3: "an object", 4: "text", 16: "a function", _OPAQUE: "an object"}
_SPARSE, _MATRIX, _COMPRESSED = 5, 14, 15
_COMPLEX, _LOGICAL = 0x800, 0x200
_PREFIX = 1 << 16
"""Bytes of an element that are unpacked to see its flags, shape and name."""


@dataclass(frozen=True)
class _Header:
    """Flags, shape and name of a matrix, and where its values begin."""

    kind: int
    flags: int
    shape: tuple[int, ...]
    name: str
    stop: int


def variables_5(path: Path) -> tuple[tuple[Variable, ...], tuple[str, ...]]:
    """Numeric variables of a file, and notes on the others."""
    with path.open("rb") as file:
        order = ">" if file.read(128)[126:128] == b"MI" else "<"
    variables, notes = [], []
    for unpack, size in _elements(path, order):
        header = _header(unpack(_PREFIX), order)
        if not header.name:  # where MATLAB keeps what the objects of the file are made of
            continue
        if header.kind not in _CLASSES and header.kind != _SPARSE:
            notes.append(f"{header.name}: {_OTHERS.get(header.kind, 'of unknown class')}, not read")
        elif header.flags & _COMPLEX:
            notes.append(f"{header.name}: complex numbers, not read")
        else:
            variables.append(_variable(header, unpack, size, order))
    return tuple(variables), tuple(notes)


_Unpack = Callable[[int], bytes]
"""The first n bytes of a matrix element, behind its tag."""


def _elements(path: Path, order: str) -> Iterator[tuple[_Unpack, int]]:
    """Every matrix of the file, with its unpacked size."""
    size = path.stat().st_size
    position = 128
    with path.open("rb") as file:
        for _ in range(N_TENSORS):
            file.seek(position)
            tag = file.read(8)
            if not tag:
                return
            kind, length = _numbers(tag, f"{order}u4", 2)
            start, position = position + 8, position + 8 + length
            if position > size:
                raise LoadError("a MATLAB file that ends inside a variable; it is truncated: copy it again")
            if kind == _COMPRESSED:
                yield _compressed(path, start, length, order)
            elif kind == _MATRIX:
                yield _plain(path, start, length), length


def _plain(path: Path, start: int, length: int) -> _Unpack:
    def unpack(n: int) -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(min(n, length))

    return unpack


def _compressed(path: Path, start: int, length: int, order: str) -> tuple[_Unpack, int]:
    packed = _plain(path, start, length)

    def unpack(n: int) -> bytes:
        try:
            return zlib.decompressobj().decompress(packed(length), n + 8)[8:]
        except zlib.error as error:
            raise LoadError(f"a MATLAB variable that does not unpack ({error}); copy or save the file again") from None

    try:
        tag = zlib.decompressobj().decompress(packed(_PREFIX), 8)
    except zlib.error as error:
        raise LoadError(f"a MATLAB variable that does not unpack ({error}); copy or save the file again") from None
    kind, size = _numbers(tag, f"{order}u4", 2)
    if kind != _MATRIX:
        raise LoadError("a compressed MATLAB element that is no matrix; the file is damaged: save it again")
    check_expansion("a MATLAB variable", size, length)
    return unpack, size


def _part(data: bytes, position: int, order: str) -> tuple[int, bytes, int]:
    """Type and bytes of the element at a position, and where the next one begins (on a multiple of eight)."""
    kind, length = _numbers(data[position : position + 8], f"{order}u4", 2)
    if kind >> 16:  # a short element keeps its bytes in the tag
        kind, length = kind & 0xFFFF, kind >> 16
        start, stop = position + 4, position + 8
    else:
        start = position + 8
        stop = start + (length + 7) // 8 * 8
    if length > stop - start or start + length > len(data):
        raise LoadError("a MATLAB variable that ends too early; the file is damaged: copy or save it again")
    return kind, data[start : start + length], stop


def _header(data: bytes, order: str) -> _Header:
    _, flags, position = _part(data, 0, order)
    word, _ = _numbers(flags, f"{order}u4", 2)
    if word & 0xFF == _OPAQUE:  # strings, tables and other objects have no shape
        _, name, position = _part(data, position, order)
        return _Header(_OPAQUE, word & 0xFF00, (), name.decode("latin-1"), position)
    _, shape, position = _part(data, position, order)
    _, name, position = _part(data, position, order)
    lengths = tuple(_numbers(shape, f"{order}i4", len(shape) // 4))
    check_shape("a MATLAB variable", lengths, 1)
    return _Header(word & 0xFF, word & 0xFF00, lengths, name.decode("latin-1"), position)


def _numbers(data: bytes, dtype: str, n: int) -> list[int]:
    if len(data) < n * np.dtype(dtype).itemsize or n == 0:
        raise LoadError("a truncated MATLAB file; copy or save it again")
    return np.frombuffer(data, dtype, n).tolist()


def _variable(header: _Header, unpack: _Unpack, size: int, order: str) -> Variable:
    dtype = np.dtype("?" if header.flags & _LOGICAL else _CLASSES.get(header.kind, "f8"))
    if header.kind == _SPARSE:
        if len(header.shape) != 2:
            raise LoadError(f"{header.name!r} is a sparse matrix of shape {header.shape}; two axes are expected")
        return Variable(
            header.name, header.shape, dtype.name, size, lambda: _sparse(header, unpack(size), order, dtype)
        )
    n_bytes = check_shape(header.name, header.shape, dtype.itemsize)
    check_expansion(header.name, n_bytes, size)
    return Variable(header.name, header.shape, dtype.name, n_bytes, lambda: _dense(header, unpack(size), order, dtype))


def _values(data: bytes, position: int, order: str) -> tuple[np.ndarray, int]:
    kind, part, stop = _part(data, position, order)
    if kind not in _STORED:
        raise LoadError(f"a MATLAB variable with values of type {kind}; the file is damaged: save it again")
    dtype = np.dtype(f"{order}{_STORED[kind]}")
    if len(part) % dtype.itemsize:
        raise LoadError("a MATLAB variable with part of a number; the file is damaged: save it again")
    return np.frombuffer(part, dtype), stop


def _dense(header: _Header, data: bytes, order: str, dtype: np.dtype) -> np.ndarray:
    values, _ = _values(data, header.stop, order)
    if values.size != check_shape(header.name, header.shape, 1):
        raise LoadError(f"{values.size} values for a matrix of shape {header.shape}; the file is damaged")
    return np.array(values.reshape(header.shape, order="F"), dtype, order="C")


def _sparse(header: _Header, data: bytes, order: str, dtype: np.dtype) -> sparse.csr_array:
    rows, position = _values(data, header.stop, order)
    pointers, position = _values(data, position, order)
    values, _ = _values(data, position, order)
    # MATLAB may allocate more room for entries than there are
    n_stored = int(pointers[-1]) if pointers.size else 0
    if not 0 <= n_stored <= min(rows.size, values.size):
        raise LoadError(f"{header.name!r} has pointers to {n_stored} of {values.size} values; the file is damaged")
    stored = values[:n_stored].astype(dtype)
    return from_compressed(header.shape, pointers, rows[:n_stored], stored, by_row=False)
