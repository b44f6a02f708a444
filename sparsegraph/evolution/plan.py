"""Which measure is taken of which snapshots of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.evolution.identity import key_of
from sparsegraph.evolution.settings import Settings
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.io.runs.layout import SNAPSHOTS, TOPOLOGY
from sparsegraph.io.runs.run import Run, open_run
from sparsegraph.io.runs.snapshot_head import SnapshotHead, snapshot_head
from sparsegraph.measures.catalogue import MEASURES, Measure, known_options
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES, TrajectoryMeasure
from sparsegraph.near_names import near_names

AUTO: Literal["auto"] = "auto"
"""The readout policy that is decided once for a run, on the first of its snapshots."""


@dataclass(frozen=True)
class Target:
    """One measure of one snapshot, or of a whole trajectory, and the key that its numbers are cached under.

    Parameters
    ----------
    run : Path
        Absolute: other processes may work in other folders.
    kind : str
        The folder of the snapshots.
    heads : tuple of SnapshotHead
        Of one snapshot; of all that are followed for a measure of trajectories.
    first : SnapshotHead
        Of the first snapshot of the run, on which the readout is decided.
    measure : str
    key : str
    """

    run: Path
    kind: str
    heads: tuple[SnapshotHead, ...]
    first: SnapshotHead
    measure: str
    key: str


def entry_of(name: str) -> Measure:
    """The entry of a measure of snapshots or of trajectories.

    Raises
    ------
    UnknownNameError
        If there is none of either kind.
    """
    if name in set(TRAJECTORY_MEASURES):
        return TRAJECTORY_MEASURES[name]
    if name in set(MEASURES):
        return MEASURES[name]
    hint = near_names(name, [*MEASURES, *TRAJECTORY_MEASURES])
    raise UnknownNameError(f"there is no measure named {name!r}; {hint}")


def several(runs: Run | str | PathLike[str] | Iterable[Run | str | PathLike[str]]) -> list[Run | str | PathLike[str]]:
    """One or several runs or paths as a list.

    Raises
    ------
    TypeError
        If the snapshots of a run are given in its place.
    """
    if isinstance(runs, Trajectory):
        raise TypeError(
            "a run, or the path of its folder, is expected, not its snapshots (a Trajectory); pass the run itself, or "
            "take sparsegraph.measure, which follows a Trajectory"
        )
    return list(runs) if isinstance(runs, Iterable) and not isinstance(runs, Run | str | PathLike) else [runs]


def opened(runs: Run | str | PathLike[str] | Iterable[Run | str | PathLike[str]]) -> list[Run]:
    """Runs, from one or several of them or of their paths.

    Raises
    ------
    TypeError
        If they are no runs and no paths.
    LoadError
        If a path is no run.
    SparseGraphError
        If there is none, or one of them twice.
    """
    found = [run if isinstance(run, Run) else open_run(run) for run in several(runs)]
    if not found:
        raise SparseGraphError("no run to follow; name the folder of at least one")
    places = [run.path.resolve() for run in found]
    for run, place in zip(found, places, strict=True):
        if places.count(place) > 1:
            raise SparseGraphError(f"{run.path}: named twice; name each run once")
    return found


def targets(run: Run, names: Sequence[str], settings: Settings) -> Iterator[Target]:
    """What is to be measured of a run, snapshot by snapshot.

    Raises
    ------
    SparseGraphError
        If the run has no snapshots of the kind asked for, or a measure needs weights where none are.
    """
    by_kind: dict[str, list[Measure]] = {}
    for entry in map(entry_of, names):
        by_kind.setdefault(_kind(run, entry, settings.snapshots), []).append(entry)
    for kind, entries in by_kind.items():
        numbers, place = trajectory_numbers(run, kind), run.path.resolve()
        some = thinned(numbers, settings.every)
        wanted = numbers if any(map(needs_every_update, entries)) else some
        found = {number: snapshot_head(place, kind, number) for number in wanted}
        for entry in entries:
            heads = tuple(found[number] for number in (numbers if needs_every_update(entry) else some))
            given = _given(entry, settings, kind, heads[0])
            whole = isinstance(entry, TrajectoryMeasure)
            for chosen in [heads] if whole else [(head,) for head in heads]:
                content = _of_all(heads) if whole else chosen[0].content
                yield Target(place, kind, chosen, heads[0], entry.name, key_of(content, entry, given))


def _of_all(heads: Sequence[SnapshotHead]) -> str:
    """What decides the numbers of a trajectory: masks, and the files, which tell events and times as well."""
    return repr([(head.number, head.content, head.file) for head in heads])


def needs_every_update(entry: Measure) -> bool:
    """Whether a measure is taken of all snapshots, its numbers being thinned and not what it sees."""
    return isinstance(entry, TrajectoryMeasure) and entry.every_update


def trajectory_numbers(run: Run, kind: str) -> tuple[int, ...]:
    """Numbers of the snapshots of one kind."""
    return run.topology.numbers if kind == TOPOLOGY else run.snapshots.numbers


def thinned(numbers: Sequence[int], every: int) -> list[int]:
    """Every so many from the first on, and the last."""
    chosen = list(numbers[::every])
    return chosen if chosen[-1] == numbers[-1] else [*chosen, numbers[-1]]


def decides_readout(entry: Measure, options: Mapping[str, Any]) -> bool:
    """Whether the first snapshot of a run decides if the readout counts."""
    return "readout" in entry.options and options.get("readout", AUTO) == AUTO


def _kind(run: Run, entry: Measure, snapshots: str) -> str:
    if snapshots == "topology" and entry.needs_weights:
        raise SparseGraphError(
            f"{entry.name} needs weights, which topology snapshots lack; choose the snapshots weights or auto"
        )
    wanted = {"topology": [TOPOLOGY], "weights": [SNAPSHOTS]}.get(snapshots)
    if wanted is None:
        wanted = [SNAPSHOTS] if entry.needs_weights else [TOPOLOGY, SNAPSHOTS]
    for kind in wanted:
        if trajectory_numbers(run, kind):
            return kind
    what = "topology snapshot" if wanted == [TOPOLOGY] else "snapshot with weights"
    raise SparseGraphError(f"{run.path}: a run without a {what}; {entry.name} cannot be followed in it")


def _given(entry: Measure, settings: Settings, kind: str, first: SnapshotHead) -> dict[str, Any]:
    """All that decides a number besides the snapshot and the code."""
    return {
        "snapshots": kind,
        "options": known_options(entry, settings.options),
        "percolated": settings.percolated,
        "readout decided on": first.content if decides_readout(entry, settings.options) else None,
        "seed": settings.seed if entry.stochastic else None,
        "weighted": entry.weighted,
    }
