"""Snapshots of a run at shares of its training: the columns of grids over time."""

from __future__ import annotations

from collections.abc import Sequence

from sparsegraph.errors import LoadError
from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.io.runs.layout import TOPOLOGY
from sparsegraph.io.runs.run import Run
from sparsegraph.io.runs.snapshot_head import snapshot_head

PAPER_EPOCHS = (2, 75, 150, 225, 300)
"""Those of 003, of its 300 epochs."""


def topology_of(run: Run) -> Trajectory:
    """Its topology snapshots.

    Raises
    ------
    LoadError
        If it has none.
    """
    if not run.topology:
        raise LoadError(f"{run.path}: a run without topology snapshots; train again, or give the run as it was trained")
    return run.topology


def at_epochs(cohort: Cohort, epochs: Sequence[int] = PAPER_EPOCHS) -> list[Snapshot]:
    """Topology snapshots of the first run nearest to these epochs; of a shorter run at the same shares of its length.

    Parameters
    ----------
    cohort : Cohort
    epochs : sequence of int
        Of a run as long as the paper's.

    Raises
    ------
    LoadError
        If the run has no topology snapshots.
    """
    run = cohort.runs[0]
    topology = topology_of(run)
    scale = cohort.epochs / cohort.planned if cohort.planned and cohort.epochs < cohort.planned else 1.0
    numbers = topology.numbers
    when = [snapshot_head(run.path, TOPOLOGY, number).epoch or 0 for number in numbers]
    wanted = [max(1, round(epoch * scale)) for epoch in epochs]
    places = [min(range(len(when)), key=lambda i: (abs(when[i] - epoch), i)) for epoch in wanted]
    return [topology.load(numbers[place]) for place in dict.fromkeys(places)]


def title_of(snapshot: Snapshot) -> str:
    """When it was taken."""
    return "start" if not snapshot.update else f"epoch {snapshot.epoch}"


def column_titles(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """What stands above each panel of a grid: above a column what all its panels are, else above each its own.

    Parameters
    ----------
    rows : sequence of sequences of str
        What each panel is; rows may be shorter than others.

    Examples
    --------
    >>> column_titles([["start", "epoch 75"], ["start", "epoch 70", "epoch 300"]])
    [['start', 'epoch 75'], ['', 'epoch 70', 'epoch 300']]
    """
    shown: list[list[str]] = []
    for place, row in enumerate(rows):
        shown.append([])
        for column, title in enumerate(row):
            same = {other[column] for other in rows if column < len(other)} == {title}
            above = same and any(column < len(other) for other in rows[:place])
            shown[-1].append("" if above else title)
    return shown
