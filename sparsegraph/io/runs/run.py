"""The way back into a run directory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, SupportsIndex, overload

from sparsegraph.arguments import kind_of
from sparsegraph.errors import LoadError
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.io.door import refusals
from sparsegraph.io.runs import layout
from sparsegraph.io.runs.config_file import read_config
from sparsegraph.io.runs.history_file import History, read_history
from sparsegraph.io.runs.snapshot_file import read_snapshot
from sparsegraph.io.runs.topology_file import TopologyReader


@dataclass(frozen=True, repr=False)
class Run:
    """A training run on the disk; snapshots are read when they are asked for.

    ``len(run)``, ``run[i]`` and iteration are those of ``run.snapshots``.

    Parameters
    ----------
    path : Path
    config : mapping
        The configuration as resolved.
    environment : mapping
        Versions, commit and what else was noted when the run began.
    snapshots : Trajectory
        With weights.
    topology : Trajectory
        Masks and events only; cheap in order.
    """

    path: Path
    config: Mapping[str, Any]
    environment: Mapping[str, Any]
    snapshots: Trajectory
    topology: Trajectory

    def __repr__(self) -> str:
        return f"<Run {self.path}: {len(self.snapshots)} snapshots, {len(self.topology)} topology snapshots>"

    def _repr_html_(self) -> str:
        """Configuration and history, for notebooks."""
        from sparsegraph.notebook.shown import of_run

        return of_run(self)

    def __len__(self) -> int:
        return len(self.snapshots)

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...

    @overload
    def __getitem__(self, index: slice) -> Trajectory: ...

    def __getitem__(self, index: int | slice) -> Snapshot | Trajectory:
        """The ``index``-th snapshot, or a part of the trajectory."""
        if not isinstance(index, SupportsIndex | slice):
            raise TypeError(
                f"a snapshot is chosen by its place in the run, a whole number or a slice, not by {kind_of(index)}; "
                "what the run was asked to do is in .config, what it noted in .history"
            )
        try:
            return self.snapshots[index]
        except IndexError:
            n = len(self.snapshots)
            raise IndexError(f"there is no snapshot {index} in a run that has {n}, counted from 0") from None

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self.snapshots)

    @cached_property
    def history(self) -> History:
        """The per-epoch records."""
        return read_history(self.path / layout.HISTORY)

    @property
    def topology_and_final(self) -> Trajectory:
        """The topology snapshots, and behind them the last snapshot where the run went on after its last update.

        The last snapshot then holds the events of that update, as no later one moved a link.
        """
        numbers, last = self.topology.numbers, self.snapshots.numbers[-1:]
        if not numbers or not last or last[0] <= numbers[-1]:
            return self.topology
        return Trajectory(
            numbers + last, lambda number: self._end() if number == last[0] else self.topology.load(number)
        )

    def _end(self) -> Snapshot:
        final, before = self.final, self.topology[-1]
        if final.update != before.update:
            return final
        pairs = zip(final.blocks, before.events, strict=True)
        return replace(final, blocks=tuple(replace(block, events=events) for block, events in pairs))

    @property
    def final(self) -> Snapshot:
        """The last snapshot.

        Raises
        ------
        LoadError
            If there is none.
        """
        if not self.snapshots:
            raise LoadError(f"{self.path}: a run without a snapshot; train further")
        return self.snapshots[-1]


def open_run(path: str | os.PathLike[str]) -> Run:
    """Open a run directory.

    Parameters
    ----------
    path : path
        As ``sparsegraph train`` or :func:`sparsegraph.record` wrote it.

    Returns
    -------
    Run

    Raises
    ------
    LoadError
        If it is no run, or its configuration is damaged.  A damaged snapshot raises when it is asked for; the others
        can still be read.

    Notes
    -----
    Reads the configuration and the names of the files; a snapshot costs what its file costs.
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f"the path of a run's folder is expected, not {kind_of(path)}; sparsegraph.measure and measure_all "
            "take a graph"
        )
    place = Path(path)
    with refusals(path):
        if place.is_file():
            raise LoadError("a file; give the folder of a run")
        if not place.is_dir():
            raise LoadError("no such folder; expected the directory of a run: check the path")
        if not (place / layout.CONFIG).exists():
            raise LoadError(f"a folder without {layout.CONFIG}; expected the directory of a run")
        numbers = {kind: layout.numbers_in(place, kind) for kind in layout.SUFFIX}
    config = read_config(place)
    snapshots = Trajectory(numbers[layout.SNAPSHOTS], partial(_snapshot, place))
    topology = Trajectory(numbers[layout.TOPOLOGY], TopologyReader(place))
    return Run(place, config.configuration, config.environment, snapshots, topology)


def _snapshot(place: Path, number: int) -> Snapshot:
    path = layout.numbered(place, layout.SNAPSHOTS, number)
    snapshot = read_snapshot(path)
    if snapshot.number != number:
        raise LoadError(f"{path}: holds snapshot {snapshot.number}; it was renamed: give it its name back")
    return snapshot
