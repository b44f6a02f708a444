"""What figures are drawn from: runs by cohort, measures over them, and the choices of the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sparsegraph.evolution.cohorts import Cohort, Cohorts
from sparsegraph.evolution.follow import follow
from sparsegraph.evolution.histories import histories

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Material:
    """Runs and choices.

    Parameters
    ----------
    cohorts : Cohorts
    data_dir : Path, optional
        Where data sets lie; by default ``SPARSEGRAPH_DATA``.
    seed : int
        Of everything random in the drawing.
    n_jobs : int
        Processes to measure in.
    every : int
        Of measures over snapshots only every N-th is taken, and the last.
    progress : callable
        Told in words what is done next.
    """

    cohorts: Cohorts = field(default_factory=lambda: Cohorts(()))
    data_dir: Path | None = None
    seed: int = 0
    n_jobs: int = 1
    every: int = 1
    progress: Callable[[str], None] = lambda step: None

    def follow(
        self,
        cohorts: Sequence[Cohort],
        measures: Sequence[str],
        *,
        every: int | None = None,
        options: Mapping[str, Any] | None = None,
        fields: Any = "main",
    ) -> pd.DataFrame:
        """The tidy table of measures over the runs of these cohorts, with a column ``cohort``: their places here."""
        self.progress(f"measuring {', '.join(measures)} over {sum(len(one.runs) for one in cohorts)} runs")
        runs = [run for cohort in cohorts for run in cohort.runs]
        found = follow(
            runs,
            measures,
            every=every or self.every,
            fields=fields,
            seed=self.seed,
            options=options,
            n_jobs=self.n_jobs,
        )
        return _with_cohort(found, cohorts)

    def history(self, cohorts: Sequence[Cohort]) -> pd.DataFrame:
        """What was noted at each epoch of these runs, with a column ``cohort``: their places here."""
        return _with_cohort(histories([run for cohort in cohorts for run in cohort.runs]), cohorts)


def _with_cohort(table: pd.DataFrame, cohorts: Sequence[Cohort]) -> pd.DataFrame:
    """With the place of each run's cohort; the runs of one are called alike, however each was asked for."""
    place = {str(run.path): i for i, cohort in enumerate(cohorts) for run in cohort.runs}
    label = {str(run.path): cohort.label for cohort in cohorts for run in cohort.runs}
    return table.assign(cohort=table["run"].map(place), recipe=table["run"].map(label))
