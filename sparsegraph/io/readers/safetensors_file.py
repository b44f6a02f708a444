"""Files of safetensors: a length, a JSON header and the bytes of the tensors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import HEADER_BYTES, check_shape
from sparsegraph.io.readers.formats import Format, Found, Head, formats
from sparsegraph.io.readers.number_types import TYPES, NumberType
from sparsegraph.io.tensor import StoredTensor

_BY_CODE = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U8": "uint8",
    "U16": "uint16",
    "U32": "uint32",
    "U64": "uint64",
    "BOOL": "bool",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "F8_E4M3FNUZ": "float8_e4m3fnuz",
    "F8_E5M2FNUZ": "float8_e5m2fnuz",
    "C64": "complex64",
}


def _read(path: Path) -> Found:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(size - 8, HEADER_BYTES):
            raise LoadError(f"a safetensors header of {length} bytes in a file of {size}; it is damaged: copy it again")
        header = json.loads(file.read(length))
    if not isinstance(header, dict):
        raise LoadError("a safetensors header that is no dictionary; the file is damaged: save it again")
    header.pop("__metadata__", None)
    tensors, notes = [], []
    for name, entry in sorted(header.items(), key=lambda item: _offsets(*item)):
        kind = TYPES.get(_BY_CODE.get(str(entry.get("dtype")), ""))
        if kind is None:
            notes.append(f"{name}: numbers of type {entry.get('dtype')}, which is not read")
        else:
            tensors.append(_tensor(path, name, kind, entry, (8 + length, size)))
    return Found("safetensors", tuple(tensors), tuple(notes))


def _offsets(name: str, entry: Any) -> tuple[int, int]:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or any(type(offset) is not int for offset in offsets):
        raise LoadError(f"the header gives {name!r} no offsets; the file is damaged: save it again")
    return offsets[0], offsets[1]


def _tensor(path: Path, name: str, kind: NumberType, entry: dict[str, Any], bounds: tuple[int, int]) -> StoredTensor:
    shape = entry.get("shape")
    if not isinstance(shape, list):
        raise LoadError(f"the header gives {name!r} no shape; the file is damaged: save it again")
    n_bytes = check_shape(name, tuple(shape), kind.itemsize)
    start, stop = _offsets(name, entry)
    first, size = bounds
    if not 0 <= start <= stop or first + stop > size:
        raise LoadError(f"{name!r} reaches beyond the end of the file; it is truncated: copy it again")
    if stop - start != n_bytes:
        raise LoadError(f"{name!r} has {stop - start} bytes but its shape needs {n_bytes}; the file is damaged")

    def read() -> np.ndarray:
        with path.open("rb") as file:
            file.seek(first + start)
            data = file.read(n_bytes)
        return kind.values(np.array(np.frombuffer(data, kind.stored).reshape(shape)))

    n_elements = n_bytes // kind.itemsize
    return StoredTensor(name, tuple(shape), kind.name, "torch", read, n_elements * kind.width)


def _is_safetensors(head: Head) -> bool:
    """Eight bytes of length, then JSON; the length itself may be damaged, which the reader then says."""
    return head.start[8:10] in (b'{"', b"{}") or (head.start[8:9] == b"{" and head.start[9:64].lstrip()[:1] == b'"')


formats.add("safetensors", Format(_is_safetensors, _read))
