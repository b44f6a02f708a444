"""k-shells of every layer as bars: which share of its neurons sits how deep."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sparsegraph.measures.kshell import KShell
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import STYLE, percent_axis

COLOURS = "viridis"
ALONE = "#d9d9d9"
"""Of neurons without a link."""


@draws(KShell)
def plot_kshell(result: KShell, ax: Axes | None = None) -> Axes:
    """A bar for each layer, its neurons ordered from the outermost shell to the innermost one.

    Parameters
    ----------
    result : KShell
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    Colours are shells, grey neurons without links; beside each bar stands the innermost shell of its layer.
    """
    n_layers = len(result.per_layer)
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(4.6, 1.0 + 0.32 * n_layers)).subplots()
        scale = Normalize(1, max(result.max_shell, 2))
        ends = np.cumsum([0, *(part.n_neurons for part in result.per_layer)])
        for place, part in enumerate(result.per_layer):
            _draw_layer(axes, result.shell[ends[place] : ends[place + 1]], place, scale)
            words = f"to {part.max_shell:,}"
            axes.text(1.01, place, words, va="center", fontsize=7)
        axes.set_yticks(range(n_layers), [part.layer for part in result.per_layer])
        axes.set_ylim(n_layers - 0.5, -0.5)
        axes.set_xlim(0, 1)
        axes.set_xlabel("share of the layer's neurons")
        percent_axis(axes.xaxis)
        axes.set_title(_caption(result), fontsize=7, loc="left")
        figure = axes.get_figure(root=True)
        assert figure is not None
        if result.max_shell > 0:
            shells = mpl.cm.ScalarMappable(scale, COLOURS)
            figure.colorbar(shells, ax=axes, label="shell k", pad=0.1, ticks=MaxNLocator(6, integer=True))
    return axes


def _draw_layer(axes: Axes, shell: np.ndarray, place: int, scale: Normalize) -> None:
    values, counts = np.unique(shell, return_counts=True)
    shares = counts / max(shell.size, 1)
    colours = [mpl.colormaps[COLOURS](scale(value)) if value else ALONE for value in values.tolist()]
    axes.barh(np.full(values.size, place), shares, 0.7, left=np.cumsum(shares) - shares, color=colours, linewidth=0)


def _caption(result: KShell) -> str:
    if result.max_shell == 0:
        return "no links"
    alone = f"; {result.n_isolated:,} without links (grey)" if result.n_isolated else ""
    return f"innermost shell {result.max_shell:,} with {result.n_core:,} neurons{alone}"
