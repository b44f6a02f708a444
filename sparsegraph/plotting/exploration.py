"""Exploration over training: the share of possible links ever tried, against random regrowth."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sparsegraph.measures.trajectory.exploration import Exploration, Explored
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import FAINT, INK, STYLE, percent_axis
from sparsegraph.result import Undefined

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
MOST_BLOCKS = len(COLOURS)
"""Of deeper nets only all blocks together are drawn."""


@draws(Exploration)
def plot_exploration(result: Exploration, ax: Axes | None = None) -> Axes:
    """ITOP rate over the updates, of each block and of all that change, with that of random regrowth dotted.

    Parameters
    ----------
    result : Exploration
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes
    """
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(5.0, 2.8)).subplots()
        if isinstance(result.pooled, Undefined):
            axes.set_title(f"{result.pooled}", fontsize=7, loc="left")
            return axes
        for label, part, colour in _parts(result, result.pooled):
            axes.plot(result.at.times, part.rate, color=colour, label=label)
            axes.plot(result.at.times, part.random, color=colour, linestyle=":", linewidth=1.0)
        handles = [*axes.get_legend_handles_labels()[0], Line2D([], [], color=FAINT, linestyle=":", label="random")]
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=7)
        axes.set_title("possible links ever tried (ITOP rate)\ndotted: as many drawn at random", fontsize=7, loc="left")
        axes.set_xlabel(f"topology {result.at.unit}" if result.at.unit == "update" else "snapshot")
        axes.set_ylabel("share of possible links")
        axes.set_ylim(bottom=0.0)
        percent_axis(axes.yaxis)
    return axes


def _parts(result: Exploration, pooled: Explored) -> list[tuple[str, Explored, str]]:
    blocks = () if isinstance(result.per_block, Undefined) else result.per_block
    changing = [part for part in blocks if part.block not in result.unchanged]
    if not 1 < len(changing) <= MOST_BLOCKS:
        return [("all blocks" if len(changing) != 1 else changing[0].block, pooled, INK)]
    single = [(part.block, part, colour) for part, colour in zip(changing, COLOURS, strict=False)]
    return [*single, ("all of these", pooled, INK)]
