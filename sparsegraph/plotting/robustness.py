"""Accuracy under perturbations: all curves of one net, or a panel a perturbation for several nets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsegraph.errors import DataError
from sparsegraph.perturb.curves import Curve, Robustness
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import DATA, FAINT, FIT, STYLE, percent_axis
from sparsegraph.result import Undefined

_COLOURS = (
    DATA,
    FIT,
    "#009e73",
    "#cc79a7",
    "#000000",
    "#56b4e9",
    "#e69f00",
)  # Okabe and Ito, orange far from vermilion
_DASHES = ("-", "--", "-.", ":")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_LABELS = {
    "strongest": "strongest first",
    "weakest": "weakest first",
    "random": "random failure",
    "shuffled": "shuffled in bins",
    "noise": "Gaussian noise",
}


@draws(Robustness)
def plot_robustness(result: Robustness, ax: Axes | None = None) -> Axes:
    """Accuracy against the strength of each perturbation, with 95 % bands over repeats and the level of chance.

    Parameters
    ----------
    result : Robustness
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure, which is ``axes.figure``.

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    Strengths share an axis as parts of each one's largest x, which the legend tells where it is not 1.  The legend
    names the curves from the largest area to the smallest.
    """
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(5.2, 3.0)).subplots()
        for curve, style in zip(result.curves, _styles(len(result.curves)), strict=True):
            _draw(axes, curve, np.array(curve.x) / curve.x[-1], style, label=_named(curve))
        _chance(axes, result)
        axes.set_xlabel("strength of the perturbation, x / largest x")
        _scale(axes, 1.0)
        axes.set_title(_caption(result), fontsize=7, loc="left")
        lines = axes.get_lines()[: len(result.curves)]
        shown = sorted(zip(result.curves, lines, strict=True), key=lambda pair: -pair[0].area.mean)
        handles = [*(line for _, line in shown), axes.get_lines()[-1]]
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=7)
    return axes


def plot_comparison(results: Mapping[str, Robustness], ax: Sequence[Axes] | None = None) -> list[Axes]:
    """A panel for each perturbation, with a curve for each net.

    Parameters
    ----------
    results : mapping of str to Robustness
        By the names to show; all with the same perturbations.
    ax : sequence of matplotlib Axes, optional
        One a perturbation; by default those of a new figure.

    Returns
    -------
    list of matplotlib Axes

    Raises
    ------
    DataError
        If there is no net, or they were perturbed in different ways.
    """
    found = list(results.values())
    kinds = [[curve.perturbation for curve in one.curves] for one in found]
    if not found or any(own != kinds[0] for own in kinds):
        raise DataError("nets are compared by the same perturbations, and there must be at least one net")
    with mpl.rc_context(STYLE):
        axes = list(ax) if ax is not None else _panels(len(kinds[0]))
        for place, own in enumerate(axes[: len(kinds[0])]):
            for (name, result), style in zip(results.items(), _styles(len(results)), strict=True):
                curve = result.curves[place]
                _draw(own, curve, np.array(curve.x), style, label=name)
            _chance(own, found[0])
            own.set_title(_LABELS.get(kinds[0][place], kinds[0][place]), fontsize=8, loc="left")
            own.set_xlabel(found[0].curves[place].x_label, fontsize=7)
            _scale(own, found[0].curves[place].x[-1])
        _legend(axes, len(kinds[0]))
    return axes[: len(kinds[0])]


def _named(curve: Curve) -> str:
    text = _LABELS.get(curve.perturbation, curve.perturbation)
    return text if curve.x[-1] == 1 else f"{text} (to x = {curve.x[-1]:g})"


def _styles(n: int) -> list[dict[str, Any]]:
    """A colour, a dash and a marker for each of n curves."""
    places = [(i % len(_COLOURS), i // len(_COLOURS) % len(_DASHES)) for i in range(n)]
    return [{"color": _COLOURS[own], "marker": _MARKERS[own], "linestyle": _DASHES[cycle]} for own, cycle in places]


def _draw(axes: Axes, curve: Curve, x: np.ndarray, style: dict[str, Any], label: str) -> None:
    means = np.array([point.mean for point in curve.points])
    axes.plot(x, means, label=label, markersize=3, markevery=2, markeredgewidth=0, **style)
    low = [point.low for point in curve.points]
    high = [point.high for point in curve.points]
    if not any(isinstance(value, Undefined) for value in low):
        axes.fill_between(x, np.array(low), np.array(high), color=style["color"], alpha=0.2, linewidth=0)


def _chance(axes: Axes, result: Robustness) -> None:
    axes.axhline(result.chance, color=FAINT, linewidth=0.7, linestyle=":", label="chance")


def _scale(axes: Axes, largest: float) -> None:
    axes.set_ylabel("accuracy")
    axes.set_ylim(0, 1.02)
    axes.set_xlim(0, largest)
    percent_axis(axes.yaxis)


def _caption(result: Robustness) -> str:
    scope = result.scope.partition(",")[0]
    what = f"{result.n_samples:,} images; {result.n_links:,} links perturbed, scope {scope}"
    n_repeats = max(curve.n_repeats for curve in result.curves)
    return (
        f"{what}\nbands: 95 % intervals of the mean over {n_repeats} repeats, cut to [0, 1]" if n_repeats > 1 else what
    )


def _panels(n: int) -> list[Axes]:
    n_columns = min(n, 3)
    n_rows = math.ceil(n / n_columns)
    figure = Figure(figsize=(2.3 * n_columns, 2.0 * n_rows + 0.3))
    axes = figure.subplots(n_rows, n_columns, squeeze=False).ravel().tolist()
    for spare in axes[n:]:
        spare.set_axis_off()
    return list(axes)


def _legend(axes: Sequence[Axes], n: int) -> None:
    """In the empty place of the grid, or else below the panels."""
    handles, names = axes[0].get_legend_handles_labels()
    if len(axes) > n:
        axes[n].legend(handles, names, loc="center left", fontsize=7)
        return
    figure = axes[0].get_figure(root=True)
    assert figure is not None
    figure.legend(handles, names, loc="outside lower center", fontsize=7, ncols=2)
