"""Torch's tensors as a pickle describes them: strided views of storages, and sparse tensors made of those."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import DIMENSIONS, check_expansion, check_shape
from sparsegraph.io.pickles.arrays import array_of
from sparsegraph.io.pickles.nodes import Call, Global, Pairs
from sparsegraph.io.readers.number_types import TYPES, NumberType
from sparsegraph.io.readers.sparse_parts import from_compressed, from_coordinates
from sparsegraph.io.readers.torch_storage import Storage
from sparsegraph.io.tensor import StoredTensor

StorageOf = Callable[[Any], Storage]
"""Finds the storage that a node of the pickle refers to."""

_DENSE = {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"}
_SPARSE = {"_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor"}
_LEFT_OUT = {
    "_rebuild_qtensor": "a quantised tensor, which is not read",
    "_rebuild_nested_tensor": "a nested tensor, which is not read",
    "_rebuild_meta_tensor_no_storage": "a tensor on the meta device, which has no values",
    "_rebuild_wrapper_subclass": "a tensor subclass, which is not read",
    "_rebuild_from_type_v2": "a tensor subclass, which is not read",
}


def tensor_from(name: str, node: Call, storage_of: StorageOf) -> StoredTensor | str | None:
    """The tensor or array that a call describes, the reason why it is not read, or None if it describes neither.

    Raises
    ------
    LoadError
        If it describes one that its storage cannot hold.
    """
    node = _unwrap(node)
    function = node.target.name if node.target.module.partition(".")[0] in ("torch", "numpy") else ""
    if function in _DENSE:
        dense = _dense(name, node, storage_of)
        return dense if isinstance(dense, str) else dense.stored()
    if function in _SPARSE:
        return _sparse(name, node, storage_of)
    if function in _LEFT_OUT:
        return _LEFT_OUT[function]
    array = array_of(node)
    if array is None or isinstance(array, str):
        return array
    n_bytes = check_shape(name, array.shape, array.dtype.itemsize)
    return StoredTensor(name, array.shape, array.dtype.name, "unknown", array.read, n_bytes)


def _unwrap(node: Call) -> Call:
    """The tensor inside a Parameter or a subclass that adds attributes only."""
    for _ in range(64):
        name, args = node.target.name, node.args
        if name in ("_rebuild_parameter", "_rebuild_parameter_with_state", "_rebuild_device_tensor_from_numpy"):
            inner = args[0] if args else None
        elif name == "_rebuild_from_type_v2" and len(args) == 4 and _is_plain_class(args[1]):
            function, inner_args = args[0], args[2]
            inner = Call(function, inner_args, is_object=False) if isinstance(function, Global) else None
        else:
            return node
        if not isinstance(inner, Call) or not isinstance(inner.args, tuple):
            raise LoadError("a parameter without a tensor; the file is damaged: save it again")
        node = inner
    raise LoadError("a parameter wrapped more than 64 times; the file is damaged: save it again")


def _is_plain_class(kind: Any) -> bool:
    return isinstance(kind, Global) and kind.path in ("torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.Buffer")


@dataclass(frozen=True)
class _Strided:
    """A view of a storage: element (i, j, ...) lies at offset + i stride_0 + j stride_1 + ..., in elements."""

    name: str
    kind: NumberType
    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def n_elements(self) -> int:
        return int(np.prod(self.shape, dtype=object)) if self.shape else 1

    @property
    def stop(self) -> int:
        """One past the last element that the view touches."""
        if self.n_elements == 0:
            return self.offset
        return self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True)) + 1

    def read(self) -> np.ndarray:
        size = self.kind.itemsize
        if self.n_elements == 0:
            return self.kind.values(np.zeros(self.shape, self.kind.stored))
        data = self.storage.read_range(self.offset * size, self.stop * size)
        flat = np.frombuffer(data, self.kind.stored.newbyteorder(self.storage.byteorder))
        view = np.lib.stride_tricks.as_strided(flat, self.shape, tuple(s * size for s in self.strides), writeable=False)
        return self.kind.values(np.array(view, order="C"))

    def stored(self) -> StoredTensor:
        n_bytes = self.n_elements * self.kind.width
        return StoredTensor(self.name, self.shape, self.kind.name, "torch", self.read, n_bytes)


def _dense(name: str, node: Call, storage_of: StorageOf) -> _Strided | str:
    args = node.args
    if len(args) < 4:
        raise LoadError(f"{name!r} is a tensor without storage, offset, size and stride; save the file again")
    storage = storage_of(args[0])
    kind = storage.kind
    metadata = args[6] if len(args) > 6 else None
    if node.target.name == "_rebuild_tensor_v3":
        kind = TYPES.get(args[6].name) if isinstance(metadata, Global) else None
        metadata = args[7] if len(args) > 7 else None
    if kind is None:
        return "numbers of a type that is not read"
    if isinstance(metadata, Pairs) and (metadata.get("conj") or metadata.get("neg")):
        return "a conjugated or negated view, which is not read"
    offset, shape, strides = args[1], _integers(args[2]), _integers(args[3])
    check_shape(name, shape, kind.itemsize)
    whole = type(offset) is int and len(shape) == len(strides) and all(0 <= s < 2**48 for s in (offset, *strides))
    view = _Strided(name, kind, storage, offset, shape, strides)
    if not whole or (view.n_elements and view.stop * kind.itemsize > storage.n_bytes):
        raise LoadError(f"{name!r} reaches beyond its storage of {storage.n_bytes} bytes; the file is damaged")
    check_expansion(name, view.n_elements * kind.width, storage.n_bytes)
    return view


def _integers(node: Any) -> tuple[int, ...]:
    """A tuple of integers, or such a tuple inside ``torch.Size``."""
    if isinstance(node, Call) and node.target.path == "torch.Size" and node.args:
        node = node.args[0]
    if not isinstance(node, tuple) or len(node) > DIMENSIONS or not all(type(n) is int for n in node):
        raise LoadError("a tensor without a valid shape; the file is damaged: save it again")
    return node


def _sparse(name: str, node: Call, storage_of: StorageOf) -> StoredTensor | str:
    layout = _layout(node.args[0]) if len(node.args) == 2 else ""
    parts = node.args[1] if len(node.args) == 2 else None
    n_index_tensors = {"torch.sparse_coo": 1, "torch.sparse_csr": 2, "torch.sparse_csc": 2}.get(layout)
    if n_index_tensors is None:
        return f"a sparse tensor of layout {layout or 'unknown'}, which is not read"
    if not isinstance(parts, tuple) or len(parts) < n_index_tensors + 2:
        raise LoadError(f"{name!r} is a sparse tensor without indices, values and size; save the file again")
    shape = _integers(parts[n_index_tensors + 1])
    dense = [_component(name, part, storage_of) for part in parts[: n_index_tensors + 1]]
    if any(isinstance(part, str) for part in dense):
        return "a sparse tensor of numbers that are not read"
    indices, values = [p for p in dense[:-1] if isinstance(p, _Strided)], dense[-1]
    if len(shape) != 2 or not isinstance(values, _Strided) or len(values.shape) != 1:
        return f"a sparse tensor of shape {shape}; only matrices of numbers are read"
    read = _sparse_reader(layout, shape, indices, values)
    n_bytes = sum(part.n_elements * part.kind.width for part in (*indices, values))
    return StoredTensor(name, shape, values.kind.name, "torch", read, n_bytes)


def _sparse_reader(
    layout: str, shape: tuple[int, ...], indices: list[_Strided], values: _Strided
) -> Callable[[], sparse.csr_array]:
    if layout == "torch.sparse_coo":
        return lambda: from_coordinates(shape, indices[0].read(), values.read())
    rows = layout == "torch.sparse_csr"
    return lambda: from_compressed(shape, indices[0].read(), indices[1].read(), values.read(), by_row=rows)


def _layout(node: Any) -> str:
    if isinstance(node, Call) and node.target.name == "_get_layout" and node.args and isinstance(node.args[0], str):
        return node.args[0]
    return node.path if isinstance(node, Global) else ""


def _component(name: str, node: Any, storage_of: StorageOf) -> _Strided | str:
    if isinstance(node, Call):
        node = _unwrap(node)
    if not isinstance(node, Call) or node.target.name not in _DENSE:
        raise LoadError(f"{name!r} is a sparse tensor without dense parts; the file is damaged: save it again")
    return _dense(name, node, storage_of)
