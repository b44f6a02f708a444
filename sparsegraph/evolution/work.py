"""The measuring itself: some snapshots of one run, in this process or in others beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sparsegraph.errors import ProcessDiedError, SparseGraphError
from sparsegraph.evolution.cache import Cache
from sparsegraph.evolution.numbers import Number, numbers_of, numbers_over_time, without_weights
from sparsegraph.evolution.plan import AUTO, Target, decides_readout, entry_of
from sparsegraph.evolution.settings import Settings
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.percolation import percolate
from sparsegraph.graph.readout import ReadoutPolicy, decide_readout
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.io.runs.layout import TOPOLOGY, numbered
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.snapshot_head import SnapshotHead, snapshot_head
from sparsegraph.measures.catalogue import known_options, measure
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES, TrajectoryMeasure, measure_trajectory
from sparsegraph.orphans import in_processes

LONGEST_PART = 8
"""Most snapshots of a part.

Every 16th topology snapshot holds whole masks, from which the next ones are told: the shorter the parts, the more of
them are read again.
"""

PARTS_PER_PROCESS = 4
"""Least number of parts for each process, so that none waits long for the last."""

NO_WEIGHTS = "topology snapshots have no weights"

Measured = tuple[Target, tuple[Number, ...]]


class Reader:
    """Reads the snapshots that were looked at when the work was planned, and no others.

    It lasts as long as one part, or one call: what lies at a path may be another run tomorrow.
    """

    def __init__(self) -> None:
        self._opened: dict[tuple[Path, str], Trajectory] = {}

    def snapshot(self, run: Path, kind: str, head: SnapshotHead) -> Snapshot:
        """The snapshot of that head.

        Raises
        ------
        SparseGraphError
            If its file changed since: its numbers would be kept under the key of another one.
        """
        if (run, kind) not in self._opened:
            found = open_run(run)
            self._opened[run, kind] = found.topology if kind == TOPOLOGY else found.snapshots
        snapshot = self._opened[run, kind].load(head.number)
        if snapshot_head(run, kind, head.number) != head:
            raise SparseGraphError(f"{numbered(run, kind, head.number)}: changed while it was followed; follow again")
        return snapshot


@dataclass(frozen=True)
class Part:
    """Some neighbouring snapshots of one run, with what is to be measured of them."""

    targets: tuple[Target, ...]
    settings: Settings
    cache: Cache | None


def measure_all_of(
    waiting: Sequence[Target], settings: Settings, cache: Cache | None, *, n_jobs: int
) -> Iterator[list[Measured]]:
    """Numbers of every target, part by part as they come; each is cached as soon as it is there.

    Raises
    ------
    SparseGraphError
        If a process dies, or a snapshot changes meanwhile.
    """
    length = 1 if n_jobs == 1 else len(set(map(_place, waiting))) // (n_jobs * PARTS_PER_PROCESS)
    parts = [Part(tuple(targets), settings, cache) for targets in parts_of(waiting, length)]
    if n_jobs == 1 or len(parts) < 2:
        yield from map(partial(measure_part, reader=Reader()), parts)
        return
    try:
        # a thread more for every process would only make them wait for each other
        yield from in_processes(measure_part, parts, n_jobs=min(n_jobs, len(parts)), threads=1, batch_size=1)
    except ProcessDiedError:
        raise SparseGraphError(
            "a process died, perhaps for lack of memory; follow again with fewer processes: it goes on where it was"
        ) from None


def measure_part(part: Part, reader: Reader | None = None) -> list[Measured]:
    """Numbers of the targets of a part; each snapshot is read once, whatever is measured of it."""
    reader, measured = reader or Reader(), []
    graph, before = None, None
    for target in part.targets:
        if len(target.heads) == 1 and _place(target) != before:
            graph, before = None, _place(target)  # the last graph is freed before the next one is read
        if isinstance(entry_of(target.measure), TrajectoryMeasure):
            numbers = _of_trajectory(target, part.settings, reader)
        else:
            graph = _graph(target, part.settings, reader) if graph is None else graph
            numbers = _of_snapshot(graph, target, part.settings)
        if part.cache is not None:
            part.cache.put(target.key, numbers)
        measured.append((target, numbers))
    return measured


def parts_of(waiting: Sequence[Target], length: int) -> Iterator[list[Target]]:
    """Up to so many neighbouring snapshots with all that is wanted of them; first, being the longest, trajectories."""
    length = min(max(length, 1), LONGEST_PART)
    by_snapshot: dict[Any, list[Target]] = {}
    for target in waiting:
        if isinstance(entry_of(target.measure), TrajectoryMeasure):
            yield [target]
        else:
            by_snapshot.setdefault(_place(target), []).append(target)
    for _, group in itertools.groupby(by_snapshot.values(), key=lambda targets: _place(targets[0])[:2]):
        snapshots = list(group)
        for start in range(0, len(snapshots), length):
            yield list(itertools.chain.from_iterable(snapshots[start : start + length]))


def _place(target: Target) -> tuple[Path, str, int]:
    return target.run, target.kind, target.heads[0].number


def _graph(target: Target, settings: Settings, reader: Reader) -> LayeredGraph:
    graph = reader.snapshot(target.run, target.kind, target.heads[0]).graph
    return percolate(graph).graph if settings.percolated else graph


def _of_snapshot(graph: LayeredGraph, target: Target, settings: Settings) -> tuple[Number, ...]:
    entry = entry_of(target.measure)
    options: dict[str, Any] = known_options(entry, settings.options)
    if decides_readout(entry, options):
        options["readout"] = _readout(target.run, target.kind, target.first)
    numbers = numbers_of(measure(graph, target.measure, seed=settings.seed, **options))
    return without_weights(numbers, entry.weighted, NO_WEIGHTS) if target.kind == TOPOLOGY else numbers


def _of_trajectory(target: Target, settings: Settings, reader: Reader) -> tuple[Number, ...]:
    entry = TRAJECTORY_MEASURES[target.measure]
    heads = {head.number: head for head in target.heads}
    numbers = tuple(heads)
    followed = Trajectory(numbers, lambda number: reader.snapshot(target.run, target.kind, heads[number]))
    options = known_options(entry, settings.options)
    result = measure_trajectory(followed, target.measure, seed=settings.seed, **options)
    return numbers_over_time(result, entry.over_time, numbers)


@lru_cache(maxsize=64)
def _readout(run: Path, kind: str, first: SnapshotHead) -> ReadoutPolicy:
    """The readout policy of all snapshots of a run, decided on the first; remembered by what that one holds."""
    return decide_readout(Reader().snapshot(run, kind, first).graph, AUTO)
