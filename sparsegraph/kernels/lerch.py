"""Normaliser of the power law with an exponential cutoff."""

from __future__ import annotations

import math

import numba
import numpy as np

from sparsegraph.kernels.zeta import BERNOULLI, expansion_start, zeta_scaled

STEEP = 0.2
"""Rates from which the terms fall so fast that they are simply added."""

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


@numba.njit(cache=True)
def cutoff_sum(alpha: float, rate: float, q: float) -> float:
    """``sum over k >= q of (k / q)^-alpha exp(-rate (k - q))`` to a relative error of about 1e-11.

    This is Lerch's transcendent Phi(exp(-rate), alpha, q) times q^alpha.  Valid for alpha >= 0, rate > 0 and q >= 1,
    and for rate = 0 if alpha > 1.  First terms one by one, then the Euler-Maclaurin formula.
    """
    if rate == 0.0:
        return zeta_scaled(alpha, q)
    total = 0.0
    start = expansion_start(alpha)
    a = q
    while a < start or rate > STEEP:
        term = math.exp(-alpha * math.log(a / q) - rate * (a - q))
        total += term
        if term < 1e-17 * total:
            return total
        a += 1.0
    term = math.exp(-alpha * math.log(a / q) - rate * (a - q))
    series = a * tail_integral(alpha, rate * a) + 0.5
    # derivatives of f(x) = x^-alpha exp(-rate x) over f(a): x f' = -(alpha + rate x) f, differentiated again and again
    previous, derivative = 1.0, -(alpha / a + rate)
    for j in range(BERNOULLI.size):
        series -= BERNOULLI[j] * derivative
        for order in (2 * j + 1, 2 * j + 2):
            following = -((alpha + order + rate * a) * derivative + order * rate * previous) / a
            previous, derivative = derivative, following
    return total + term * series


@numba.njit(cache=True)
def tail_integral(alpha: float, z: float) -> float:
    """``integral from 1 to infinity of x^-alpha exp(-z (x - 1)) dx`` for z > 0, in panels of ln x."""
    width = min(1.0, 8.0 / (1.0 + alpha + z))
    total = left = 0.0
    while True:
        panel = 0.0
        for node in range(NODES.size):
            log_x = left + 0.5 * width * (1.0 + NODES[node])
            panel += WEIGHTS[node] * math.exp((1.0 - alpha) * log_x - z * math.expm1(log_x))
        total += 0.5 * width * panel
        left += width
        # past its peak, where alpha - 1 + z x > 0, the integrand only falls
        if 0.5 * width * panel < 1e-17 * total and alpha - 1.0 + z * math.exp(left) > 0.0:
            return total
