"""A snapshot as an ordinary torch file; the layout is written down in ``docs/runs.md``."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.door import refusals
from sparsegraph.io.limits import NEURONS
from sparsegraph.io.own_files import SNAPSHOT, VERSIONS, read_own
from sparsegraph.io.runs.plain_values import to_plain
from sparsegraph.io.runs.position_code import decode, encode

EVENTS = ("removed", "percolated", "regrown")


def write_snapshot(snapshot: Snapshot, path: str | os.PathLike[str]) -> None:
    """Write a file that ``torch.load(path, weights_only=True)`` opens, completely or not at all.

    Equal snapshots give equal bytes.
    """
    import torch

    from sparsegraph import __version__

    payload = {
        "format": SNAPSHOT,
        "format_version": VERSIONS[SNAPSHOT],
        "sparsegraph_version": __version__,
        "number": snapshot.number,
        "update": snapshot.update,
        "epoch": snapshot.epoch,
        "step": snapshot.step,
        "input_shape": to_plain(snapshot.input_shape),
        "meta": to_plain(snapshot.meta),
        "blocks": [_block_payload(block) for block in snapshot.blocks],
        "extra": {to_plain(name): _tensor(values) for name, values in snapshot.extra.items()},
    }
    # by way of memory: torch's writer makes a full disk an error of its own, or ends the process
    stream = io.BytesIO()
    torch.save(payload, stream)
    with atomic_write(path) as temporary:
        temporary.write_bytes(stream.getbuffer())


def read_snapshot(path: str | os.PathLike[str]) -> Snapshot:
    """The snapshot in a file of :func:`write_snapshot`.

    Raises
    ------
    LoadError
        If the file is no snapshot, is damaged, or has a version that is newer than this package knows.
    """
    with refusals(path):
        content = read_own(path, SNAPSHOT)
        shapes = shapes_of(content["blocks"])
        blocks = tuple(_block(entry, shape) for entry, shape in zip(content["blocks"], shapes, strict=True))
        extra = content["extra"]
        if not all(isinstance(values, np.ndarray) for values in extra.values()):
            raise LoadError("a snapshot whose extra values are no arrays; the file is damaged: copy it again")
        return replace(snapshot_from(content, blocks), extra=extra)


def snapshot_from(content: Mapping[str, Any], blocks: tuple[BlockState, ...]) -> Snapshot:
    """A snapshot of these blocks at the time, and with the remarks, that a file tells."""
    number, update, epoch, step = (content[key] for key in ("number", "update", "epoch", "step"))
    if type(number) is not int or any(time is not None and type(time) is not int for time in (update, epoch, step)):
        raise LoadError("a snapshot whose number or time is no count; the file is damaged: copy it again")
    if not isinstance(content["meta"], dict):
        raise LoadError("a snapshot whose remarks are no dictionary; the file is damaged: copy it again")
    return Snapshot(number, blocks, update, epoch, step, lengths(content["input_shape"]), content["meta"])


def lengths(stored: Any) -> tuple[int, ...] | None:
    """A shape from what a file holds."""
    if stored is None:
        return None
    if not isinstance(stored, list | tuple) or any(type(n) is not int or n < 1 for n in stored):
        raise LoadError("a shape that is none; the file is damaged: copy it again")
    return tuple(stored)


def shapes_of(entries: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Shapes of the masks; refuses layers so large that their row pointers alone would fill the memory."""
    shapes = [_shape(entry["shape"]) for entry in entries]
    groups = [groups_of(entry) or 1 for entry in entries]
    if (n := sum(n_source * g + n_target for (n_source, n_target), g in zip(shapes, groups, strict=True))) > NEURONS:
        raise LoadError(f"blocks of {n} rows and columns; at most {NEURONS} are expected of a snapshot")
    return shapes


def groups_of(entry: Mapping[str, Any]) -> int | None:
    """Groups of a convolution; None where the file, as those of before they were written, does not tell."""
    groups = entry.get("groups")
    if groups is not None and type(groups) is not int:
        raise LoadError("a block whose groups are no count; the file is damaged: copy it again")
    return groups


def _shape(stored: Any) -> tuple[int, int]:
    sizes = lengths(stored)
    if sizes is None or len(sizes) != 2:
        raise LoadError("a block whose shape is not that of a matrix; the file is damaged: copy it again")
    return sizes[0], sizes[1]


def event_codes(events: LinkEvents, mask: Mask) -> dict[str, np.ndarray]:
    """The three lists of positions, each coded by itself."""
    return {name: encode(getattr(events, name), mask.n_possible) for name in EVENTS}


def events_from(codes: list[np.ndarray], n_possible: int) -> LinkEvents:
    """What :func:`event_codes` coded, in the order of ``EVENTS``."""
    return LinkEvents(*(decode(code, n_possible) for code in codes))


def mask_from(code: np.ndarray, shape: tuple[int, int]) -> Mask:
    """Mask from the code of its positions."""
    return Mask(shape, decode(code, shape[0] * shape[1]))


def _tensor(values: np.ndarray) -> Any:
    import torch

    return torch.from_numpy(np.array(values, order="C"))


def _coded(mask: Mask | None) -> Any:
    return None if mask is None else _tensor(encode(mask.positions, mask.n_possible))


def _block_payload(block: BlockState) -> dict[str, Any]:
    def numbers(values: np.ndarray | None) -> Any:
        return None if values is None else _tensor(values.astype(np.float32, copy=False))

    codes = None if block.events is None else event_codes(block.events, block.mask)
    return {
        "name": to_plain(block.name),
        "kind": to_plain(block.kind),
        "shape": to_plain(block.mask.shape),
        "torch_shape": to_plain(block.torch_shape),
        "groups": to_plain(block.groups),
        "mask": _coded(block.mask),
        "weights": numbers(block.weights),
        "biases": numbers(block.biases),
        "events": None if codes is None else {name: _tensor(code) for name, code in codes.items()},
        "cumulative": _coded(block.cumulative),
    }


def _block(entry: dict[str, Any], shape: tuple[int, int]) -> BlockState:
    weights, biases, events = entry["weights"], entry["biases"], entry["events"]
    for values in (weights, biases):
        if values is not None and (not isinstance(values, np.ndarray) or values.dtype != np.float32):
            raise LoadError("a block whose weights or biases are no float32; the file is damaged: copy it again")
    cumulative = entry["cumulative"]
    return BlockState(
        str(entry["name"]),
        mask_from(entry["mask"], shape),
        weights,
        biases,
        str(entry["kind"]),
        lengths(entry["torch_shape"]),
        None if events is None else events_from([events[name] for name in EVENTS], shape[0] * shape[1]),
        None if cumulative is None else mask_from(cumulative, shape),
        groups_of(entry),
    )
