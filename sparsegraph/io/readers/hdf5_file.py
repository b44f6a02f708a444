"""HDF5 files: Keras weights and any other numeric datasets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import N_TENSORS, check_expansion, check_shape
from sparsegraph.io.readers.formats import Format, Found, formats
from sparsegraph.io.readers.hdf5_trial import try_elsewhere
from sparsegraph.io.tensor import StoredTensor

if TYPE_CHECKING:
    import h5py

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_DEEPEST = 64


def _read(path: Path) -> Found:
    _h5py()
    try_elsewhere(path)
    tensors: list[StoredTensor] = []
    notes: list[str] = []
    with _h5py().File(path, "r") as file:
        is_keras = _is_keras(file)
        for name, dataset in _numeric(file, notes):
            tensors.append(_tensor(path, name, dataset, is_keras=is_keras))
    return Found("Keras HDF5" if is_keras else "HDF5", tuple(tensors), tuple(notes))


def datasets(path: Path) -> Iterator[h5py.Dataset]:
    """Every dataset of numbers that a file holds, within the bounds of this package."""
    with _h5py().File(path, "r") as file:
        _is_keras(file)
        for name, dataset in _numeric(file, []):
            _tensor(path, name, dataset, is_keras=False)
            yield dataset


def _numeric(file: h5py.File, notes: list[str]) -> Iterator[tuple[str, h5py.Dataset]]:
    for name, dataset in _walk(file, notes):
        reason = _unreadable(dataset)
        if reason:
            notes.append(f"{name}: {reason}")
        elif dataset.dtype.kind in "biuf":
            yield name, dataset


def _h5py() -> Any:
    try:
        import h5py
    except ImportError:
        raise LoadError("an HDF5 file, which h5py reads; install it with: pip install 'sparsegraph[hdf5]'") from None
    return h5py


def _walk(file: h5py.File, notes: list[str]) -> Iterator[tuple[str, h5py.Dataset]]:
    """Every dataset under its path; only hard links are followed, and each group is entered once."""
    h5py = _h5py()
    entered: set[int] = set()
    waiting: list[tuple[str, Any, int]] = [("", file, 0)]
    for _ in range(N_TENSORS):
        if not waiting:
            return
        name, node, depth = waiting.pop()
        if isinstance(node, h5py.Dataset):
            yield name, node
        elif isinstance(node, h5py.Group):
            address = h5py.h5o.get_info(node.id).addr
            if address in entered or depth > _DEEPEST:
                continue
            entered.add(address)
            children = []
            for key in _in_order(node):
                path = f"{name}/{key}" if name else key
                if isinstance(node.get(key, getlink=True), h5py.HardLink):
                    children.append((path, node[key], depth + 1))
                else:
                    notes.append(f"{path}: a soft or external link, not followed")
            waiting.extend(reversed(children))
    raise LoadError(f"an HDF5 file of more than {N_TENSORS} objects; expected weights")


def _in_order(group: h5py.Group) -> list[str]:
    """Names in a group: in the order of layers and weights that Keras notes, then alphabetically."""
    present = list(group)
    listed = [
        name.decode() if isinstance(name, bytes) else str(name)
        for attribute in ("layer_names", "weight_names")
        if attribute in group.attrs
        for name in np.ravel(group.attrs[attribute])
    ]
    first = [name.partition("/")[0] for name in listed]
    leaf = [name.rpartition("/")[2] for name in listed]
    ranked = {name: rank for rank, name in reversed(list(enumerate(first + leaf)))}
    return sorted(present, key=lambda name: ranked.get(name, len(ranked) + len(listed)))


def _unreadable(dataset: h5py.Dataset) -> str:
    if dataset.external:
        return "values in another file, not followed"
    if dataset.is_virtual:
        return "a view of other datasets, not followed"
    return "an empty dataset" if dataset.shape is None else ""


def _is_keras(file: h5py.File) -> bool:
    """Whether Keras wrote the file, by the attributes of its groups or, from Keras 3 on, by its groups' names."""
    is_own = isinstance(file.get("model_weights", getlink=True), _h5py().HardLink)
    groups = [file, file["model_weights"]] if is_own else [file]
    marked = any(mark in group.attrs for group in groups for mark in ("layer_names", "keras_version"))
    return marked or ("layers" in file and "vars" in file)


def _tensor(path: Path, name: str, dataset: h5py.Dataset, *, is_keras: bool) -> StoredTensor:
    shape, dtype = tuple(int(n) for n in dataset.shape), dataset.dtype
    n_bytes = check_shape(name, shape, dtype.itemsize)
    chunk_bytes = math.prod(dataset.chunks or ()) * dtype.itemsize  # HDF5 unpacks whole chunks
    check_expansion(name, max(n_bytes, chunk_bytes), int(dataset.id.get_storage_size()))

    def read() -> np.ndarray:
        with _h5py().File(path, "r") as file:
            values = file[name][()]
        return np.asarray(values, dtype.newbyteorder("="), order="C")

    return StoredTensor(name, shape, dtype.name, "channels_last" if is_keras else "unknown", read, n_bytes)


formats.add("HDF5", Format(lambda head: head.start.startswith(SIGNATURE), _read))
