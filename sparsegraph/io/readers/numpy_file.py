"""Files of NumPy: one array (.npy); a dictionary of arrays, a scipy sparse matrix or a graph of our own (.npz)."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from scipy import sparse

from sparsegraph.errors import LoadError, UnsafeFileError
from sparsegraph.io.limits import HEADER_BYTES, check_expansion, check_shape
from sparsegraph.io.readers.formats import Format, Found, formats
from sparsegraph.io.readers.sparse_parts import from_compressed, from_coordinates
from sparsegraph.io.readers.zip_archive import ZipArchive
from sparsegraph.io.tensor import StoredTensor

MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000
_CHUNK = 1 << 24
_OF_GRAPH = ("layer_names", "layer_sizes", "block_names", "block_sources", "block_targets")

GRAPH_ARRAYS = "sparsegraph arrays"
"""Format of a graph that :func:`sparsegraph.export` wrote as arrays."""

Open = Callable[[], IO[bytes]]
"""Opens an array's bytes, header first."""


def _read_npy(path: Path) -> Found:
    with path.open("rb") as file:
        tensor = _array(path.stem, file, path.stat().st_size, lambda: path.open("rb"))
    if isinstance(tensor, str):
        raise UnsafeFileError(f"an array of {tensor}; expected numbers: save it with a numeric dtype")
    return Found("npy", (tensor,))


def read_npz(path: Path) -> Found:
    """Arrays of numbers in an archive; what else is in it is noted.  A graph that we exported is complete without."""
    archive = ZipArchive(path)
    tensors, notes = [], []
    for member in archive.members:
        name = member.removesuffix(".npy")
        if name == member:
            notes.append(f"{member}: no array")
            continue
        with archive.stream(member) as file:
            result = _array(name, file, archive.length(member), partial(archive.stream, member))
        if isinstance(result, str):
            notes.append(f"{name}: an array of {result}, not of numbers")
        else:
            tensors.append(result)
    if all(f"{name}.npy" in archive.members for name in _OF_GRAPH):
        return Found(GRAPH_ARRAYS, tuple(tensors))
    matrix = _scipy_matrix(tensors, archive)
    if matrix is not None:
        return Found("scipy sparse npz", (matrix,))
    return Found("npz", tuple(tensors), tuple(notes))


def read_texts(path: Path, name: str) -> tuple[str, ...]:
    """The strings of a member with one axis.

    Raises
    ------
    LoadError
        If it holds anything else, or more than ``HEADER_BYTES``.
    """
    archive = ZipArchive(path)
    size = archive.length(f"{name}.npy")
    with archive.stream(f"{name}.npy") as file:
        shape, _, dtype = _header(file)
        if len(shape) != 1 or dtype.kind != "U" or size > HEADER_BYTES:
            raise LoadError(f"{name!r} is no list of names; the file is damaged: export it again")
        data = file.read(size)
        if len(data) != shape[0] * dtype.itemsize:
            raise LoadError(
                f"{name!r} holds {len(data)} bytes for {shape[0]} names; the file is damaged: export it again"
            )
    return tuple(str(text) for text in np.frombuffer(data, dtype)) if dtype.itemsize else ("",) * shape[0]


def _array(name: str, file: IO[bytes], size: int, reopen: Open) -> StoredTensor | str:
    """An array by its header, or what its elements are if not numbers; ``size`` is that of header and data."""
    shape, is_fortran, dtype = _header(file)
    if dtype.hasobject:
        return "Python objects, which only running pickled code can read"
    if dtype.kind not in "biufc" or dtype.subdtype is not None:
        return f"type {dtype}"
    n_bytes = check_shape(name, shape, dtype.itemsize)
    if n_bytes > size - file.tell():
        raise LoadError(f"{name!r} declares {n_bytes} bytes but the file holds {size - file.tell()}; it is damaged")

    def read() -> np.ndarray:
        with reopen() as again:
            _header(again)
            flat = np.empty(math.prod(shape), dtype)
            _fill(name, again, flat.view(np.uint8))
        return np.array(flat.reshape(shape, order="F" if is_fortran else "C"), dtype.newbyteorder("="), order="C")

    return StoredTensor(name, shape, dtype.name, "unknown", read, n_bytes)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(file)
    read: Any = {(1, 0): np.lib.format.read_array_header_1_0}.get(version, np.lib.format.read_array_header_2_0)
    if version not in ((1, 0), (2, 0)):
        raise LoadError(f"an array of .npy version {version}; 1.0 and 2.0 are read: save it again with numpy.save")
    return read(file, max_header_size=_LONGEST_HEADER)


def _fill(name: str, file: IO[bytes], target: np.ndarray) -> None:
    """Read exactly as many bytes as the target has, and the end of the stream, where a zip archive checks its CRC."""
    view = memoryview(target)  # type: ignore[arg-type]
    position = 0
    while position < len(view):
        n = file.readinto(view[position : position + _CHUNK])  # type: ignore[attr-defined]
        if not n:
            raise LoadError(
                f"{name!r} ends after {position} of {len(view)} bytes; the file is truncated: copy it again"
            )
        position += n
    file.read(1)


def _scipy_matrix(tensors: list[StoredTensor], archive: ZipArchive) -> StoredTensor | None:
    """The matrix of ``scipy.sparse.save_npz``, if these are its arrays."""
    parts = {tensor.name: tensor for tensor in tensors}
    if "format.npy" not in archive.members or not {"shape", "data"} <= parts.keys():
        return None
    layout = _layout(archive)
    shape = tuple(int(n) for n in _small(parts["shape"]))
    values = parts["data"]
    check_shape("matrix", shape, 1)
    needed = {"csr": ("indices", "indptr"), "csc": ("indices", "indptr"), "coo": ("row", "col")}.get(layout)
    if needed is None or not set(needed) <= parts.keys() or len(shape) != 2:
        raise LoadError(f"a scipy sparse matrix of layout {layout!r} and shape {shape}; save a csr, csc or coo matrix")
    first, second = (parts[name] for name in needed)

    def read() -> sparse.csr_array:
        a, b, data = first.read(), second.read(), values.read()
        if layout == "coo":
            return from_coordinates(shape, np.stack([a, b]), data)
        return from_compressed(shape, b, a, data, by_row=layout == "csr")

    n_bytes = first.n_bytes + second.n_bytes + values.n_bytes
    return StoredTensor(archive.path.stem, shape, values.dtype, "unknown", read, n_bytes)


def _layout(archive: ZipArchive) -> str:
    """The text in ``format.npy``: an array of bytes or characters without axes."""
    with archive.stream("format.npy") as file:
        shape, _, dtype = _header(file)
        if shape != () or dtype.kind not in "SU" or dtype.itemsize > 64:
            raise LoadError("a scipy sparse matrix without the name of its layout; save it again with save_npz")
        value = np.frombuffer(file.read(dtype.itemsize), dtype)[0]
    return value.decode("ascii") if isinstance(value, bytes) else str(value)


def _small(tensor: StoredTensor) -> np.ndarray:
    check_expansion(tensor.name, tensor.n_bytes, 0)
    if tensor.n_bytes > 1024:
        raise LoadError("a scipy sparse matrix whose shape has too many numbers; save it again with save_npz")
    return np.asarray(tensor.read()).ravel()


formats.add("npy", Format(lambda head: head.start.startswith(MAGIC), _read_npy))
formats.add("npz", Format(lambda head: any(name.endswith(".npy") for name in head.members), read_npz, rank=1))
