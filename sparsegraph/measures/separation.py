"""Separation at zero: whether the weights keep away from zero, wherever single ones may lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # scipy.optimize loads when it is first asked for: it takes half a second

from sparsegraph.result import Result, Undefined, finite

NEAR = 0.2
"""Weights below this share of the median absolute weight count as near zero."""

NOISE = 1.47
"""Of uniform weights, the least favourable law with a single mode, ``sqrt(n) gap`` exceeds this in 5 % of samples: as
measured on 3,000 samples of 1,000 weights (tests/recovery)."""

MOST_VALUES = 2**20
"""More weights than this are counted in so many equal bins up to the largest one, which takes no sorting."""

REACH, BINS = 6.0, 96
"""Ends of the profile, in medians, and its bins."""

LEAST = 1e-200
"""Smaller values are moved up to this one, so that densities do not overflow."""


@dataclass(frozen=True)
class Separation(Result):
    """How far the distribution is from any with a single mode at 0; weights of exactly 0 are left out.

    Parameters
    ----------
    near_zero_ratio : float
        Share of the weights with ``|w| < 0.2 median |w|``, over 0.1: the least that a law with a single mode at 0 can
        have there.  0 if there is none, 1 for uniform weights, 1.07 for normal ones, more for a peak at 0.
    gap : float
        Largest distance from the distribution function of ``|w|`` up to its least concave majorant: the share of the
        weights that is missing in a gap.  0 for laws with a single mode at 0 but for sampling, and not changed by a
        peak of new links at 0.
    gap_noise : float
        ``1.47 / sqrt(n) + t / 2``: 95 % of samples of any law with a single mode at 0 have a smaller gap, also if they
        are rounded to a grid.  t is the largest share of weights of one size, less 1 / n: 0 if all differ.
    gap_depth : float
        ``1 - (mean density from the gap's beginning to its deepest point) / (mean density from there to its end)``:
        1 if nothing is in it.
    gap_at : float
        ``|w|`` at the deepest point, in units of the weights.
    bimodality : float
        Sarle's coefficient ``(skewness^2 + 1) / (kurtosis + 3 (n - 1)^2 / ((n - 2)(n - 3)))``: 1/3 for normal weights,
        5/9 for uniform ones, towards 1 for two separate values; a peak at 0 makes it small.
    median : float
        Median of ``|w|``, in units of the weights.
    profile : tuple of int
        Weights in 96 equal bins of ``w / median`` from -6 to 6; those beyond are not counted.
    """

    near_zero_ratio: float | Undefined
    gap: float | Undefined
    gap_noise: float | Undefined
    gap_depth: float | Undefined
    gap_at: float | Undefined
    bimodality: float | Undefined
    median: float | Undefined
    profile: tuple[int, ...]


def separation(values: np.ndarray, unit: float = 1.0) -> Separation:
    """Separation at zero of weights in any order.

    Parameters
    ----------
    values : ndarray of float64, shape (n_links,)
        Neither so large nor so small that fourth powers overflow or vanish.
    unit : float
        What a value of 1 is in units of the weights.

    Notes
    -----
    O(n log n), and O(n) above a million weights.  A law with a single mode at 0 has a density of ``|w|`` that never
    rises, hence a concave distribution function F.  So ``F(c m) >= c F(m) = c / 2`` at its median m, and with c = 0.2
    at least a tenth of the weights is near zero; and F is its own least concave majorant.  Where training empties a
    zone around zero and regrowth fills zero itself with new links, the density falls from 0 and rises again: the
    majorant spans that gap as a straight line, and F lies below it.  The least concave majorant has the slopes of a
    falling isotonic regression on the slopes of F.  A law with a single mode elsewhere (a mean beyond one standard
    deviation) has a gap too.  Quantised weights (bfloat16, int8 grids) make steps, below each of which a sliver is
    missing: weights of one size count as spread down to the nearer of the two neighbouring sizes.

    References
    ----------
    U. Grenander, On the theory of mortality measurement II, Scandinavian Actuarial Journal (1956) 125.
    B. K. Beare, Least favorability of the uniform distribution for tests of the concavity of a distribution function,
    arXiv 2011.10965 (2020).
    J. A. Hartigan, P. M. Hartigan, The dip test of unimodality, Annals of Statistics 13 (1985) 70 (the same idea where
    the mode is not known).
    R. Pfister, K. A. Schwarz, M. Janczyk, R. Dale, J. B. Freeman, Good things peak in pairs: a note on the bimodality
    coefficient, Frontiers in Psychology 4 (2013) 700.

    Examples
    --------
    >>> apart = np.concatenate([np.linspace(-2.0, -1.0, 100), np.linspace(1.0, 2.0, 100)])
    >>> found = separation(apart)
    >>> found.near_zero_ratio, round(found.gap, 2), round(found.gap_depth, 2), round(found.bimodality, 2)
    (0.0, 0.5, 0.99, 0.85)
    """
    signed = values[values != 0.0]
    if signed.size == 0:
        return nowhere("every weight is zero")
    present = np.abs(signed)
    median = float(np.median(present))
    near = float((present < NEAR * median).mean())
    places, reached = _distribution(present)
    gap, depth, place = _gap(places, reached)
    tied = float(np.diff(reached, prepend=0.0).max()) - 1.0 / present.size
    with np.errstate(over="ignore"):  # infinite is beyond the ends, too
        profile = np.histogram(signed / median, bins=BINS, range=(-REACH, REACH))[0]
    return Separation(
        near_zero_ratio=near / (NEAR / 2.0),
        gap=gap,
        gap_noise=NOISE / float(np.sqrt(present.size)) + tied / 2.0,
        gap_depth=depth,
        gap_at=finite(place * unit),
        bimodality=_bimodality(signed),
        median=finite(median * unit),
        profile=tuple(profile.tolist()),
    )


def nowhere(reason: str) -> Separation:
    """Of no weights at all."""
    none = Undefined(reason)
    return Separation(none, none, none, none, none, none, none, ())


def _distribution(absolute: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positive places, rising, and the share of the values up to each."""
    if absolute.size <= MOST_VALUES:
        places, counts = np.unique(np.maximum(absolute, LEAST), return_counts=True)
    else:
        counts, edges = np.histogram(absolute, bins=MOST_VALUES, range=(0.0, float(absolute.max())))
        places, counts = edges[1:][counts > 0], counts[counts > 0]
    return places, np.cumsum(counts) / absolute.size


def _gap(places: np.ndarray, reached: np.ndarray) -> tuple[float, float | Undefined, float]:
    """Gap, its depth and its deepest point.

    ``reached`` are the values of the distribution function F at its steps.  Weights at a step may have been rounded,
    from as far below as its nearer neighbour is; just before that F still has the value of the step before.
    """
    widths = np.diff(places, prepend=0.0)
    fitted = scipy.optimize.isotonic_regression(
        np.diff(reached, prepend=0.0) / widths, weights=widths, increasing=False
    )
    ends = np.append(0.0, np.cumsum(fitted.x * widths))
    x, below = np.append(0.0, places), np.append(0.0, reached)
    missing = ends[1:] - fitted.x * np.minimum(widths, np.append(widths[1:], np.inf)) - below[:-1]
    deepest = int(missing.argmax())
    if places.size == 1:
        return 0.0, Undefined("all weights are equally large"), float(places[0])
    stretch = int(np.searchsorted(fitted.blocks, deepest, side="right"))
    first, last = int(fitted.blocks[stretch - 1]), int(fitted.blocks[stretch])
    before = (below[deepest] - below[first]) / (x[deepest + 1] - x[first])
    after = (below[last] - below[deepest]) / (x[last] - x[deepest + 1]) if x[last] > x[deepest + 1] else np.inf
    return max(0.0, float(missing[deepest])), float(1.0 - before / after), float(x[deepest + 1])


def _bimodality(values: np.ndarray) -> float | Undefined:
    n = values.size
    if n < 4:  # the correction for the sample's size divides by n - 3
        return Undefined("fewer than 4 weights")
    if values.min() == values.max():
        return Undefined("all weights are equal")
    away = (values - values.mean()) / values.std()
    skewness = (away**3).mean() * np.sqrt(n * (n - 1)) / (n - 2)
    excess = ((away**4).mean() - 3.0) * (n - 1) * (n + 1) / ((n - 2) * (n - 3)) + 6.0 * (n - 1) / ((n - 2) * (n - 3))
    return float((skewness**2 + 1.0) / (excess + 3.0 * (n - 1) ** 2 / ((n - 2) * (n - 3))))
