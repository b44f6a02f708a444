"""Turnover over training: what each update moves, and how much of it comes back at once."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsegraph.measures.trajectory.turnover import Share, Turnover, TurnoverSeries
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import DATA, FAINT, FIT, STYLE, percent_axis
from sparsegraph.result import Undefined

COURSES = (
    ("overlap", "overlap: regrown links just lost", FIT, "-"),
    ("random_overlap", "overlap of random regrowth", FIT, ":"),
    ("regrown", "regrown, of links before", DATA, "-"),
    ("percolated", "percolated, of links before", "#56b4e9", "--"),
    ("jaccard_first", "Jaccard with the first mask", "#009e73", "-."),
)


@draws(TurnoverSeries)
def plot_turnover(result: TurnoverSeries, ax: Axes | None = None) -> Axes:
    """Overlap of each update, beside that of random regrowth, with the shares of links moved, all blocks together.

    Parameters
    ----------
    result : TurnoverSeries
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    Undefined shares leave a gap; what is 0 at every update is left out.  The faint line is the threshold of an
    epitopological local minimum (ELM), the vertical one the update that reaches it.
    """
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(5.2, 2.8)).subplots()
        if isinstance(result.pooled, Undefined):
            axes.set_title("no link was ever lost or regrown", fontsize=7, loc="left")
            return axes
        _draw(axes, result, result.pooled)
        _threshold(axes, result, result.pooled)
        axes.set_title(
            f"shares at each update, all blocks that change\nfrom {result.pooled.basis}", fontsize=7, loc="left"
        )
        axes.set_xlabel(f"topology {result.at.unit}" if result.at.unit == "update" else "snapshot")
        axes.set_ylabel("share")
        axes.set_ylim(0, 1.02)
        percent_axis(axes.yaxis)
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=7)
    return axes


def _draw(axes: Axes, result: TurnoverSeries, pooled: Turnover) -> None:
    times = result.at.times[1:]
    marker = "o" if len(times) == 1 else ""
    for field, label, colour, dash in COURSES:
        values = _values(getattr(pooled, field))
        if np.nan_to_num(values).any() or (field == "overlap" and not np.isnan(values).all()):
            axes.plot(times, values, color=colour, linestyle=dash, label=label, marker=marker)


def _threshold(axes: Axes, result: TurnoverSeries, pooled: Turnover) -> None:
    if all(isinstance(share, Undefined) for share in pooled.overlap):
        return
    axes.axhline(result.threshold, color=FAINT, linewidth=0.7, linestyle=":", zorder=0)
    if not isinstance(pooled.elm_update, Undefined):
        label = f"ELM, {result.at.unit} {pooled.elm_update:,}"
        axes.axvline(pooled.elm_update, color=FAINT, linewidth=0.7, label=label, zorder=0)


def _values(shares: Sequence[Share]) -> np.ndarray:
    return np.array([np.nan if isinstance(share, Undefined) else share for share in shares])
