"""Plots of the height of a line of text, as SVG in the colour of the text around them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sparsegraph.notebook.markup import Markup, Part, element
from sparsegraph.numerals import significant

WIDTH, HEIGHT = 132, 22
MOST_POINTS = 120
"""Longer series show every so many of their entries, and the last."""
MOST_BARS = 33


def sparkline(values: Sequence[float | None], label: str) -> Markup:
    """A series as a line with a dot at its end; None makes a gap."""
    values = _thinned(values)
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(known), max(known)
    across = (WIDTH - 4) / max(len(values) - 1, 1)
    points = [
        None if value is None else f"{2 + i * across:.1f},{_up(value, low, high):.1f}" for i, value in enumerate(values)
    ]
    lines = [element("polyline", points=" ".join(run)) for run in _runs(points) if len(run) > 1]
    alone = [_dot(run[0], 1) for run in _runs(points) if len(run) == 1]
    end = next(point for point in reversed(points) if point is not None)
    strokes = element("g", *lines, fill="none", stroke="currentColor", stroke_width="1.2", opacity=".8")
    return _svg(label, strokes, *alone, _dot(end, 2))


def bars(heights: Sequence[float], label: str) -> Markup:
    """Numbers that are not negative as bars; what is above zero is seen."""
    heights = _pooled(list(heights))
    top = max(heights, default=0)
    if top <= 0:
        return Markup("")
    wide = WIDTH / len(heights)
    drawn = [
        element(
            "rect",
            x=f"{i * wide:.1f}",
            y=f"{HEIGHT - tall:.1f}",
            width=f"{max(wide - 0.8, 0.6):.1f}",
            height=f"{tall:.1f}",
        )
        for i, tall in enumerate(max(1.0, height / top * HEIGHT) if height > 0 else 0.0 for height in heights)
        if tall > 0
    ]
    return _svg(label, element("g", *drawn, fill="currentColor", opacity=".6"))


def histogram(values: np.ndarray, label: str, *, counts: np.ndarray | None = None) -> Markup:
    """How many of the finite values, each counted so often, lie in equal steps from the least to the greatest."""
    is_finite = np.isfinite(values)
    finite, weights = values[is_finite], None if counts is None else counts[is_finite]
    if finite.size < 2 or finite.min() == finite.max():
        return Markup("")
    low, high = float(finite.min()), float(finite.max())
    whole = np.issubdtype(finite.dtype, np.integer) and high - low < MOST_BARS
    edges = np.arange(low - 0.5, high + 1) if whole else np.linspace(low, high, 25)
    if not (np.isfinite(edges).all() and (np.diff(edges) > 0).all()):
        return Markup("")
    return bars(np.histogram(finite, bins=edges, weights=weights)[0].tolist(), label)


def interval(observed: float, mean: float, spread: float) -> Markup:
    """A number as a dot beside a null model: its mean as a tick, two deviations to both sides as a bar."""
    reach = max(abs(observed - mean), 2 * spread) * 1.1
    if not (math.isfinite(reach) and reach > 0):
        return Markup("")
    label = f"{significant(observed)} beside {significant(mean)} ± {significant(spread, 2)}"

    def place(value: float) -> float:
        return WIDTH / 2 + (value - mean) / reach * (WIDTH / 2 - 3)

    middle = HEIGHT / 2
    bar = element(
        "rect",
        x=f"{place(mean - 2 * spread):.1f}",
        y=f"{middle - 3:.1f}",
        width=f"{max(place(mean + 2 * spread) - place(mean - 2 * spread), 0.8):.1f}",
        height=6,
        opacity=".3",
    )
    tick = element("rect", x=f"{place(mean) - 0.5:.1f}", y=f"{middle - 6:.1f}", width=1, height=12, opacity=".7")
    return _svg(label, element("g", bar, tick, fill="currentColor"), _dot(f"{place(observed):.1f},{middle:.1f}", 3))


def _svg(label: str, *parts: Part) -> Markup:
    seen = element("title", label)
    box = f"0 0 {WIDTH} {HEIGHT}"
    return element("svg", seen, *parts, role="img", aria_label=label, width=WIDTH, height=HEIGHT, viewBox=box)


def _dot(point: str, radius: float) -> Markup:
    x, _, y = point.partition(",")
    return element("circle", cx=x, cy=y, r=f"{radius:g}", fill="currentColor")


def _up(value: float, low: float, high: float) -> float:
    """Height of a value, from the top; equal values lie in the middle."""
    return HEIGHT / 2 if low == high else 2 + (high - value) / (high - low) * (HEIGHT - 4)


def _runs(points: Sequence[str | None]) -> list[list[str]]:
    """The points between the gaps."""
    runs: list[list[str]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _thinned(values: Sequence[float | None]) -> list[float | None]:
    every = -(-len(values) // MOST_POINTS)
    kept = list(values[::every])
    return kept if not values or (len(values) - 1) % every == 0 else [*kept, values[-1]]


def _pooled(heights: list[float]) -> list[float]:
    """Neighbours added up until there are few enough bars."""
    together = -(-len(heights) // MOST_BARS) if heights else 1
    return [sum(heights[i : i + together]) for i in range(0, len(heights), together)]
