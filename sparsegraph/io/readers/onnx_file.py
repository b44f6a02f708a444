"""ONNX models: initialisers and constants, with the order of axes that the operators using them imply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.door import regular_size
from sparsegraph.io.limits import PICKLE_BYTES, check_shape
from sparsegraph.io.readers.beside import beside
from sparsegraph.io.readers.formats import Format, Found, Head, formats
from sparsegraph.io.readers.number_types import TYPES, NumberType
from sparsegraph.io.readers.onnx_layout import layouts
from sparsegraph.io.tensor import StoredTensor

_TYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    16: "bfloat16",
    17: "float8_e4m3fn",
    18: "float8_e4m3fnuz",
    19: "float8_e5m2",
    20: "float8_e5m2fnuz",
}
"""Number types by ``TensorProto.DataType``."""


def _read(path: Path) -> Found:
    size = path.stat().st_size
    if size > PICKLE_BYTES:
        raise LoadError(f"an ONNX file of {size} bytes; at most {PICKLE_BYTES} are read: keep its data in other files")
    graph = _model(path).graph
    constants = [
        (node.output[0], attribute.t)
        for node in graph.node
        if node.op_type == "Constant" and node.output
        for attribute in node.attribute
        if attribute.name == "value" and len(attribute.t.dims) > 1
    ]
    order = layouts(graph.node)
    tensors: list[StoredTensor] = []
    notes: list[str] = []
    files = [path]
    for key, proto in [*((t.name, t) for t in graph.initializer), *constants]:
        name = _text(key)
        kind = TYPES.get(_TYPES.get(proto.data_type, ""))
        if kind is None:
            notes.append(f"{name}: numbers of type {proto.data_type}, which is not read")
            continue
        tensor, outside = _tensor(path, name, proto, kind)
        tensors.append(replace(tensor, layout=order.get(key, "unknown")))
        files.extend(outside)
    notes.extend(f"{_text(t.values.name)}: a sparse initialiser, not read" for t in graph.sparse_initializer)
    return Found("ONNX", tuple(tensors), tuple(notes), tuple(dict.fromkeys(files)))


def _text(name: Any) -> str:
    """A name as text: protobuf hands over as bytes what is no valid UTF-8."""
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)


def _model(path: Path) -> Any:
    try:
        import onnx
    except ImportError:
        raise LoadError("an ONNX file, which onnx reads; install it with: pip install 'sparsegraph[onnx]'") from None
    return onnx.load_model_from_string(path.read_bytes())


def _tensor(path: Path, name: str, proto: Any, kind: NumberType) -> tuple[StoredTensor, list[Path]]:
    """One tensor, and the file beside the model that holds its values, if one does."""
    shape = tuple(int(n) for n in proto.dims)
    n_bytes = check_shape(name, shape, kind.itemsize)
    n_elements = n_bytes // kind.itemsize
    if proto.data_location == 1:
        place = {entry.key: entry.value for entry in proto.external_data}
        file = beside(path, place.get("location", ""))
        start = int(place.get("offset", 0))
        if start < 0 or start + n_bytes > regular_size(file):
            raise LoadError(f"{name!r} reaches beyond the end of {file.name}; download or copy that file again")

        def read() -> np.ndarray:
            with file.open("rb") as stream:
                stream.seek(start)
                return kind.values(np.array(np.frombuffer(stream.read(n_bytes), kind.stored).reshape(shape)))

        return StoredTensor(name, shape, kind.name, "unknown", read, n_elements * kind.width), [file]
    flat = _inside(name, proto, kind, n_elements)
    if flat.size != n_elements:
        raise LoadError(f"{name!r} has {flat.size} values but its shape needs {n_elements}; the file is damaged")
    values = lambda: kind.values(np.array(flat.reshape(shape)))  # noqa: E731
    return StoredTensor(name, shape, kind.name, "unknown", values, n_elements * kind.width), []


def _inside(name: str, proto: Any, kind: NumberType, n_elements: int) -> np.ndarray:
    """The values that the message itself holds: as raw bytes, or in the field of their type."""
    if proto.HasField("raw_data"):
        if len(proto.raw_data) != n_elements * kind.itemsize:
            raise LoadError(f"{name!r} has {len(proto.raw_data)} bytes, not those of its shape; the file is damaged")
        return np.frombuffer(proto.raw_data, kind.stored)
    if kind.name == "float32":
        return np.array(proto.float_data, kind.stored)
    if kind.name == "float64":
        return np.array(proto.double_data, kind.stored)
    if kind.name == "int64":
        return np.array(proto.int64_data, kind.stored)
    if kind.name in ("uint32", "uint64"):
        return np.array(proto.uint64_data, np.uint64).astype(kind.stored)
    codes = np.array(proto.int32_data, np.int32)
    if kind.name in ("float16", "bfloat16") or kind.name.startswith("float8"):
        return codes.astype(f"<u{kind.itemsize}").view(kind.stored)  # bit patterns, one to an integer
    return codes.astype(kind.stored)


def _is_onnx(head: Head) -> bool:
    """A protobuf message whose first field is an IR version (field 1, at most 127) and whose second is a known one."""
    known = (0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42)
    return len(head.start) > 3 and head.start[0] == 0x08 and 1 <= head.start[1] <= 127 and head.start[2] in known


formats.add("ONNX", Format(_is_onnx, _read, rank=1))
