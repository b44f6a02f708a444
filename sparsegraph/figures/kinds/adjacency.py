"""Kind: adjacency matrices of start topologies, with what their degrees and paths are like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.graph.mask import Mask
from sparsegraph.measures.catalogue import measure
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.powerlaw import fit_degrees
from sparsegraph.papers.numbers import paper_number
from sparsegraph.plotting.panels import PAGE, grid, letters
from sparsegraph.plotting.style import FAINT, STYLE
from sparsegraph.result import Undefined
from sparsegraph.rng import rng_for
from sparsegraph.topology.evolve import Wiring
from sparsegraph.topology.initialise import INITIALISERS

_PIXELS = 200
"""Cells of the picture on a side; each gathers the links of several neurons."""

_REPLICAS = 400
"""Synthetic samples behind the test of a power law: p to 0.03."""


@dataclass(frozen=True)
class Start:
    """A start topology.

    Parameters
    ----------
    label : str
        What the figure calls it.
    initialiser : str
    options : mapping
        Of the initialiser.
    paper : mapping
        Which of the papers' numbers its exponent is laid beside; empty where there is none.
    """

    label: str
    initialiser: str
    options: Mapping[str, Any] = field(default_factory=dict)
    paper: Mapping[str, str] = field(default_factory=dict)


def adjacency(material: Material, *, starts: Sequence[Start], shape: tuple[int, int], density: float) -> Drawn:
    """One bipartite block of each start, drawn from the material's seed, and its exponent, clustering and path length.

    Parameters
    ----------
    material : Material
    starts : sequence of Start
    shape : (int, int)
    density : float
    """
    import pandas as pd

    n_links = round(density * shape[0] * shape[1])
    canvas, panels = grid(-(-len(starts) // 3), 3, width=PAGE, height=2.75)
    layout = canvas.get_layout_engine()
    assert isinstance(layout, ConstrainedLayoutEngine)
    layout.set(hspace=0.06)
    rows = []
    with mpl.rc_context(STYLE):
        for start, axes in zip(starts, panels.flat, strict=False):
            material.progress(f"measuring {start.label}")
            rng = rng_for(material.seed, "adjacency", start.label)
            (mask,) = INITIALISERS[start.initialiser].function([shape], [n_links], rng=rng, **start.options)
            told = _told(mask, start, material.seed)
            rows.append(told)
            _draw(axes, mask, told)
        for axes in panels.flat[len(starts) :]:
            axes.set_axis_off()
        letters(list(panels.flat[: len(starts)]), [start.label for start in starts])
    return Drawn(canvas, pd.DataFrame(rows), notes=(*_conventions(shape, n_links, density), *_fits(rows)))


def _told(mask: Mask, start: Start, seed: int) -> dict[str, Any]:
    """The numbers of one start."""
    graph = Wiring.chain([mask.shape]).graph([mask])
    fit = fit_degrees(degrees(graph).total, rng=rng_for(seed, "adjacency", "fit"), replicas=_REPLICAS)
    world: Any = measure(graph, "small_world", seed=seed, n_null=0)
    beside = paper_number(**start.paper) if start.paper else None
    return {
        "start": start.label,
        "gamma": _number(fit.grid.alpha),
        "capped": fit.grid.capped is True,
        "xmin": _number(fit.grid.xmin),
        "p_value": _number(fit.p_value),
        "verdict": str(fit.verdict),
        "paper_gamma": None if beside is None else beside.value,
        "clustering": _number(world.whole.robins_alexander),
        "path_length": _number(world.path_length),
        "n_links": mask.n_links,
    }


def _number(value: Any) -> Any:
    return None if isinstance(value, Undefined) else value


def _draw(axes: Axes, mask: Mask, told: Mapping[str, Any]) -> None:
    cells = [min(_PIXELS, size) for size in mask.shape]
    image = np.zeros(cells)
    np.add.at(image, (mask.source * cells[0] // mask.shape[0], mask.target * cells[1] // mask.shape[1]), 1)
    axes.imshow(image > 0, cmap="Greys", vmin=0, vmax=1, interpolation="nearest", rasterized=True)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(FAINT)
    axes.set_ylabel("sources", fontsize=7)
    axes.set_xlabel("targets", fontsize=7)
    axes.text(0.0, -0.11, _words(told), transform=axes.transAxes, fontsize=7, va="top", linespacing=1.3)


def _words(told: Mapping[str, Any]) -> str:
    if told["gamma"] is None:
        exponent = "no exponent: all degrees are equal"
    elif told["capped"]:
        exponent = f"γ at its bound of {told['gamma']:g}: no power law"
    else:
        exponent = f"γ = {told['gamma']:.2f}" + (
            "" if told["paper_gamma"] is None else f" (paper {told['paper_gamma']:g})"
        )
    return f"{exponent}\nclustering {told['clustering']:.3f}, path length {told['path_length']:.1f}"


def _conventions(shape: tuple[int, int], n_links: int, density: float) -> tuple[str, ...]:
    return (
        f"One block of {shape[0]} x {shape[1]} neurons with {n_links:,} links ({100 * density:g} %), its neurons as "
        "the initialiser numbers them; a cell is black where any link among its neurons is",
        "γ: the papers' grid fit (1.01 to 10, xmin of smallest distance) on the degrees of both sides; clustering: "
        "share of three-link paths that close to four-cycles (Robins and Alexander); path length: mean over all joined "
        "pairs",
    )


def _fits(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    told = [f"{row['start']}: {row['verdict']}" for row in rows if row["gamma"] is not None and row["paper_gamma"]]
    return (f"Clauset's test of the power law with {_REPLICAS} synthetic samples: " + "; ".join(told),) if told else ()
