"""One number a run: what figures and tables compare between methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.evolution.learning_frame import learning_frame
from sparsegraph.figures.material import Material
from sparsegraph.perturb.kept import kept_robustness

if TYPE_CHECKING:
    import pandas as pd

PERCENT = ("accuracy", "trained", "best", "aae", "anp")
"""Quantities that papers print in per cent."""


def learned(cohorts: Sequence[Cohort], *, n_epochs: int | None = None) -> pd.DataFrame:
    """What each run learned, in the units of the papers, with a column ``cohort``: places in the sequence.

    Columns besides: ``run``, ``seed``, ``epochs``, those of ``PERCENT`` in per cent, ``log10_seconds`` (to convergence)
    and others of :func:`sparsegraph.evolution.learning_frame.learning_frame`.
    """
    runs = [run for cohort in cohorts for run in cohort.runs]
    table = learning_frame(runs, n_epochs=n_epochs)
    for name in PERCENT:
        table[name] = 100.0 * table[name]
    table["log10_seconds"] = np.log10(table["seconds_to_convergence"])
    return table.assign(cohort=table["run"].map(places(cohorts)))


def perturbed(material: Material, cohorts: Sequence[Cohort]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accuracy of the last nets under perturbations, means over repeats.

    Returns
    -------
    curves : DataFrame
        ``cohort``, ``run``, ``perturbation``, ``x``, ``accuracy``.
    areas : DataFrame
        ``cohort``, ``run``, ``perturbation``, ``area``.
    """
    import pandas as pd

    curves: list[dict[str, object]] = []
    areas: list[dict[str, object]] = []
    for place, run in ((place, run) for place, cohort in enumerate(cohorts) for run in cohort.runs):
        material.progress(f"{run.path.name} under perturbations")
        for curve in kept_robustness(run.path, data_dir=material.data_dir, n_jobs=material.n_jobs).curves:
            row = {"cohort": place, "run": str(run.path), "perturbation": curve.perturbation}
            areas.append({**row, "area": curve.area.mean})
            curves += [{**row, "x": x, "accuracy": p.mean} for x, p in zip(curve.x, curve.points, strict=True)]
    return pd.DataFrame(curves), pd.DataFrame(areas)


def places(cohorts: Sequence[Cohort]) -> dict[str, int]:
    """Which cohort each run belongs to, by its path."""
    return {str(run.path): i for i, cohort in enumerate(cohorts) for run in cohort.runs}
