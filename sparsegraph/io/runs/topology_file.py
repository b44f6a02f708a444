"""Topology snapshots: masks and events only, each told by what changed since the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.door import refusals
from sparsegraph.io.runs.archive import read_archive, write_archive
from sparsegraph.io.runs.layout import TOPOLOGY, numbered
from sparsegraph.io.runs.plain_values import to_plain
from sparsegraph.io.runs.position_code import encode
from sparsegraph.io.runs.snapshot_file import (
    EVENTS,
    event_codes,
    events_from,
    groups_of,
    lengths,
    mask_from,
    shapes_of,
    snapshot_from,
)

MAGIC = "sparsegraph-topology"
VERSION = 1
KEY_EVERY = 16
"""Every 16th file holds whole masks."""


def write_topology(snapshot: Snapshot, directory: Path, base: Snapshot | None) -> None:
    """Write masks and events; the masks as changes to those of ``base``, or whole where there is none."""
    entries, arrays = [], dict[str, np.ndarray]()
    before: Sequence[BlockState | None] = base.blocks if base else [None] * len(snapshot.blocks)
    for index, (block, old) in enumerate(zip(snapshot.blocks, before, strict=True)):
        told, codes = _told(block, old)
        if block.events is not None:
            codes |= event_codes(block.events, block.mask)
        entry = {
            "name": block.name,
            "kind": block.kind,
            "shape": block.mask.shape,
            "torch_shape": block.torch_shape,
            "groups": block.groups,
            "told": told,
            "has_events": block.events is not None,
            "sha256": digest(block.mask),
        }
        entries.append(entry)
        arrays |= {f"{index}.{name}": code for name, code in codes.items()}
    head = {
        "format": MAGIC,
        "format_version": VERSION,
        **{key: getattr(snapshot, key) for key in ("number", "update", "epoch", "step", "input_shape", "meta")},
        "base": base.number if base else None,
        "blocks": entries,
    }
    write_archive(numbered(directory, TOPOLOGY, snapshot.number), head, arrays, deflated=True)


class TopologyReader:
    """Reads topology snapshots of one run; remembers the last one, so that reading in order reads each file once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._last: Snapshot | None = None

    def __call__(self, number: int) -> Snapshot:
        """The topology snapshot of that number, from the last whole masks before it.

        Raises
        ------
        LoadError
            If it, or one that it builds on, is missing or damaged; names the file.
        """
        waiting: list[tuple[int, dict[str, Any], dict[str, np.ndarray]]] = []
        known = self._last
        while known is None or known.number != number:
            head, codes = self._read(number, asked=not waiting)
            waiting.append((number, head, codes))
            base = head.get("base")
            if base is None:
                known = None
                break
            if type(base) is not int or not 0 <= base < number:
                raise LoadError(f"{self._path(number)}: builds on number {base!r}; the file is damaged: copy it again")
            number = base
        for of, head, codes in reversed(waiting):
            with refusals(self._path(of)):
                known = _snapshot(of, head, codes, known)
        assert known is not None
        self._last = known
        return known

    def _path(self, number: int) -> Path:
        return numbered(self._directory, TOPOLOGY, number)

    def _read(self, number: int, *, asked: bool) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        path = self._path(number)
        if not asked and not path.exists():
            raise LoadError(f"{path}: missing, and later topology snapshots build on it: copy it again, or read others")
        return read_archive(path, MAGIC, VERSION)


def read_topology(path: Path) -> Snapshot:
    """The topology snapshot in one file: one with whole masks wherever it lies, another in its run's folder only.

    Raises
    ------
    LoadError
        If it is damaged, or builds on another file and does not lie where that one is.
    """
    head, codes = read_archive(path, MAGIC, VERSION)
    number = head.get("number")
    with refusals(path):
        if head.get("base") is None and type(number) is int:
            return _snapshot(number, head, codes, None)
        home = path.absolute().parent.parent
        if type(number) is not int or numbered(home, TOPOLOGY, number) != path.absolute():
            raise LoadError(
                f"topology snapshot {number} of a run, which tells only what changed since another one: analyze the "
                "run's folder, or open it with sparsegraph.open_run"
            )
    return TopologyReader(home)(number)


