"""When a snapshot was taken and what is in it, from the head of its file: nothing is decoded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparsegraph.errors import LoadError
from sparsegraph.io.door import refusals
from sparsegraph.io.own_files import SNAPSHOT, read_own
from sparsegraph.io.runs.archive import read_description
from sparsegraph.io.runs.layout import TOPOLOGY, numbered
from sparsegraph.io.runs.snapshot_file import groups_of
from sparsegraph.io.runs.topology_file import MAGIC, VERSION


@dataclass(frozen=True)
class SnapshotHead:
    """A snapshot of a run, not yet read.

    Parameters
    ----------
    number : int
    update, epoch, step : int or None
        Topology updates, epochs and optimiser steps done by then.
    content : str
        SHA-256 of what decides its graph: of a topology snapshot the layers and the checksums of its masks, so that
        equal ones have the same whatever their times; of a snapshot with weights the file.
    file : str
        SHA-256 of the file: what decides all that is told, times and events too.
    """

    number: int
    update: int | None
    epoch: int | None
    step: int | None
    content: str
    file: str


def snapshot_head(directory: Path, kind: str, number: int) -> SnapshotHead:
    """What the file of a snapshot tells before it is decoded, ``kind`` being one of the folders of a run.

    Raises
    ------
    LoadError
        If its file is missing or damaged.
    """
    path = numbered(directory, kind, number)
    if kind == TOPOLOGY:
        head: Mapping[str, Any] = read_description(path, MAGIC, VERSION)
        content, file = _of_masks(path, head), _of_file(path)
    else:
        with refusals(path):
            head = read_own(path, SNAPSHOT)
        content = file = _of_file(path)
    if head.get("number") != number:
        raise LoadError(f"{path}: holds number {head.get('number')!r}; it was renamed: give it its name back")
    update, epoch, step = (_count(head.get(key)) for key in ("update", "epoch", "step"))
    return SnapshotHead(number, update, epoch, step, content, file)


def _count(value: Any) -> int | None:
    return value if type(value) is int else None


def _of_file(path: Path) -> str:
    with refusals(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _of_masks(path: Path, head: Mapping[str, Any]) -> str:
    with refusals(path):
        keys = ("name", "kind", "shape", "torch_shape", "sha256")
        blocks = [[*(entry[key] for key in keys), groups_of(entry)] for entry in head["blocks"]]
        told = [head["input_shape"], blocks]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()
