"""The discrete power law itself: its normaliser, log-moments, survival function and quantiles.

All of it rests on the Hurwitz zeta function scaled by its first term,

    h(alpha, q) = q^alpha zeta(alpha, q) = sum over k >= 0 of (1 + k / q)^-alpha,

which neither under- nor overflows however steep the law is.  For a random integer X with P(X = x) = x^-alpha /
zeta(alpha, q), x >= q, it gives P(X = x) = (x / q)^-alpha / h(alpha, q).
"""

from __future__ import annotations

import math

import numba
import numpy as np

LARGEST_DRAW = 1e300
"""Draws beyond this are set to it: with alpha near 1 they would overflow a double."""

# B_2j / (2j)! for j = 1 .. 6, the coefficients of the Euler-Maclaurin formula (DLMF 25.11.5)
BERNOULLI = np.array([1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000])


@numba.njit(cache=True)
def expansion_start(alpha: float) -> float:
    """Smallest number from which six Euler-Maclaurin terms leave a relative error below 1e-12."""
    return 6.0 + 1.5 * alpha


@numba.njit(cache=True)
def zeta_scaled(alpha: float, q: float) -> float:
    """``q^alpha zeta(alpha, q)`` for alpha > 1 and q >= 1, to a relative error of about 1e-12.

    Terms are added one by one until they vanish or the Euler-Maclaurin formula takes over.
    """
    total = 0.0
    start = expansion_start(alpha)
    a = q
    while a < start:
        term = math.exp(-alpha * math.log(a / q))
        total += term
        if term < 1e-17 * total:
            return total
        a += 1.0
    factor = alpha / a
    series = a / (alpha - 1.0) + 0.5
    for j in range(BERNOULLI.size):
        series += BERNOULLI[j] * factor
        factor *= (alpha + 2 * j + 1) * (alpha + 2 * j + 2) / (a * a)
    return total + math.exp(-alpha * math.log(a / q)) * series


@numba.njit(cache=True)
def log_moments(alpha: float, q: float) -> tuple[float, float, float]:
    """Scaled zeta function h(alpha, q), and mean and variance of ln(X / q).

    The mean is -d ln h / d alpha and the variance d^2 ln h / d alpha^2; sums and expansion are differentiated term
    by term.  The variance is the Fisher information of one observation.
    """
    h = first = second = 0.0
    start = expansion_start(alpha)
    a = q
    while a < start:
        log_ratio = math.log(a / q)
        term = math.exp(-alpha * log_ratio)
        h += term
        first += term * log_ratio
        second += term * log_ratio * log_ratio
        if term * (1.0 + log_ratio * log_ratio) < 1e-17 * second:
            return h, first / h, second / h - (first / h) ** 2
        a += 1.0
    # series = G(alpha) with derivatives G' and G''; factor = rising factorial of alpha over a power of a
    inverse = 1.0 / (alpha - 1.0)
    series, slope, bend = a * inverse + 0.5, -a * inverse * inverse, 2.0 * a * inverse**3
    factor, factor_slope, factor_bend = alpha / a, 1.0 / a, 0.0
    shrink = 1.0 / (a * a)
    for j in range(BERNOULLI.size):
        series += BERNOULLI[j] * factor
        slope += BERNOULLI[j] * factor_slope
        bend += BERNOULLI[j] * factor_bend
        growth = (alpha + 2 * j + 1) * (alpha + 2 * j + 2)
        growth_slope = 2.0 * alpha + 4 * j + 3
        factor_bend = (factor_bend * growth + 2.0 * factor_slope * growth_slope + 2.0 * factor) * shrink
        factor_slope = (factor_slope * growth + factor * growth_slope) * shrink
        factor *= growth * shrink
    log_ratio = math.log(a / q)
    term = math.exp(-alpha * log_ratio)
    h += term * series
    first += term * (log_ratio * series - slope)
    second += term * (log_ratio * log_ratio * series - 2.0 * log_ratio * slope + bend)
    return h, first / h, second / h - (first / h) ** 2


@numba.njit(cache=True)
def survival(x: float, alpha: float, q: float, h: float) -> float:
    """P(X >= x) for x >= q, with ``h = zeta_scaled(alpha, q)``."""
    return math.exp(-alpha * math.log(x / q)) * zeta_scaled(alpha, x) / h


@numba.njit(cache=True)
def quantile(u: float, alpha: float, q: float, h: float) -> float:
    """Largest integer x >= q with P(X >= x) >= u, for 0 < u <= 1: a draw of X when u is uniform.

    The guess solves ``zeta(alpha, x) = (x - 1/2)^(1 - alpha) / (alpha - 1)``, which is off by less than 1 for large x;
    it is bracketed by doubling and then halved, so that the result is exact up to 2^53 and has the precision of a
    double beyond; it is at most ``LARGEST_DRAW``.
    """
    log_guess = math.log(q) - (math.log(u) + math.log(h * (alpha - 1.0) / q)) / (alpha - 1.0)
    if log_guess > math.log(LARGEST_DRAW):
        return LARGEST_DRAW
    low = max(q, math.floor(math.exp(log_guess) + 0.5))
    step = max(1.0, low * 2.3e-16)
    while low > q and survival(low, alpha, q, h) < u:
        low = max(q, low - step)
        step *= 2.0
    step = max(1.0, low * 2.3e-16)
    high = low + step
    while survival(high, alpha, q, h) >= u:
        low = high
        step *= 2.0
        high = low + step
    while True:
        middle = math.floor(0.5 * (low + high))
        if middle <= low or middle >= high:
            return low
        if survival(middle, alpha, q, h) >= u:
            low = middle
        else:
            high = middle


@numba.njit(cache=True)
def quantiles(uniforms: np.ndarray, alpha: float, q: float) -> np.ndarray:
    """:func:`quantile` of each number."""
    h = zeta_scaled(alpha, q)
    drawn = np.empty(uniforms.size)
    for index in range(uniforms.size):
        drawn[index] = quantile(uniforms[index], alpha, q, h)
    return drawn
