"""Grids of panels in one style: their sizes, their letters, and labels at the ends of curves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsegraph.plotting.style import STYLE

COLUMN, PAGE = 3.5, 7.2
"""Width of a column and of a page in print, in inches."""


def grid(n_rows: int, n_columns: int, *, width: float | None = None, height: float = 2.2) -> tuple[Figure, np.ndarray]:
    """A figure with ``n_rows x n_columns`` panels, each ``height`` inches high: as wide as a column, or as a page.

    Returns
    -------
    Figure, ndarray of Axes, shape (n_rows, n_columns)
    """
    with mpl.rc_context(STYLE):
        wide = width or (COLUMN if n_columns == 1 else PAGE)
        figure = Figure(figsize=(wide, height * n_rows + 0.25), layout="constrained")
        return figure, figure.subplots(n_rows, n_columns, squeeze=False)


def named(panels: Iterable[Axes]) -> tuple[list[Artist], list[str]]:
    """Handles and labels for one legend of several panels: each name once, in whichever panel it is drawn first."""
    found: dict[str, Artist] = {}
    for panel in panels:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    return list(found.values()), list(found)


def letters(panels: Sequence[Axes], titles: Sequence[str]) -> None:
    """Letters and titles above panels, flush left; no letter where there is one panel only."""
    for place, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        before = f"{chr(ord('a') + place)}  " if len(panels) > 1 else ""
        panel.set_title(f"{before}{title}", loc="left", fontsize=8)


def label_ends(axes: Axes, ends: Sequence[tuple[float, float, str, str]], *, size: float = 7.0) -> None:
    """Names at the right ends of curves, moved apart where they would overlap.

    Parameters
    ----------
    axes : Axes
        With its final limits.
    ends : sequence of (x, y, text, colour)
        In data coordinates.
    size : float
        Of the letters, in points.
    """
    if not ends:
        return
    figure = axes.get_figure(root=True)
    assert figure is not None
    bottom, top = axes.get_ylim()
    height = axes.get_position().height * figure.get_figheight() * 72.0
    step = 1.15 * size / height
    scale = axes.yaxis.get_transform().transform
    low, high = float(scale(bottom)), float(scale(top))
    order = sorted(range(len(ends)), key=lambda i: ends[i][1])
    wanted = np.array([(float(scale(ends[i][1])) - low) / (high - low) for i in order])
    places = _apart(np.clip(wanted, 0.0, 1.0), step)
    for place, i in zip(places, order, strict=True):
        _, _, text, colour = ends[i]
        axes.annotate(
            text,
            (1.0, place),
            xycoords="axes fraction",
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=size,
            color=colour,
            va="center",
            annotation_clip=False,
        )


def _apart(places: np.ndarray, step: float) -> np.ndarray:
    """Increasing places moved as little as needed so that neighbours are at least a step apart (pooled means)."""
    pools: list[tuple[float, int]] = []
    for i, place in enumerate(places):
        pools.append((float(place) - i * step, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, n), (second, m) = pools[-2], pools[-1]
            pools[-2:] = [((first * n + second * m) / (n + m), n + m)]
    flat = np.concatenate([np.full(n, value) for value, n in pools])
    return flat + step * np.arange(places.size)
