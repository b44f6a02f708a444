"""Weights of each block: profiles around zero, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsegraph.measures.separation import REACH, Separation
from sparsegraph.measures.weights import Weights
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import DATA, FAINT, FIT, INK, STYLE
from sparsegraph.result import Undefined

HEIGHT = 0.85
"""Of a profile's peak, in steps from one block to the next."""

WORDS = 2.5
"""Room for words at the right, in medians."""


@draws(Weights)
def plot_weights(result: Weights, ax: Axes | None = None) -> Axes:
    """Profile of the weights of every block, in medians of ``|w|`` and scaled to its peak, with the gap beside zero.

    Parameters
    ----------
    result : Weights
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure of column width, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    Weights beyond six medians are not shown, nor are those of exactly 0.  Where the gap beside zero is larger than in
    95 % of samples without one, its share is told and two strokes mark its deepest point.
    """
    parts = [(part.block, part.separation) for part in result.per_block if part.separation.profile]
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(3.5, 0.9 + 0.55 * max(len(parts), 1))).subplots()
        axes.axvline(0.0, color=FAINT, linewidth=0.7, linestyle=":", zorder=0)
        for place, (_, found) in enumerate(reversed(parts)):
            _draw(axes, found, place)
        axes.set_xlim(-REACH, REACH + WORDS)
        axes.set_xticks(np.arange(-REACH, REACH + 1.0, 2.0))
        axes.set_ylim(-0.05, max(len(parts), 1))
        axes.set_yticks(0.25 + np.arange(len(parts)), [_label(*part) for part in reversed(parts)])
        axes.tick_params(axis="y", length=0, pad=2)
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_bounds(-REACH, REACH)
        of_kernels = "" if result.weights == "weights" else f" ({result.weights})"
        axes.set_title("\n".join(_caption([found for _, found in parts])), fontsize=6.5, loc="left")
        axes.set_xlabel(f"weight / median |weight|{of_kernels}", x=REACH / (2.0 * REACH + WORDS))
    return axes


def _caption(parts: Sequence[Separation]) -> list[str]:
    """What heights and strokes are."""
    strokes = ["orange strokes: deepest point of a gap beside 0"] if any(map(_has_gap, parts)) else []
    return ["height: number of weights, each block's peak alike", *strokes]


def _has_gap(found: Separation) -> bool:
    """Whether the gap is larger than in 95 % of samples without one."""
    if isinstance(found.gap, Undefined) or isinstance(found.gap_noise, Undefined):
        return False
    return found.gap > found.gap_noise


def _label(block: str, found: Separation) -> str:
    return block if isinstance(found.median, Undefined) else f"{block}\nmedian {found.median:.2g}"


def _draw(axes: Axes, found: Separation, base: int) -> None:
    heights = HEIGHT * np.array(found.profile) / max(*found.profile, 1)
    edges = np.linspace(-REACH, REACH, len(found.profile) + 1)
    axes.stairs(base + heights, edges, baseline=base, fill=True, color=DATA, alpha=0.35, linewidth=0)
    axes.stairs(base + heights, edges, baseline=base, color=DATA, linewidth=0.8)
    if isinstance(found.gap, Undefined) or isinstance(found.gap_noise, Undefined):
        return
    clear = _has_gap(found)
    told = f"gap {100.0 * found.gap:.1f} %" if clear else "no gap"
    axes.text(REACH + WORDS, base + 0.3, told, ha="right", fontsize=7, color=INK)
    if clear and not isinstance(found.gap_at, Undefined) and not isinstance(found.median, Undefined):
        place = found.gap_at / found.median
        axes.vlines([-place, place], base, base + 0.6 * HEIGHT, color=FIT, linewidth=0.9)
