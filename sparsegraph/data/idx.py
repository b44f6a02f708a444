"""The idx format of MNIST: a header of big-endian sizes, then the values."""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from sparsegraph.errors import DataSetError

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
"""Third byte of the magic number -> type of the values."""

MOST_AXES = 8
"""More axes than any data set has; a damaged header may claim 255."""

GZIP_EXPANSION = 1032
"""Most bytes that one byte of a gzip file can unpack to (the bound of the deflate format)."""


def parse_idx(content: np.ndarray | bytes, *, name: str) -> np.ndarray:
    """The array in the bytes of an idx file; a view on them where they are an array of bytes.

    The header is two zero bytes, a type, the number of axes and one big-endian 32-bit length for each.

    Parameters
    ----------
    content : numpy.ndarray or bytes
        The whole unpacked file.
    name : str
        Name of the file, for messages.

    Raises
    ------
    DataSetError
        If the header is not one of idx, or claims more or fewer values than there are.

    Examples
    --------
    >>> parse_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]), name="labels").tolist()
    [7, 8, 9]
    """
    data = np.frombuffer(content, np.uint8)
    kind, shape = _header(data[: 4 + 4 * MOST_AXES].tobytes(), name)
    start = 4 + 4 * len(shape)
    claimed = math.prod(shape) * kind.itemsize
    if data.size - start != claimed:
        raise DataSetError(
            f"{name} claims {claimed} bytes of values of shape {shape} and holds {data.size - start}; "
            "expected as many: get the file again"
        )
    return data[start:].view(kind).reshape(shape)


def read_idx(path: str | os.PathLike[str]) -> np.ndarray:
    """The array in an idx file, packed with gzip or not.

    Raises
    ------
    DataSetError
        If the file is no idx file, is cut short, goes on after its values, or claims sizes that it cannot hold.

    Notes
    -----
    Memory is asked for only after the claimed size was held against the size of the file (times the largest ratio of
    gzip where it is packed), and no more is unpacked than was claimed.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            size = path.stat().st_size
            stream: BinaryIO = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]
            return _read(stream, size * (GZIP_EXPANSION if packed else 1), path.name)
    except (OSError, EOFError, zlib.error) as error:
        raise DataSetError(f"{path} cannot be read ({error}); expected an idx file: get it again") from None


def _read(stream: BinaryIO, most: int, name: str) -> np.ndarray:
    start = stream.read(4)
    start += stream.read(4 * min(start[3] if len(start) == 4 else 0, MOST_AXES))
    kind, shape = _header(start, name)
    claimed = math.prod(shape) * kind.itemsize
    if claimed > most:
        raise DataSetError(f"{name} claims {claimed} bytes of values and can hold at most {most}: get the file again")
    values = stream.read(claimed + 1)
    return parse_idx(start + values, name=name)


def _header(start: bytes, name: str) -> tuple[np.dtype, tuple[int, ...]]:
    """Type and shape that the first bytes of a file declare."""
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in TYPES or not 1 <= start[3] <= MOST_AXES:
        raise DataSetError(
            f"{name} starts with {start[:4].hex(' ') or 'nothing'}; expected an idx file, such as 00 00 08 03 for "
            "images: get the file again"
        )
    n_axes = start[3]
    if len(start) < 4 + 4 * n_axes:
        raise DataSetError(f"{name} ends inside its header: get the file again")
    shape = np.frombuffer(start, ">u4", n_axes, offset=4)
    return np.dtype(TYPES[start[2]]), tuple(int(length) for length in shape)
