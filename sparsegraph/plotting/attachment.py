"""Attachment kernels on logarithmic axes: relative rates with their intervals, and the fitted powers."""

from __future__ import annotations

import math
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from sparsegraph.measures.trajectory.attachment import Attachment
from sparsegraph.measures.trajectory.attachment_kernel import PairKernel, SideKernel
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import DATA, FAINT, FIT, STYLE
from sparsegraph.result import Undefined

WIDTH, HEIGHT = 3.0, 2.8
WIDE = 200.0
"""From this ratio of degrees on only powers of ten are labelled."""


@draws(Attachment)
def plot_attachment(result: Attachment, ax: Axes | None = None) -> Axes:
    """The kernel of gains of each block, or of the first block with gains in one given place.

    Parameters
    ----------
    result : Attachment
    ax : matplotlib Axes, optional
        Where to draw one block; by default a new figure with one panel a block, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes
        The first panel.

    Notes
    -----
    Points are the relative rates of absent links at neurons of each degree, bars their 95 % intervals, lines the fitted
    powers; dotted are the powers 0 (uniform) and 1 (linear preferential attachment).  Degree 0 and rates of 0 have no
    place on logarithmic axes.
    """
    found = [(part.block, part.attachment) for part in result.per_block if not isinstance(part.attachment, Undefined)]
    with mpl.rc_context(STYLE):
        if ax is not None:
            panels, found = [ax], found[:1]
        else:
            n_panels = max(len(found), 1)
            panels = list(Figure(figsize=(WIDTH * n_panels, HEIGHT)).subplots(1, n_panels, squeeze=False)[0])
        if not found:
            panels[0].set_title("no link was regrown", fontsize=7, loc="left")
        for panel, (block, kernel) in zip(panels, found, strict=False):
            plot_kernel(kernel, panel, offset=result.offset)
            known = not isinstance(kernel.source.standard_error, Undefined)
            errors = "a ± standard error; bars: 95 %" if known else "bars: 95 %"
            panel.set_title(f"{block}: links gained\n{errors}", fontsize=7, loc="left")
    return panels[0]


@draws(PairKernel)
def plot_kernel(kernel: PairKernel, ax: Axes | None = None, *, offset: float = 0.0) -> Axes:
    """The kernels of both sides of one block.

    Parameters
    ----------
    kernel : PairKernel
    ax : matplotlib Axes, optional
    offset : float
        That of the fit, added to every degree.
    """
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(WIDTH, HEIGHT)).subplots()
        axes.set_xscale("log")
        axes.set_yscale("log")
        for side, colour, marker in ((kernel.source, DATA, "o"), (kernel.target, FIT, "s")):
            _draw_side(axes, side, colour, marker, offset)
        _draw_references(axes, offset)
        axes.set_xlabel(f"degree k{f' + {offset:g}' if offset else ''} (links)")
        axes.set_ylabel("relative rate of a pair of neurons")
        left, right = axes.get_xlim()
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if right < WIDE * left else (1.0,)))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.legend(fontsize=6.5, handlelength=1.2, loc="best")
    return axes


def _draw_side(axes: Axes, side: SideKernel, colour: str, marker: str, offset: float) -> None:
    degree, rate = np.array(side.degree) + offset, np.array(side.rate)
    low = np.array([0.0 if isinstance(value, Undefined) else value for value in side.low])
    high = np.array([np.nan if isinstance(value, Undefined) else value for value in side.high])
    shown = (degree > 0) & (rate > 0)
    bars = np.stack([rate - low, high - rate])[:, shown]
    style: Any = {"markersize": 3, "markeredgewidth": 0, "elinewidth": 0.8, "linestyle": "none"}
    axes.errorbar(
        degree[shown], rate[shown], bars, marker=marker, color=colour, label=f"{side.neurons}: {_fitted(side)}", **style
    )
    if shown.any() and not isinstance(side.exponent, Undefined) and not isinstance(side.scale, Undefined):
        x = np.geomspace(degree[shown].min(), degree[shown].max(), 50)
        axes.plot(x, side.scale * x**side.exponent, color=colour)


def _fitted(side: SideKernel) -> str:
    if isinstance(side.exponent, Undefined):
        return "no exponent"
    if isinstance(side.standard_error, Undefined):
        return f"a = {side.exponent:.2f}"
    digits = max(1, 1 - math.floor(math.log10(side.standard_error)))
    return f"a = {side.exponent:z.{digits}f} ± {side.standard_error:.{digits}f}"


def _draw_references(axes: Axes, offset: float) -> None:
    """Powers 0 and 1 through the middle; at least a decade to both sides of 1, so that a flat kernel looks flat."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    bottom, top = min(bottom, 0.1), max(top, 10.0)
    x = np.geomspace(left, right, 20)
    middle = np.sqrt(left * right)
    for exponent in (0, 1):
        axes.plot(x, (x / middle) ** exponent, color=FAINT, linewidth=0.7, linestyle=":", zorder=0)
        end = min(right, top * middle if exponent else right)
        place = (end, (end / middle) ** exponent)
        axes.annotate(f"$k^{exponent}$", place, color=FAINT, fontsize=7, va="center", annotation_clip=False)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