def digest(mask: Mask) -> str:
    """SHA-256 of the shape and the positions of a mask, as little-endian 64-bit integers."""
    content = np.concatenate([np.array(mask.shape, "<i8"), mask.positions.astype("<i8", copy=False)])
    return hashlib.sha256(content.tobytes()).hexdigest()


def _told(block: BlockState, old: BlockState | None) -> tuple[str, dict[str, np.ndarray]]:
    """How the mask is told: as what its events made of the one before, else whole or as the difference to it."""
    mask = block.mask
    if old is None:
        return "whole", {"mask": encode(mask.positions, mask.n_possible)}
    if block.events is not None and _agrees(old.mask, block.events, mask):
        return "events", {}
    lost = old.mask.positions[~mask.contains(old.mask.positions)]
    gained = mask.positions[~old.mask.contains(mask.positions)]
    difference = {"lost": encode(lost, mask.n_possible), "gained": encode(gained, mask.n_possible)}
    whole = {"mask": encode(mask.positions, mask.n_possible)}
    if sum(code.size for code in difference.values()) < whole["mask"].size:
        return "difference", difference
    return "whole", whole


def _agrees(before: Mask, events: LinkEvents, after: Mask) -> bool:
    told = _after(before, events)
    return told is not None and np.array_equal(told.positions, after.positions)


def _after(before: Mask, events: LinkEvents) -> Mask | None:
    lost = np.union1d(events.removed, events.percolated) if events.percolated.size else events.removed
    return _changed(before, lost, events.regrown)


def _changed(before: Mask, lost: np.ndarray, gained: np.ndarray) -> Mask | None:
    """The mask after a change; None if what is gained was there before."""
    kept = before.positions[~Mask(before.shape, lost).contains(before.positions)]
    positions = np.sort(np.concatenate([kept, gained]), kind="stable")
    return Mask(before.shape, positions) if (np.diff(positions) > 0).all() else None


def _snapshot(number: int, head: dict[str, Any], codes: dict[str, np.ndarray], base: Snapshot | None) -> Snapshot:
    entries = head["blocks"]
    shapes = shapes_of(entries)
    before: Sequence[BlockState | None] = base.blocks if base else [None] * len(entries)
    blocks = []
    for index, (entry, shape, old) in enumerate(zip(entries, shapes, before, strict=True)):
        own = {key.partition(".")[2]: code for key, code in codes.items() if key.partition(".")[0] == str(index)}
        blocks.append(_block(entry, shape, own, old))
    if head["number"] != number:
        raise LoadError(f"holds number {head['number']!r} and not {number}; it was renamed: give it its name back")
    return snapshot_from(head, tuple(blocks))


def _block(
    entry: dict[str, Any], shape: tuple[int, int], codes: dict[str, np.ndarray], old: BlockState | None
) -> BlockState:
    n_possible = shape[0] * shape[1]
    events = events_from([codes[name] for name in EVENTS], n_possible) if entry["has_events"] else None
    told = entry["told"]
    mask: Mask | None
    if told == "whole":
        mask = mask_from(codes["mask"], shape)
    elif old is None or old.mask.shape != shape:
        raise LoadError("tells changes to masks that the file before does not have; the run is damaged: copy it again")
    elif told == "events" and events is not None:
        mask = _after(old.mask, events)
    else:
        lost, gained = (mask_from(codes[name], shape).positions for name in ("lost", "gained"))
        mask = _changed(old.mask, lost, gained)
    if mask is None or digest(mask) != entry["sha256"]:
        raise LoadError(
            f"the mask of {entry['name']!r} does not match its checksum: this file, or one that it builds on, was "
            "changed: copy the folder again, or read another snapshot"
        )
    return BlockState(
        str(entry["name"]),
        mask,
        kind=str(entry["kind"]),
        torch_shape=lengths(entry["torch_shape"]),
        events=events,
        groups=groups_of(entry),
    )


def without_weights(snapshot: Snapshot) -> Snapshot:
    """What a topology snapshot keeps."""
    blocks = tuple(replace(block, weights=None, biases=None, cumulative=None) for block in snapshot.blocks)
    return replace(snapshot, blocks=blocks, meta=to_plain(snapshot.meta), extra={})
