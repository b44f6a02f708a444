"""Weights: how the weights of the links are distributed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.separation import Separation, nowhere, separation
from sparsegraph.result import Result, Undefined, finite

LEVELS = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
"""Levels of the quantiles that are reported."""


@dataclass(frozen=True)
class WeightSpread(Result):
    """Distribution of the weights of a set of links; everything but counts is undefined without links.

    Parameters
    ----------
    n_links : int
    n_zero : int
        Links whose weight is exactly 0.
    mean, std : float
    kurtosis : float
        Excess kurtosis ``m4 / m2^2 - 3``: 0 for normal weights; undefined if all weights are equal.
    share_positive, share_zero : float
        Shares of the links with weight above 0, and of exactly 0.
    near_zero_gap : float
        Smallest absolute weight over the median one, zeros left out: large if pruning has emptied the middle.
    separation : Separation
        Whether the weights keep away from zero: how empty the middle is, not only where the first weight lies.
    quantiles : mapping of str to float
        By level, interpolated linearly; "0" is the minimum and "1" the maximum.
    edges, counts : tuple
        Histogram of equal bins from minimum to maximum (of a range around them if all weights are equal).
    """

    n_links: int
    n_zero: int
    mean: float | Undefined
    std: float | Undefined
    kurtosis: float | Undefined
    share_positive: float | Undefined
    share_zero: float | Undefined
    near_zero_gap: float | Undefined
    separation: Separation
    quantiles: dict[str, float] | Undefined
    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class BlockWeights(WeightSpread):
    """Weights of one block."""

    block: str


@dataclass(frozen=True)
class Weights(Result):
    """Weights of all blocks together and of each.

    Parameters
    ----------
    whole : WeightSpread
    per_block : tuple of BlockWeights
    weights, readout : str
        Conventions.
    """

    whole: WeightSpread
    per_block: tuple[BlockWeights, ...]
    weights: str
    readout: str = "readout counted"


@register("weights", main=("whole.std", "whole.kurtosis", "whole.separation.gap"), weighted=("*",))
def weights(graph: LayeredGraph, *, bins: int = 50) -> Weights:
    """Mean, spread, tails, signs and the gap around zero of the weights of the links.

    All stored weights count, zeros included.  Over weights other than zero ``near_zero_gap = min |w| / median |w|``,
    and :class:`~sparsegraph.measures.separation.Separation` says how empty the middle is.

    Parameters
    ----------
    graph : LayeredGraph
    bins : int
        Bins of the histograms, at least 1.

    Returns
    -------
    Weights

    Raises
    ------
    DataError
        If ``bins`` is below 1.

    Notes
    -----
    O(links).  Channel blocks hold L1 norms of kernels, so their weights are never negative.  Moments are
    those of the population (divided by n).

    References
    ----------
    D. N. Joanes, C. A. Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998) 183,
    coefficient g2.

    Examples
    --------
    >>> import numpy as np
    >>> result = weights(LayeredGraph.from_matrices([np.array([[1.0, -3.0], [2.0, 0.0]])]))
    >>> result.whole.n_links, result.whole.mean, result.whole.near_zero_gap
    (3, 0.0, 0.5)
    """
    if bins < 1:
        raise DataError(f"bins is {bins}; a histogram needs at least 1")
    stored = [block.weights.data.astype(np.float64) for block in graph.blocks]
    together = np.concatenate([np.empty(0), *stored])
    per_block = tuple(
        BlockWeights(**_spread(values, bins), block=block.name)
        for values, block in zip(stored, graph.blocks, strict=True)
    )
    return Weights(WeightSpread(**_spread(together, bins)), per_block, graph.weight_meaning)


def _spread(values: np.ndarray, bins: int) -> dict[str, Any]:
    n_zero = int(np.count_nonzero(values == 0.0))
    if values.size == 0:
        none = Undefined("no links")
        names = ("mean", "std", "kurtosis", "share_positive", "share_zero", "near_zero_gap", "quantiles")
        empty = {"n_links": 0, "n_zero": 0, "edges": (), "counts": (), "separation": nowhere(none.reason)}
        return empty | dict.fromkeys(names, none)
    unit = float(np.ldexp(1.0, int(np.frexp(np.abs(values).max())[1]) - 1))  # a power of two: dividing by it is exact
    relative = values / unit  # powers neither overflow nor vanish
    counts, edges = _histogram(relative, bins)
    levels = np.quantile(relative, LEVELS)
    return {
        "n_links": values.size,
        "n_zero": n_zero,
        "mean": finite(relative.mean() * unit),
        "std": finite(relative.std() * unit),
        "kurtosis": _kurtosis(relative),
        "share_positive": float((values > 0.0).mean()),
        "share_zero": n_zero / values.size,
        "near_zero_gap": _near_zero_gap(relative),
        "separation": separation(relative, unit),
        "quantiles": {f"{level:g}": float(value) for level, value in zip(LEVELS, levels * unit, strict=True)},
        "edges": tuple((edges * unit).tolist()),
        "counts": tuple(counts.tolist()),
    }


def _histogram(values: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    low, high = float(values.min()), float(values.max())
    if high - low < 2 * bins * np.spacing(max(abs(low), abs(high))):  # too close to be told apart: one wide range
        low, high = low - 0.5, high + 0.5
    return np.histogram(values, bins=bins, range=(low, high))


def _kurtosis(values: np.ndarray) -> float | Undefined:
    if values.min() == values.max():
        return Undefined("all weights are equal")
    squares = (values - values.mean()) ** 2
    return finite((squares**2).mean() / squares.mean() ** 2 - 3.0)


def _near_zero_gap(values: np.ndarray) -> float | Undefined:
    absolute = np.abs(values[values != 0.0])
    if absolute.size == 0:
        return Undefined("every weight is zero")
    return float(absolute.min() / np.median(absolute))
