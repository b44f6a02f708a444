"""Discrete power-law fits by exact maximum likelihood on the histogram of the data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.kernels.histogram import Histogram, histogram_of
from sparsegraph.kernels.powerlaw_tail import fit_tail, select_tail
from sparsegraph.kernels.zeta import log_moments, quantiles

CLAUSET_GRID = np.arange(101, 1001) / 100
"""Exponents 1.01, 1.02, ..., 10 that the CHT papers search with Clauset's plfit; a fit of 10 is its cap."""
CLAUSET_GRID.flags.writeable = False

LARGEST_INTEGER_DRAW = 2**62


@dataclass(frozen=True, slots=True)
class PowerLawFit:
    """Fitted tail P(X = x) = x^-alpha / zeta(alpha, xmin) for the integers x >= xmin.

    Parameters
    ----------
    alpha : float
        Exponent, above 1.
    sigma : float
        Its standard error, 1 / sqrt(n_tail Var[ln X]) under the fitted law (discrete Fisher information).
    xmin, n_tail, n : int
        Smallest value of the tail, number of data in it, and number of positive data.
    ks_distance : float
        Largest distance of fitted and empirical distribution function over all integers from xmin to the maximum.
    log_likelihood : float
        Of the n_tail data at ``alpha``, in nats.
    fixed_xmin : bool
        Whether xmin was given rather than selected.
    on_grid, capped : bool
        Whether alpha was searched on a grid, and whether the largest exponent of the grid won: then alpha is a
        bound and no estimate.
    """

    alpha: float
    sigma: float
    xmin: int
    n_tail: int
    n: int
    ks_distance: float
    log_likelihood: float
    fixed_xmin: bool
    on_grid: bool
    capped: bool


def fit_discrete(
    data: Any, *, xmin: int | None = None, alpha_grid: Any | None = None, finite_size: bool = False
) -> PowerLawFit:
    """Power law fitted to the tail of positive integers.

    For each candidate xmin (every distinct value but the largest) alpha maximises
    ``-n_tail ln zeta(alpha, xmin) - alpha sum ln x``, without any bound but alpha > 1; the xmin with the smallest
    Kolmogorov-Smirnov distance is selected, the smaller one on ties.

    Parameters
    ----------
    data : array_like of int
        Data such as degrees; zeros are dropped, as a power law has none.
    xmin : int, optional
        Fixed smallest value of the tail instead of the selected one; it need not occur in the data.
    alpha_grid : array_like of float, optional
        Ascending exponents above 1 to which alpha is confined, such as ``CLAUSET_GRID``.
    finite_size : bool
        Correct the exponent of a small sample to ``alpha (n_tail - 1) / n_tail + 1 / n_tail`` once xmin is
        selected; the distance stays that of the uncorrected law.

    Returns
    -------
    PowerLawFit

    Raises
    ------
    DataError
        If data are negative or no integers, if the tail has fewer than two distinct values, or if xmin is below 1
        or above the largest value.

    Notes
    -----
    O(n log n) for the histogram, O(n_distinct) zeta functions and at worst O(n_distinct^2) steps for the distances.
    The log-likelihood is concave in alpha, so that the best exponent of a grid is a neighbour of the free optimum.
    The distance follows Clauset's plfit and looks at every integer; plfit by Nepusz and igraph look only at the
    integers just before a distinct value, which differs where the data have gaps.

    References
    ----------
    A. Clauset, C. R. Shalizi, M. E. J. Newman, "Power-law distributions in empirical data", SIAM Review 51 (2009),
    equations 3.5, 3.7 and 3.9.

    Examples
    --------
    >>> fit = fit_discrete([1] * 70 + [2] * 15 + [3] * 6 + [4, 4, 5, 6, 7, 9, 12, 20, 55])
    >>> fit.xmin, fit.n_tail, round(fit.alpha, 2)
    (1, 100, 2.31)
    """
    histogram = histogram_of(data)
    grid = _checked_grid(alpha_grid)
    if xmin is None:
        _check_distinct(histogram, 1)
        alpha, start, distance = select_tail(histogram.values, histogram.counts, grid)
        smallest = histogram.values[start]
    else:
        start = _first_of_tail(histogram, xmin)
        smallest = float(xmin)
        alpha, distance = fit_tail(histogram.values[start:], histogram.counts[start:], smallest, grid)
    values, counts = histogram.values[start:], histogram.counts[start:]
    n_tail = int(counts.sum())
    capped = bool(grid.size and alpha >= grid[-1])
    if finite_size:
        alpha = (alpha * (n_tail - 1) + 1) / n_tail
    h, _, variance = log_moments(alpha, smallest)
    return PowerLawFit(
        alpha=float(alpha),
        sigma=1.0 / math.sqrt(n_tail * variance),
        xmin=int(smallest),
        n_tail=n_tail,
        n=int(histogram.counts.sum()),
        ks_distance=float(distance),
        log_likelihood=float(-n_tail * math.log(h) - alpha * (counts @ np.log(values / smallest))),
        fixed_xmin=xmin is not None,
        on_grid=bool(grid.size),
        capped=capped,
    )


def draw_discrete(alpha: float, xmin: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Independent draws from P(X = x) = x^-alpha / zeta(alpha, xmin), x >= xmin.

    Each is the exact quantile of one uniform number.

    Parameters
    ----------
    alpha : float
        Exponent, above 1.
    xmin : int
        Smallest value, at least 1.
    size : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (size,)

    Raises
    ------
    DataError
        If alpha or xmin is out of range.

    Notes
    -----
    Draws above 2^53 have the precision of a double, and those above 2^62 are set to 2^62; for xmin = 1 that is one
    draw in 10^9 at alpha = 1.5 and one in 70 at alpha = 1.1.
    """
    if not (alpha > 1 and math.isfinite(alpha)) or xmin < 1:
        raise DataError(
            f"alpha {alpha} and xmin {xmin} define no power law; alpha must exceed 1 and xmin be at least 1"
        )
    uniforms = 1.0 - rng.random(size)
    return np.minimum(quantiles(uniforms, float(alpha), float(xmin)), LARGEST_INTEGER_DRAW).astype(np.int64)


def _first_of_tail(histogram: Histogram, xmin: int) -> int:
    """Index of the first value of a tail that starts at a given xmin."""
    if xmin < 1:
        raise DataError(f"xmin is {xmin}; it must be at least 1")
    if histogram.values.size and xmin > histogram.values[-1]:
        raise DataError(f"xmin is {xmin} but the largest value is {histogram.values[-1]:.0f}; choose a smaller xmin")
    _check_distinct(histogram, xmin)
    return int(np.searchsorted(histogram.values, xmin))


def _check_distinct(histogram: Histogram, xmin: int) -> None:
    inside = histogram.values >= xmin
    if inside.sum() < 2:
        found = "no positive data"
        if inside.any():
            where = "positive data" if xmin == 1 else f"data from xmin {xmin} on"
            found = f"all {histogram.counts[inside].sum():.0f} {where} equal {histogram.values[-1]:.0f}"
        raise DataError(f"{found}; a power-law fit needs at least 2 distinct values")


def _checked_grid(alpha_grid: Any | None) -> np.ndarray:
    if alpha_grid is None:
        return np.empty(0)
    grid = np.array(alpha_grid, dtype=np.float64)
    if grid.ndim != 1 or grid.size == 0 or not grid[0] > 1 or not (np.diff(grid) > 0).all():
        raise DataError("the grid of exponents must be an ascending list of numbers above 1")
    return grid
