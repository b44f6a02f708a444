"""Kind: degree distributions of layers; rows methods, columns epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.figures.moments import column_titles, title_of
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.measures.degree import degrees
from sparsegraph.plotting.palette import LAYERS, colour_of
from sparsegraph.plotting.panels import PAGE, grid, named
from sparsegraph.plotting.style import FAINT, STYLE

MOST_BINS = 40

Which = Callable[[LayeredGraph], Sequence[int]]
"""The layers whose neurons are shown."""


def hidden(graph: LayeredGraph) -> Sequence[int]:
    """The hidden layers."""
    return graph.hidden_layers


def inputs(graph: LayeredGraph) -> Sequence[int]:
    """The input layer."""
    return graph.input_layers


def everything(graph: LayeredGraph) -> Sequence[int]:
    """All layers but the readout."""
    return tuple(i for i in range(len(graph.layers)) if i not in graph.output_layers)


def degree_grid(
    material: Material,
    *,
    profiles: Sequence[str],
    snapshots: Callable[[Cohort], list[Snapshot]],
    layers: Which = hidden,
    most: int | None = None,
) -> Drawn:
    """Histograms of total degrees, a colour a layer; the dashed line is the largest degree.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
    snapshots : callable
        The columns: snapshots of a cohort's first run.
    layers : callable
    most : int, optional
        Only so many rows, such as 1 where all methods have one start.
    """
    import pandas as pd

    cohorts = one_data(material, profiles)[:most]
    columns = [snapshots(cohort) for cohort in cohorts]
    titles = column_titles([[title_of(snapshot) for snapshot in found] for found in columns])
    width = max(map(len, columns))
    canvas, panels = grid(len(cohorts), width, width=PAGE if width > 1 else 3.5, height=1.45)
    rows = []
    with mpl.rc_context(STYLE):
        for row, (cohort, found) in enumerate(zip(cohorts, columns, strict=True)):
            for column in range(width):
                axes = panels[row, column]
                if column >= len(found):
                    axes.set_axis_off()
                    continue
                graph = found[column].graph
                rows += _draw(axes, graph, layers(graph), {"method": cohort.label, "epoch": found[column].epoch})
                axes.set_title(title_of(found[column]) if width == 1 else titles[row][column], fontsize=7, loc="left")
                below = any(column < len(other) for other in columns[row + 1 :])
                axes.set_xlabel("" if below else "degree (links)", fontsize=7)
                axes.tick_params(labelsize=6.5)
            panels[row, 0].set_ylabel(f"{cohort.label}\nneurons", color=colour_of(cohort.method))
        handles, labels = named(panels.flat)
        if len(labels) > 1:
            canvas.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=7)
    notes = ("First seed; total degree, readout counted, raw masks. Dashed: the largest degree.",)
    return Drawn(canvas, pd.DataFrame(rows), cohorts, notes)


def one_data(material: Material, profiles: Sequence[str]) -> tuple[Cohort, ...]:
    """Cohorts of these profiles on one data set.

    It is the data set with most of them, and of several such the one with the longest runs.
    """
    found = [material.cohorts.select(profiles, data=one) for one in material.cohorts.data]
    return max(found, key=lambda some: (len(some), max((c.epochs for c in some), default=0)), default=())


def bins_of(degrees: np.ndarray) -> np.ndarray:
    """Borders of up to 40 bins of as many whole degrees each: of others some would hold one more, and stand out."""
    low, high = int(degrees.min()), int(degrees.max())
    width = (high - low) // MOST_BINS + 1
    return np.arange(low, high + width + 1, width) - 0.5


def _draw(axes: Axes, graph: LayeredGraph, layers: Sequence[int], told: dict[str, object]) -> list[dict[str, object]]:
    total = degrees(graph).total
    parts = {graph.layers[i].name: (i, total[graph.offsets[i] : graph.offsets[i + 1]]) for i in layers}
    largest = max(int(part.max()) for _, part in parts.values())
    edges = bins_of(np.concatenate([part for _, part in parts.values()]))
    rows: list[dict[str, object]] = []
    for name, (index, part) in parts.items():
        counts, _ = np.histogram(part, bins=edges)
        axes.stairs(counts, edges, color=LAYERS[index % len(LAYERS)], linewidth=1.0, label=name)
        values, n = np.unique(part, return_counts=True)
        rows += [{**told, "layer": name, "degree": int(v), "neurons": int(k)} for v, k in zip(values, n, strict=True)]
    axes.axvline(largest, color=FAINT, linewidth=0.8, linestyle="--")
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(bottom=0)
    return rows
