"""Files of ``torch.save``: the zip archive of torch 1.6 and later, and the older chain of pickles."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import PICKLE_BYTES
from sparsegraph.io.pickles.nodes import Call, Pairs
from sparsegraph.io.pickles.policy import check_calls, is_module
from sparsegraph.io.pickles.reader import Described, read_pickle
from sparsegraph.io.pickles.tree import leaves
from sparsegraph.io.readers.formats import Format, Found, Head, formats
from sparsegraph.io.readers.torch_storage import Byteorder, ReadRange, Storage, StorageReference, reference_of
from sparsegraph.io.readers.torch_tensors import StorageOf, tensor_from
from sparsegraph.io.readers.zip_archive import ZipArchive
from sparsegraph.io.tensor import StoredTensor

LEGACY_MAGIC = bytes.fromhex("8a0a6cfc9c46f9206aa850192e")
"""Torch's magic number 0x1950a86a20f9469cfc6c as a pickle: opcode, length, number, stop."""

WHOLE_MODULE = "whole module: read without running its code"


@dataclass(frozen=True)
class TorchFile:
    """The description in a torch file, and the way from it to the storages."""

    described: Described
    storage_of: StorageOf

    def found(self, name: str) -> Found:
        """Every tensor, in the file's order; what is no readable tensor is noted."""
        check_calls(self.described.calls)
        tensors, notes = tensors_of(self.described, self.storage_of)
        return Found(name, tensors, notes)


def tensors_of(described: Described, storage_of: StorageOf) -> tuple[tuple[StoredTensor, ...], tuple[str, ...]]:
    """Tensors and notes of a description whose calls were checked."""
    tensors, notes = [], []
    if any(is_module(call) for call in described.calls):
        notes.append(WHOLE_MODULE)
    for name, node in leaves(described.root):
        result = tensor_from(name, node, storage_of)
        if isinstance(result, StoredTensor):
            tensors.append(result)
        elif result is not None:
            notes.append(f"{name}: {result}")
    return tuple(tensors), tuple(notes)


def open_zip(path: Path) -> TorchFile:
    """Description of a torch zip archive; storages are read from their members when they are asked for."""
    archive = ZipArchive(path)
    pickle = _description_in(archive.members)
    folder = pickle.removesuffix("data.pkl")
    data = archive.read(pickle, PICKLE_BYTES)
    marker = f"{folder}byteorder"
    order = archive.read(marker, 16) if marker in archive.members else b"little"
    nested = nested_storages()

    def storage_of(node: Any) -> Storage:
        if isinstance(node, Call):
            return nested(node)
        reference = reference_of(node)
        member = f"{folder}data/{reference.key}"
        if reference.n_bytes > archive.length(member):
            raise LoadError(f"member {member!r} is shorter than its tensor; the file is damaged: copy or save it again")

        def read_range(start: int, stop: int) -> bytes:
            with path.open("rb") as file:
                return archive.read_range(file, member, start, stop)

        return Storage(reference.kind, reference.n_bytes, read_range, ">" if order == b"big" else "<")

    return TorchFile(read_pickle(io.BytesIO(data), len(data)), storage_of)


def open_legacy(path: Path) -> TorchFile:
    """Description of a file of torch before 1.6: magic, protocol, system, objects, keys, storages."""
    size = path.stat().st_size
    if size > PICKLE_BYTES:
        raise LoadError(f"a torch file of the old kind of {size} bytes; at most {PICKLE_BYTES} are read: save it again")

    def read_range(start: int, stop: int) -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(stop - start)

    with path.open("rb") as file:
        return _legacy(file, size, read_range)


def _legacy(file: IO[bytes], size: int, read_range: ReadRange) -> TorchFile:
    read_pickle(file, size)
    protocol, system = read_pickle(file, size).root, read_pickle(file, size).root
    if protocol != 1001:
        raise LoadError(f"a torch file of protocol {protocol!r}; 1001 is expected: save it again with torch.save")
    described = read_pickle(file, size)
    keys = read_pickle(file, size).root
    order: Byteorder = ">" if isinstance(system, Pairs) and system.get("little_endian") is False else "<"
    references = {r.key: r for r in map(reference_of, _storages(described))}
    places = _places(file, size, keys, references, order)
    nested = nested_storages()

    def storage_of(node: Any) -> Storage:
        if isinstance(node, Call):
            return nested(node)
        reference = reference_of(node)
        start = places[reference.key]
        n_bytes = reference.n_bytes
        if reference.view is not None:
            offset, length = reference.view
            start += offset * reference.itemsize
            n_bytes = min(length * reference.itemsize, n_bytes - offset * reference.itemsize)
        return Storage(reference.kind, n_bytes, lambda a, b: read_range(start + a, start + b), order)

    return TorchFile(described, storage_of)


def _storages(described: Described) -> Iterable[Any]:
    return (r for r in described.references if not (isinstance(r.key, tuple) and r.key[:1] == ("module",)))


def _places(
    file: IO[bytes], size: int, keys: Any, references: dict[str, StorageReference], order: Byteorder
) -> dict[str, int]:
    """Where each storage's bytes begin: a count of eight bytes and the bytes, in the order of ``keys``."""
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise LoadError("a torch file without a list of its storages; the file is damaged: copy or save it again")
    places: dict[str, int] = {}
    position = file.tell()
    for key in keys:
        file.seek(position)
        count = int.from_bytes(file.read(8), "big" if order == ">" else "little", signed=True)
        reference = references.get(key)
        if reference is None or count != reference.n_elements:
            raise LoadError(f"storage {key!r} does not have the length it should; the file is damaged: copy it again")
        places[key] = position + 8
        position += 8 + reference.n_bytes
        if position > size:
            raise LoadError(f"the file ends inside storage {key!r}; it is truncated: copy it again")
    missing = references.keys() - places.keys()
    if missing:
        raise LoadError(f"storage {min(missing)!r} is not in the file; copy or save it again")
    return places


def nested_storages() -> StorageOf:
    """Finds storages inside ``torch.storage._load_from_bytes(...)``, which plain ``pickle`` writes."""
    known: dict[int, Storage] = {}  # by the identity of the bytes, which the description keeps alive

    def storage_of(node: Any) -> Storage:
        is_nested = isinstance(node, Call) and node.target.name == "_load_from_bytes" and node.args
        data = node.args[0] if is_nested else None
        if not isinstance(data, bytes):
            raise LoadError("a tensor without a storage that is in the file; save it again with torch.save")
        if id(data) not in known:
            inner = _legacy(io.BytesIO(data), len(data), lambda start, stop: data[start:stop])
            if isinstance(inner.described.root, Call):
                raise LoadError("a storage inside a storage; the file is damaged: save it again with torch.save")
            known[id(data)] = inner.storage_of(inner.described.root)
        return known[id(data)]

    return storage_of


def _description_in(members: Iterable[str]) -> str:
    found = [name for name in members if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(found) != 1:
        raise LoadError(f"a zip archive with {len(found)} members data.pkl; a torch file has one: save it again")
    return found[0]


def _is_zip(head: Head) -> bool:
    return any(name == "data.pkl" or name.endswith("/data.pkl") for name in head.members)


def _read_zip(path: Path) -> Found:
    from sparsegraph.io.own_files import format_name

    file = open_zip(path)
    return file.found(format_name(file.described.root) or "torch zip")


formats.add("torch zip", Format(_is_zip, _read_zip))
formats.add(
    "torch legacy",
    Format(lambda head: LEGACY_MAGIC in head.start[:32], lambda path: open_legacy(path).found("torch legacy")),
)
