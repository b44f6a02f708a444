"""What an analysis takes, to an order of magnitude: a simple model of links and sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sparsegraph.result import Result

LARGEST_SPECTRUM = 6000
"""Shorter side above which ``rank`` leaves a block undefined, and so costs nothing."""

_BASE_BYTES = 250e6
_BYTES_PER_LINK = 240.0
_BYTES_PER_WEIGHT = 10.0
_BYTES_PER_ENTRY = 16.0
_BASE_SECONDS = 3.0
_SECONDS_PER_LINK = 3.5e-5
_SECONDS_PER_WEIGHT = 1e-8
_SECONDS_PER_PRODUCT = 1e-10


@dataclass(frozen=True)
class Size:
    """Shape of a matrix or filter bank, and how many of its weights are kept."""

    shape: tuple[int, ...]
    n_kept: int

    @property
    def n_weights(self) -> int:
        """Weights in all."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Estimate(Result):
    """Memory and time of an analysis with all core measures: an order of magnitude, no promise.

    Parameters
    ----------
    memory_bytes : int
    seconds : float
        On one ordinary core.
    convention : str
        How they were estimated.
    """

    memory_bytes: int
    seconds: float
    convention: str = "order of magnitude: linear in links and weights, cubic in the sides of the matrices (ranks)"


def estimate(sizes: Sequence[Size]) -> Estimate:
    """Memory and time that an analysis of all matrices would take.

    Memory: a base for the interpreter, the largest stored matrix with its mask and a copy, its dense spectrum, and
    the link lists of the whole graph.  Time: a base (bootstrap of the power law), one pass over the stored weights,
    the graph measures over the links, and the singular values of each matrix, m n min(m, n) products.

    Notes
    -----
    Coefficients measured on one core of a small virtual machine: all core measures of four random nets took 4 to 6 s
    and 0.26 GB (28 thousand links), 28 s and 0.39 GB (559 thousand), 18 s and 0.42 GB (270 thousand, sides of 3000),
    122 s and 1.0 GB (2.7 million).  Expect a factor of three either way.

    Examples
    --------
    >>> estimate([Size((300, 784), 23_520), Size((10, 300), 3_000)]).seconds < 60
    True
    """
    n_links, n_weights = sum(size.n_kept for size in sizes), sum(size.n_weights for size in sizes)
    sides = [(size.shape[0], size.shape[1]) for size in sizes if len(size.shape) == 2]
    spectra = [(m, n) for m, n in sides if min(m, n) <= LARGEST_SPECTRUM]
    largest = max((size.n_weights for size in sizes), default=0)
    memory = _BASE_BYTES + _BYTES_PER_WEIGHT * largest + _BYTES_PER_LINK * n_links
    memory += _BYTES_PER_ENTRY * max((m * n for m, n in spectra), default=0)
    seconds = _BASE_SECONDS + _SECONDS_PER_WEIGHT * n_weights + _SECONDS_PER_LINK * n_links
    seconds += _SECONDS_PER_PRODUCT * sum(m * n * min(m, n) for m, n in spectra)
    return Estimate(int(memory), round(seconds, 1))
