"""MATLAB files of version 4: headers of five integers, names, columns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO

import numpy as np
from scipy import sparse

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import N_TENSORS, check_shape
from sparsegraph.io.readers.formats import Head
from sparsegraph.io.readers.matlab_variable import Variable
from sparsegraph.io.readers.sparse_parts import from_coordinates

_NUMBERS = ("f8", "f4", "i4", "i2", "u2", "u1")
_FULL, _TEXT, _SPARSE = range(3)
_NAME = re.compile(rb"[A-Za-z]\w{0,63}\0?")


def looks_like_4(head: Head) -> bool:
    """Whether the file begins with a header of version 4: there is no magic number, so all its parts are checked."""
    try:
        order, _, _, _, _, n_name = _header(head.start[:20])
    except LoadError:
        return False
    return bool(order) and _NAME.fullmatch(head.start[20 : 20 + n_name]) is not None


def variables_4(path: Path) -> tuple[tuple[Variable, ...], tuple[str, ...]]:
    """Numeric variables of a file, and notes on the others."""
    size = path.stat().st_size
    variables: list[Variable] = []
    notes: list[str] = []
    with path.open("rb") as file:
        while file.tell() < size and len(variables) < N_TENSORS:
            variable, stop = _variable(path, file, size)
            if isinstance(variable, str):
                notes.append(variable)
            else:
                variables.append(variable)
            file.seek(stop)
    return tuple(variables), tuple(notes)


def _header(data: bytes) -> tuple[str, int, int, tuple[int, int], int, int]:
    """Byte order, number type, kind, shape, imaginary flag and length of the name."""
    if len(data) < 20:
        raise LoadError("a truncated MATLAB 4 file; copy or save it again")
    for order in "<>":
        code, rows, columns, imaginary, n_name = (int(n) for n in np.frombuffer(data, f"{order}i4"))
        machine, rest = divmod(code, 1000)
        zero, rest = divmod(rest, 100)
        number, kind = divmod(rest, 10)
        fits = machine == "<>".index(order) and zero == 0 and 0 <= number < len(_NUMBERS) and kind in (0, 1, 2)
        if code >= 0 and fits and imaginary in (0, 1) and 1 < n_name <= 65 and rows >= 0 and columns >= 0:
            return order, number, kind, (rows, columns), imaginary, n_name
    raise LoadError("a MATLAB 4 file with a damaged header; copy or save it again")


def _variable(path: Path, file: IO[bytes], size: int) -> tuple[Variable | str, int]:
    """The variable at the file's position, or a note on it, and where the next one begins."""
    order, number, kind, shape, imaginary, n_name = _header(file.read(20))
    name = file.read(n_name).rstrip(b"\0").decode("latin-1")
    start = file.tell()
    dtype = np.dtype(f"{order}{_NUMBERS[number]}")
    n_bytes = check_shape(name, shape, dtype.itemsize)
    stop = start + n_bytes * (1 + imaginary)
    if stop > size:
        raise LoadError(f"{name!r} reaches beyond the end of the file; it is truncated: copy it again")
    if kind == _TEXT or imaginary:
        return f"{name}: {'text' if kind == _TEXT else 'complex numbers'}, not read", stop

    def full() -> np.ndarray:
        with path.open("rb") as again:
            again.seek(start)
            data = np.frombuffer(again.read(n_bytes), dtype).reshape(shape, order="F")
        return np.array(data, dtype.newbyteorder("="), order="C")

    if kind == _FULL:
        return Variable(name, shape, dtype.name, n_bytes, full), stop
    if shape[1] != 3 or shape[0] < 1:
        raise LoadError(f"{name!r} is a sparse matrix of {shape[1]} columns; rows, columns and values are expected")
    with path.open("rb") as again:
        again.seek(start + (shape[0] - 1) * dtype.itemsize)
        corner = [np.frombuffer(again.read(shape[0] * dtype.itemsize)[: dtype.itemsize], dtype)[0] for _ in range(2)]
    matrix_shape = _whole(name, corner)
    return Variable(name, matrix_shape, dtype.name, n_bytes, lambda: _triplets(name, matrix_shape, full())), stop


def _whole(name: str, numbers: list[np.floating]) -> tuple[int, int]:
    if not all(np.isfinite(n) and 0 <= n < 2**31 and n == int(n) for n in numbers):
        raise LoadError(f"{name!r} is a sparse matrix without a valid shape; the file is damaged: save it again")
    rows, columns = (int(n) for n in numbers)
    return rows, columns


def _triplets(name: str, shape: tuple[int, int], table: np.ndarray) -> sparse.csr_array:
    """Matrix from rows, columns (from 1) and values; the last line holds the shape."""
    places = table[:-1, :2]
    if not (np.isfinite(places).all() and (places == np.floor(places)).all() and (np.abs(places) < 2**31).all()):
        raise LoadError(f"{name!r} has row or column numbers that are no integers; the file is damaged")
    return from_coordinates(shape, places.T.astype(np.int64) - 1, table[:-1, 2].copy())
