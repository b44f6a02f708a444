"""Kind: distributions of the weights of each block at the end of the training; rows methods, columns data sets."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import MaxNLocator

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.graph.readout import choose_readout
from sparsegraph.io.runs.run import Run
from sparsegraph.papers.data_sets import data_title, in_order
from sparsegraph.plotting.palette import LAYERS
from sparsegraph.plotting.panels import grid, named
from sparsegraph.plotting.style import FAINT, STYLE

_BINS = 120
_REACH = 99.5
"""Weights up to this percentile of their absolute values are shown."""


def weight_profiles(material: Material, *, profiles: Sequence[str]) -> Drawn:
    """Histograms of the weights of all runs of a method together, a line a sparse block.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
    """
    import pandas as pd

    cohorts = material.cohorts.select(profiles)
    data_sets = in_order(cohort.data or "" for cohort in cohorts)
    methods = list(dict.fromkeys(cohort.method for cohort in cohorts))
    places = {(methods.index(c.method), data_sets.index(c.data or "")): c for c in cohorts}
    canvas, panels = grid(len(methods), len(data_sets), height=1.9)
    rows = []
    with mpl.rc_context(STYLE):
        for (row, column), cohort in places.items():
            material.progress(f"weights of {cohort.label} on {cohort.data}")
            axes = panels[row, column]
            for place, (name, weights) in enumerate(_weights(cohort.runs).items()):
                reach = float(np.percentile(np.abs(weights), _REACH))
                density, edges = np.histogram(weights, bins=np.linspace(-reach, reach, _BINS + 1), density=True)
                axes.stairs(density, edges, color=LAYERS[place % len(LAYERS)], linewidth=1.0, label=name)
                middles = 0.5 * (edges[1:] + edges[:-1])
                told = {
                    "method": cohort.label,
                    "data": cohort.data,
                    "block": name,
                    "weight": middles,
                    "density": density,
                }
                rows.append(pd.DataFrame(told))
            axes.xaxis.set_major_locator(MaxNLocator(5))
            axes.axvline(0.0, color=FAINT, linewidth=0.6, linestyle=":", zorder=0)
            axes.set_title(f"{cohort.label}, {data_title(cohort.data or '')}", fontsize=8, loc="left")
            axes.set_xlabel("weight" if row == max(i for i, j in places if j == column) else "")
            axes.set_ylabel("density" if column == min(j for i, j in places if i == row) else "")
        for at, panel in np.ndenumerate(panels):
            if at not in places:
                panel.set_axis_off()
        panels[0, -1].legend(*named(panels.flat), fontsize=7, loc="upper right", handlelength=1.2)
    notes = (
        "Sparse blocks only (a dense readout is left out). A link that was just regrown has weight 0 and is counted. "
        "Runs of all seeds together; the outermost half per cent is cut.",
    )
    return Drawn(canvas, pd.concat(rows, ignore_index=True), cohorts, notes)


def _weights(runs: Sequence[Run]) -> dict[str, np.ndarray]:
    """Weights of each sparse block of the last snapshots, runs together."""
    found: dict[str, list[np.ndarray]] = {}
    for run in runs:
        for block in choose_readout(run.final.graph).graph.blocks:
            found.setdefault(block.name, []).append(np.asarray(block.weights.data, np.float64))
    return {name: np.concatenate(parts) for name, parts in found.items()}
