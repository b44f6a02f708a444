"""Kind: k-shells, neurons in each shell of each layer; columns nets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.kinds.degree_grid import one_data
from sparsegraph.figures.material import Material
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.kshell import kshell
from sparsegraph.plotting.layers import draw_layers
from sparsegraph.plotting.palette import LAYERS
from sparsegraph.plotting.panels import PAGE, grid
from sparsegraph.plotting.style import FAINT, STYLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

NOTE = "Undirected whole graph, readout counted, raw masks; neurons without links in shell 0."


def shells(
    material: Material, *, profiles: Sequence[str], take: Callable[[Cohort], LayeredGraph], columns: int | None = None
) -> Drawn:
    """Shells of one graph of each cohort, first seed.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
    take : callable
        The graph of a cohort, such as that before training.
    columns : int, optional
        Only so many cohorts.
    """
    cohorts = one_data(material, profiles)[:columns]
    graphs = {cohort.label: take(cohort) for cohort in cohorts}
    canvas, table = draw_shells(graphs)
    return Drawn(canvas, table, cohorts, (f"First seed. {NOTE}",))


def toy_shells(material: Material, *, links: Sequence[Sequence[Sequence[int]]]) -> Drawn:
    """A small net drawn as layers, and its shells.

    Parameters
    ----------
    material : Material
    links : sequence of matrices
        Of each block, 0 and 1.
    """
    import pandas as pd

    graph = LayeredGraph.from_matrices([np.array(matrix, float) for matrix in links])
    canvas, panels = grid(1, 2, width=5.0, height=2.2)
    with mpl.rc_context(STYLE):
        draw_layers(graph, panels[0, 0])
        for collection in panels[0, 0].collections:
            collection.set_linewidth(0.8)
            collection.set_alpha(0.9)
        found = kshell(graph)
        panels[0, 1].bar(found.values, found.counts, color=LAYERS[1], width=0.6)
        panels[0, 1].set_xticks(found.values)
        panels[0, 1].set_xlabel("shell k")
        panels[0, 1].set_ylabel("neurons")
    del material
    return Drawn(canvas, pd.DataFrame({"shell": found.values, "neurons": found.counts}), (), (NOTE,))


def draw_shells(graphs: dict[str, LayeredGraph]) -> tuple[Canvas, object]:
    """Bars of neurons by shell, a row a layer and a column a net; returns the picture and its numbers."""
    import pandas as pd

    found = {name: (graph, kshell(graph).shell) for name, graph in graphs.items()}
    layers = [layer.name for layer in next(iter(graphs.values())).layers]
    most = max(int(shell.max()) for _, shell in found.values())
    canvas, panels = grid(len(layers), len(found), width=PAGE if len(found) > 1 else 3.5, height=1.05)
    rows = []
    with mpl.rc_context(STYLE):
        for column, (name, (graph, shell)) in enumerate(found.items()):
            for row, layer in enumerate(layers):
                axes = panels[row, column]
                part = shell[graph.offsets[row] : graph.offsets[row + 1]]
                values, counts = np.unique(part, return_counts=True)
                axes.bar(values, counts, width=1.0, color=LAYERS[row % len(LAYERS)])
                axes.set_xlim(-1, most + 1)
                axes.set_yscale("symlog", linthresh=1)
                axes.set_ylim(bottom=0)
                axes.tick_params(labelsize=6.5)
                axes.set_title(name if row == 0 else "", fontsize=8, loc="left")
                axes.set_xlabel("shell k" if row == len(layers) - 1 else "")
                axes.set_ylabel(layer if column == 0 else "", fontsize=7)
                if (isolated := int((part == 0).sum())) and column >= 0:
                    axes.text(0.0, isolated, f" {isolated:,} without links", fontsize=6, color=FAINT, va="bottom")
                told = {"net": name, "layer": layer}
                rows += [{**told, "shell": int(v), "neurons": int(n)} for v, n in zip(values, counts, strict=True)]
    return canvas, pd.DataFrame(rows)
