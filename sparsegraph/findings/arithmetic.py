"""Intervals and exact p-values of few numbers: what may be concluded from three seeds, and what may not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import betaincinv

from sparsegraph.intervals import CONFIDENCE, half_width


@dataclass(frozen=True)
class Interval:
    """A value with its uncertainty.

    Parameters
    ----------
    value : float
    error : float or None
        Standard error; None of one number alone, and of a share that is 0 or 1.
    low, high : float
        Of the confidence interval; infinite where nothing is known of the spread.
    """

    value: float
    error: float | None
    low: float
    high: float


def student(values: np.ndarray, level: float = CONFIDENCE) -> Interval:
    """Mean of some numbers with Student's interval, which is all numbers where there is but one.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        At least one.
    level : float

    Examples
    --------
    >>> found = student(np.array([1.0, 2.0, 3.0]))
    >>> round(found.low, 3), round(found.high, 3)  # 2 -+ 4.303 / sqrt(3)
    (-0.484, 4.484)
    """
    mean, n = float(values.mean()), values.size
    if n < 2:
        return Interval(mean, None, -math.inf, math.inf)
    deviation = float(values.std(ddof=1))
    error = deviation / math.sqrt(n)
    half = float(half_width(deviation, n, level))
    return Interval(mean, error, mean - half, mean + half)


def exact_share(wins: float, n: int, level: float = CONFIDENCE) -> Interval:
    """Share of contests won, with the exact interval of a binomial.

    References
    ----------
    C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26, 1934.

    Examples
    --------
    >>> found = exact_share(3, 3)
    >>> round(found.low, 4), found.high  # (0.025)^(1/3)
    (0.2924, 1.0)
    """
    tail, share = (1 - level) / 2, wins / n
    low = float(betaincinv(wins, n - wins + 1, tail)) if wins > 0 else 0.0
    high = float(betaincinv(wins + 1, n - wins, 1 - tail)) if wins < n else 1.0
    return Interval(share, math.sqrt(share * (1 - share) / n) if n > 1 and 0 < share < 1 else None, low, high)


def spread_ratio(first: list[np.ndarray], second: list[np.ndarray], level: float = CONFIDENCE) -> Interval | None:
    """Logarithm of the ratio of two standard deviations, pooled over groups, with Fisher's interval.

    Returns None where a deviation is 0 or not known.

    Examples
    --------
    >>> found = spread_ratio([np.array([0.0, 2.0, 4.0])], [np.array([0.0, 1.0, 2.0])])
    >>> round(math.exp(found.value), 12), round(math.exp(found.low), 4)  # 2 / sqrt(39)
    (2.0, 0.3203)
    """
    freedom = [sum(group.size - 1 for group in groups) for groups in (first, second)]
    sums = [sum(float(((group - group.mean()) ** 2).sum()) for group in groups) for groups in (first, second)]
    if min(freedom) < 1 or min(sums) <= 0:
        return None
    ratio = (sums[0] / freedom[0]) / (sums[1] / freedom[1])
    law = stats.f(*freedom)
    low, high = (0.5 * math.log(ratio / float(law.ppf((1 + side * level) / 2))) for side in (1, -1))
    error = math.sqrt(0.5 / freedom[0] + 0.5 / freedom[1])
    return Interval(0.5 * math.log(ratio), error, low, high)


def signed_rank(values: np.ndarray) -> float:
    """One-sided exact p of Wilcoxon's signed-rank test: whether numbers lie above 0.

    Zeros are left out and equal sizes share their ranks; the p is exact for these too, by counting all signs.
    The smallest that n numbers can give is 2^-n: 0.125 of three, 0.016 of six.

    Parameters
    ----------
    values : ndarray of float, shape (n,)

    References
    ----------
    F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945.

    Examples
    --------
    >>> signed_rank(np.array([0.1, 0.2, 0.3])), signed_rank(np.array([-0.1, 0.2, 0.3])), signed_rank(np.zeros(3))
    (0.125, 0.25, 1.0)
    """
    kept = values[values != 0]
    if not kept.size:
        return 1.0
    ranks = np.rint(2 * stats.rankdata(np.abs(kept))).astype(int)  # doubled, so that shared ranks are whole
    ways = np.zeros(ranks.sum() + 1)  # of the 2^n signs, those with such a sum of positive ranks
    ways[0] = 1.0
    for rank in ranks:
        ways[rank:] = ways[rank:] + ways[: ways.size - rank].copy()
    return float(ways[ranks[kept > 0].sum() :].sum() / ways.sum())


def effect_size(values: np.ndarray) -> float | None:
    """Cohen's d of paired differences: their mean over their standard deviation; None where that is 0 or not known.

    References
    ----------
    J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition, 1988.

    Examples
    --------
    >>> effect_size(np.array([1.0, 2.0, 3.0])), effect_size(np.array([1.0]))
    (2.0, None)
    """
    deviation = float(values.std(ddof=1)) if values.size > 1 else 0.0
    return float(values.mean()) / deviation if deviation > 0 else None
