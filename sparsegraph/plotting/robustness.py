"""Accuracy under perturbations: all curves of one net, or a panel a perturbation for several nets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from sparsegraph.errors import DataError
from sparsegraph.perturb.curves import Curve, Robustness
from sparsegraph.plotting.catalogue import draws
from sparsegraph.plotting.style import DATA, FAINT, FIT, STYLE
from sparsegraph.result import Undefined

_COLOURS = (DATA, FIT, "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")  # Okabe and Ito
_DASHES = ("-", "--", "-.", ":")
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
    Strengths share an axis as parts of each one's largest x, which the label of a curve tells where it is not 1.
    """
    with mpl.rc_context(STYLE):
        axes = ax if ax is not None else Figure(figsize=(4.6, 3.2)).subplots()
        for curve, colour in zip(result.curves, _styles(len(result.curves)), strict=True):
            _draw(axes, curve, np.array(curve.x) / curve.x[-1], *colour)
        _chance(axes, result)
        axes.annotate(
            "chance",
            (1, result.chance),
            (3, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=6,
            color=FAINT,
        )
        axes.set_xlabel("strength of the perturbation, x / largest x")
        _scale(axes, 1.0)
        axes.set_title(_caption(result), fontsize=7, loc="left")
        _label_directly(axes, result)
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
                _draw(own, curve, np.array(curve.x), *style, label=name)
            _chance(own, found[0])
            own.set_title(_LABELS.get(kinds[0][place], kinds[0][place]), fontsize=8, loc="left")
            own.set_xlabel(found[0].curves[place].x_label, fontsize=7)
            _scale(own, found[0].curves[place].x[-1])
        _legend(axes, len(kinds[0]))
    return axes[: len(kinds[0])]


def _styles(n: int) -> list[tuple[str, str]]:
    """A colour and a dash for each of n curves."""
    return [(_COLOURS[i % len(_COLOURS)], _DASHES[i // len(_COLOURS) % len(_DASHES)]) for i in range(n)]


def _draw(axes: Axes, curve: Curve, x: np.ndarray, colour: str, dash: str, label: str | None = None) -> None:
    means = np.array([point.mean for point in curve.points])
    axes.plot(x, means, color=colour, linestyle=dash, label=label)
    low = [point.low for point in curve.points]
    high = [point.high for point in curve.points]
    if not any(isinstance(value, Undefined) for value in low):
        axes.fill_between(x, np.array(low), np.array(high), color=colour, alpha=0.2, linewidth=0)


def _chance(axes: Axes, result: Robustness) -> None:
    axes.axhline(result.chance, color=FAINT, linewidth=0.7, linestyle=":", label="chance")


def _scale(axes: Axes, largest: float) -> None:
    axes.set_ylabel("accuracy")
    axes.set_ylim(0, 1.02)
    axes.set_xlim(0, largest)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")


def _caption(result: Robustness) -> str:
    scope = result.scope.partition(",")[0]
    what = f"{result.n_samples:,} images; {result.n_links:,} links perturbed, scope {scope}"
    n_repeats = max(curve.n_repeats for curve in result.curves)
    return f"{what}\nbands: 95 % intervals of the mean over {n_repeats} repeats" if n_repeats > 1 else what


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


def _label_directly(axes: Axes, result: Robustness) -> None:
    """A name beside each curve, near it and away from the others."""
    lines = [_outline(curve) for curve in result.curves]
    taken: list[Bbox] = []
    for index, (curve, style) in enumerate(zip(result.curves, _styles(len(lines)), strict=True)):
        text = _LABELS.get(curve.perturbation, curve.perturbation)
        if curve.x[-1] != 1:
            text += f" (to x = {curve.x[-1]:g})"
        own = lines[index]
        others = np.concatenate([line for i, line in enumerate(lines) if i != index] + [np.full((1, 2), 9.0)])
        boxes = [box for box in _around(own, _LETTER / _inches(axes) * len(text)) if _is_inside(box)]
        free = [box for box in boxes if not any(box.overlaps(other) for other in taken)]
        best = max(free or boxes, key=partial(_merit, own=own, others=others))
        taken.append(best.padded(0.01))
        axes.text(best.x0, (best.y0 + best.y1) / 2, text, color=style[0], fontsize=7, va="center")


_LETTER = 0.048
"""Mean width of a letter in inches."""

_HEIGHT, _FAR = 0.065, 0.08


def _outline(curve: Curve) -> np.ndarray:
    """Points along a curve, evenly spaced on the axes; shape (200, 2)."""
    x = np.array(curve.x) / curve.x[-1]
    y = np.array([point.mean for point in curve.points])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = np.linspace(0, along[-1], 200)
    return np.column_stack([np.interp(at, along, x), np.interp(at, along, y)])


def _around(line: np.ndarray, width: float) -> Iterator[Bbox]:
    """Places of a text beside the points of a curve: right, left, above and below of each."""
    for x, y in line[::3]:
        yield Bbox.from_bounds(x + 0.02, y - _HEIGHT / 2, width, _HEIGHT)
        yield Bbox.from_bounds(x - 0.02 - width, y - _HEIGHT / 2, width, _HEIGHT)
        yield Bbox.from_bounds(x - width / 2, y + 0.015, width, _HEIGHT)
        yield Bbox.from_bounds(x - width / 2, y - 0.015 - _HEIGHT, width, _HEIGHT)


def _is_inside(box: Bbox) -> bool:
    return bool(box.x0 >= 0 and box.x1 <= 1 and box.y0 >= 0 and box.y1 <= 1)


def _merit(box: Bbox, own: np.ndarray, others: np.ndarray) -> float:
    """Near its own curve, away from others, on top of none."""
    to_own, to_others = _gap(box, own), _gap(box, others)
    return -1.0 if to_own == 0 or to_others == 0 else min(to_others, _FAR) - to_own


def _gap(box: Bbox, points: np.ndarray) -> float:
    """Distance from a box to the nearest point; 0 if one lies inside."""
    aside = np.maximum(np.maximum([box.x0, box.y0] - points, points - [box.x1, box.y1]), 0)
    return float(np.hypot(*aside.T).min())


def _inches(axes: Axes) -> float:
    """Width of the axes."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return float(figure.get_size_inches()[0]) * axes.get_position().width
