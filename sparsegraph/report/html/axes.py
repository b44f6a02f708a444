"""Axes of the panels: ticks at round numbers, and the places of numbers in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

WIDTH, HEIGHT = 320.0, 190.0
"""Of a panel."""
LEFT, RIGHT, TOP, BOTTOM = 62.0, 16.0, 10.0, 38.0
"""Room around the axes: on the left for "97.025 %" in the widest of the fonts that a browser may take."""
EDGES = {"left": LEFT, "right": WIDTH - RIGHT, "top": TOP, "bottom": HEIGHT - BOTTOM}
"""Of the axes, for the template."""


@dataclass(frozen=True)
class Scale:
    """From numbers to pixels.

    Parameters
    ----------
    low, high : float
        Ends of the axis.
    first, last : float
        Pixels there.
    is_log : bool
    """

    low: float
    high: float
    first: float
    last: float
    is_log: bool = False

    def __call__(self, value: float) -> float:
        """Pixel of a number."""
        low, high, at = self._even(self.low), self._even(self.high), self._even(value)
        share = (at - low) / (high - low) if high > low else 0.5
        return round(self.first + share * (self.last - self.first), 1)

    def _even(self, value: float) -> float:
        return math.log10(value) if self.is_log else value

    def ticks(self, word: Callable[[float], str]) -> tuple[tuple[float, str], ...]:
        """Round numbers on the axis: where, and in words."""
        found = powers(self.low, self.high) if self.is_log else round_numbers(self.low, self.high)
        return tuple((self(value), word(value)) for value in found)


def across(low: float, high: float, *, is_log: bool = False) -> Scale:
    """Axis from left to right."""
    return Scale(low, high, LEFT, WIDTH - RIGHT, is_log)


def upwards(low: float, high: float, *, is_log: bool = False) -> Scale:
    """Axis from the bottom to the top."""
    return Scale(low, high, HEIGHT - BOTTOM, TOP, is_log)


def widened(values: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis for these values: round numbers around them."""
    low, high = min(values), max(values)
    if low == high:
        return low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    step = _step(low, high)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def round_numbers(low: float, high: float) -> list[float]:
    """About four round numbers from low to high.

    Examples
    --------
    >>> round_numbers(0, 97), round_numbers(0.25, 1.0)
    ([0.0, 25.0, 50.0, 75.0], [0.4, 0.6, 0.8, 1.0])
    """
    step = _step(low, high)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 12) for i in range(first, math.floor(high / step + 1e-9) + 1)]


def powers(low: float, high: float) -> list[float]:
    """Powers of ten from low to high.

    Examples
    --------
    >>> powers(0.002, 300)
    [0.01, 0.1, 1.0, 10.0, 100.0]
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [float(f"1e{i}") for i in range(first, last + 1)]


def _step(low: float, high: float) -> float:
    rough = (high - low) / 4 or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough * (1 - 1e-9))


def polyline(x: Iterable[float], y: Iterable[float]) -> str:
    """Points as SVG writes them."""
    return " ".join(f"{a:g},{b:g}" for a, b in zip(x, y, strict=True))


def at_least(counted: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Values above 0, and the share of all that have at least so much.

    Examples
    --------
    >>> at_least([(0, 2), (1, 1), (4, 1)])
    (array([1, 4]), array([0.5 , 0.25]))
    """
    values, counts = np.array(counted, dtype=np.int64).reshape(-1, 2).T
    share = counts[::-1].cumsum()[::-1] / max(counts.sum(), 1)
    return values[values > 0], share[values > 0]
