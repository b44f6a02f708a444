"""Checkpoints in shards: a JSON index says which file holds which tensor, and nothing else is read."""

from __future__ import annotations

import json
from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.door import refusals
from sparsegraph.io.limits import HEADER_BYTES
from sparsegraph.io.readers.beside import beside
from sparsegraph.io.readers.formats import Format, Found, Head, formats
from sparsegraph.io.tensor import StoredTensor


def _read(path: Path) -> Found:
    from sparsegraph.io.contents import open_shard

    listed = _weight_map(path)
    shards = {name: beside(path, name) for name in sorted(set(listed.values()))}
    opened = {}
    for name, file in shards.items():
        with refusals(f"shard {name}"):
            opened[name] = open_shard(file)
    kinds = sorted({found.format for found in opened.values()})
    tensors: list[StoredTensor] = []
    notes: list[str] = []
    for shard, found in opened.items():
        present = {tensor.name for tensor in found.tensors}
        wanted = {name for name, place in listed.items() if place == shard}
        skipped = {note.partition(":")[0] for note in found.notes}
        if missing := wanted - present - skipped:
            raise LoadError(f"shard {shard} lacks {min(missing)!r}, which the index puts there; download it again")
        tensors.extend(tensor for tensor in found.tensors if tensor.name in wanted)
        notes.extend(found.notes)
        if extra := present - wanted:
            notes.append(f"shard {shard}: {len(extra)} tensors that the index does not list are left out")
    word = "shard" if len(shards) == 1 else "shards"
    return Found(f"{'/'.join(kinds)}, {len(shards)} {word}", tuple(tensors), tuple(notes), tuple(shards.values()))


def _weight_map(path: Path) -> dict[str, str]:
    if path.stat().st_size > HEADER_BYTES:
        raise LoadError(f"a shard index of more than {HEADER_BYTES} bytes; expected a list of tensors")
    index = json.loads(path.read_bytes())
    listed = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(listed, dict) or not listed or not all(isinstance(v, str) for v in listed.values()):
        raise LoadError('a JSON file without a "weight_map" from tensors to files; expected a shard index')
    return listed


def _is_index(head: Head) -> bool:
    return head.start.lstrip()[:1] == b"{" and (b'"weight_map"' in head.start or head.path.name.endswith(".index.json"))


formats.add("shard index", Format(_is_index, _read))
