"""Other laws for the tail of a histogram, and whether they describe it better than the power law.

Every law is normalised on the integers from xmin on and fitted by maximum likelihood to the same tail.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy  # scipy.optimize loads when it is first asked for: it takes half a second
from scipy import special

from sparsegraph.kernels.histogram import histogram_of
from sparsegraph.kernels.lerch import cutoff_sum
from sparsegraph.kernels.powerlaw import PowerLawFit
from sparsegraph.kernels.zeta import zeta_scaled


class Tail(NamedTuple):
    """Data from xmin on: distinct ``values`` and the ``shares`` of the data that they hold, which add up to 1."""

    values: np.ndarray
    shares: np.ndarray
    xmin: float
    alpha: float

    @property
    def log_ratio(self) -> np.ndarray:
        """ln(x / xmin)."""
        return np.log(self.values / self.xmin)

    @property
    def excess(self) -> float:
        """Mean of x - xmin."""
        return float(self.shares @ (self.values - self.xmin))

    def edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of x - 1/2 and x + 1/2, relative to xmin - 1/2."""
        base = self.xmin - 0.5
        return np.log((self.values - 0.5) / base), np.log((self.values + 0.5) / base)


class FittedLaw(NamedTuple):
    """Parameters at the maximum of the likelihood and ln P(X = x | X >= xmin) of each distinct value."""

    parameters: dict[str, float]
    log_probability: np.ndarray


@dataclass(frozen=True)
class LikelihoodRatio:
    """Vuong's comparison of the power law with one alternative on the same tail.

    Parameters
    ----------
    log_likelihood_ratio : float
        R = ln L(power law) - ln L(alternative), in nats: positive if the power law is the likelier one.
    normalised : float
        R over its standard deviation, which is about normal if both laws are equally far from the truth.
    p_value : float
        Probability of an |R| at least as large if neither law is the better one, by an approximation for many data
        that is too small on short, steep tails; where the power law is a special case of the alternative, of such a
        gain if the power law holds (chi-squared with one degree of freedom), which is too large, as rate >= 0 ends
        there: up to half of the samples of a power law have R = 0 and p = 1.
    nested : bool
        Whether the power law is a special case: R is then never positive.
    parameters : mapping of str to float
        Of the alternative.
    """

    log_likelihood_ratio: float
    normalised: float
    p_value: float
    nested: bool
    parameters: Mapping[str, float]


def compare_tails(data: Any, fit: PowerLawFit) -> dict[str, LikelihoodRatio]:
    """Likelihood-ratio tests of a fitted power law against five alternatives on the same tail.

    ``R = sum (ln p(x) - ln p_alternative(x))`` over the tail, ``p = erfc(|R| / (sd sqrt(2 n_tail)))`` with sd the
    standard deviation of the summands.  The laws, up to their normalisers on the integers x >= xmin:

    ========================= =====================================================================
    ``log_normal``            Phi((ln(x + 1/2) - mu) / sigma) - Phi((ln(x - 1/2) - mu) / sigma)
    ``exponential``           exp(-rate x)
    ``truncated_power_law``   x^-alpha exp(-rate x), alpha >= 0; contains the power law
    ``stretched_exponential`` S(x - 1/2) - S(x + 1/2), S(y) = exp(-scale (y / (xmin - 1/2))^beta / beta)
    ``poisson``               mean^x / x!
    ========================= =====================================================================

    Parameters
    ----------
    data : array_like of int
        The data that ``fit`` was fitted to.
    fit : PowerLawFit

    Returns
    -------
    dict of str to LikelihoodRatio

    Notes
    -----
    O(n_distinct) for each evaluation of a likelihood, some hundred evaluations.  Log-normal and stretched
    exponential approach a (rounded) power law at the edge of their parameters, so that on data from a power law
    they can seldom be ruled out.

    References
    ----------
    Q. H. Vuong, "Likelihood ratio tests for model selection and non-nested hypotheses", Econometrica 57 (1989).
    A. Clauset, C. R. Shalizi, M. E. J. Newman, "Power-law distributions in empirical data", SIAM Review 51 (2009),
    section 5 and appendix C.
    """
    histogram = histogram_of(data)
    inside = histogram.values >= fit.xmin
    counts = histogram.counts[inside]
    tail = Tail(histogram.values[inside], counts / counts.sum(), float(fit.xmin), fit.alpha)
    power_law = -fit.alpha * tail.log_ratio - math.log(zeta_scaled(fit.alpha, tail.xmin))
    return {
        name: _vuong(power_law, fit_law(tail), counts, name == "truncated_power_law") for name, fit_law in LAWS.items()
    }


def _vuong(power_law: np.ndarray, law: FittedLaw, counts: np.ndarray, nested: bool) -> LikelihoodRatio:  # noqa: FBT001
    difference = power_law - law.log_probability
    n_tail = counts.sum()
    ratio = float(counts @ difference)
    deviation = math.sqrt(float(counts @ (difference - ratio / n_tail) ** 2))
    normalised = ratio / deviation if deviation > 0 else 0.0
    if nested:
        ratio, normalised = min(ratio, 0.0), min(normalised, 0.0)
        p_value = float(special.chdtrc(1, -2.0 * ratio))
    else:
        p_value = math.erfc(abs(normalised) / math.sqrt(2.0))
    return LikelihoodRatio(ratio, normalised, p_value, nested, law.parameters)


def fit_exponential(tail: Tail) -> FittedLaw:
    """Geometric law, in closed form: rate = ln(1 + 1 / mean(x - xmin))."""
    rate = math.log1p(1.0 / tail.excess)
    log_probability = -rate * (tail.values - tail.xmin) + math.log(-math.expm1(-rate))
    return FittedLaw({"rate": rate}, log_probability)


def fit_poisson(tail: Tail) -> FittedLaw:
    """Poisson law cut off below xmin; its mean solves ``mean + xmin / M = mean of the tail``.

    ``M = 1 + mean / (xmin + 1) + mean^2 / ((xmin + 1)(xmin + 2)) + ...`` is P(X >= xmin) / P(X = xmin).
    """
    goal = tail.xmin + tail.excess

    def surplus(log_mean: float) -> float:
        mean = math.exp(log_mean)
        return mean + tail.xmin * math.exp(-_log_poisson_tail(mean, tail.xmin)) - goal

    # given X >= xmin, X - xmin is on average below the uncut mean, so that the root lies above the mean of x - xmin
    log_mean = scipy.optimize.brentq(surplus, math.log(tail.excess) - 1e-9, math.log(goal) + 1e-9, xtol=1e-13)
    mean = math.exp(log_mean)
    log_probability = (tail.values - tail.xmin) * log_mean - _log_poisson_tail(mean, tail.xmin)
    log_probability -= special.gammaln(tail.values + 1.0) - special.gammaln(tail.xmin + 1.0)
    return FittedLaw({"mean": mean}, log_probability)


def _log_poisson_tail(mean: float, xmin: float) -> float:
    """ln M of :func:`fit_poisson`: by its series, or where that is long by the incomplete gamma function."""
    if mean > xmin + 1.0:
        return float(np.log(special.gammainc(xmin, mean)) + mean - xmin * math.log(mean) + special.gammaln(xmin + 1.0))
    total = term = 1.0
    step = 1.0
    while term > 1e-17 * total:
        term *= mean / (xmin + step)
        total += term
        step += 1.0
    return math.log(total)


def fit_truncated_power_law(tail: Tail) -> FittedLaw:
    """Power law with an exponential cutoff; rate 0 gives the power law back."""
    log_mean, excess = float(tail.shares @ tail.log_ratio), tail.excess

    def cost(point: np.ndarray) -> float:
        alpha, rate = float(point[0]), float(point[1]) / excess
        if alpha < 0.0 or rate < 0.0 or (rate == 0.0 and alpha <= 1.0):
            return math.inf
        return alpha * log_mean + rate * excess + math.log(cutoff_sum(alpha, rate, tail.xmin))

    alpha, scaled = _minimise(cost, [(tail.alpha, 0.0), (0.9 * tail.alpha, 0.1), (0.1 * tail.alpha, 0.9)])
    rate = scaled / excess
    log_probability = -alpha * tail.log_ratio - rate * (tail.values - tail.xmin)
    log_probability -= math.log(cutoff_sum(alpha, rate, tail.xmin))
    return FittedLaw({"alpha": alpha, "rate": rate}, log_probability)


def fit_log_normal(tail: Tail) -> FittedLaw:
    """Rounded log-normal law, searched as density ``exp(-slope t - bend t^2)`` of t = ln(x / (xmin - 1/2)).

    bend = 1 / (2 sigma^2) -> 0 is the rounded power law, which mu and sigma reach only at infinity.
    """
    lower, upper = tail.edges()

    edges = np.concatenate([lower, upper])

    def log_probability(slope: float, bend: float) -> np.ndarray:
        root = math.sqrt(bend)
        base = 0.5 * slope / root
        log_survival = -(slope + bend * edges) * edges + _log_erfcx(base + root * edges)
        left, right = log_survival[: lower.size], log_survival[lower.size :]
        return left - _log_erfcx(np.array([base])) + np.log(-np.expm1(np.minimum(right - left, -1e-300)))

    def cost(point: np.ndarray) -> float:
        if point[1] < 1e-10:
            return math.inf
        return -float(tail.shares @ log_probability(float(point[0]), float(point[1])))

    middle = np.log(tail.values / (tail.xmin - 0.5))
    mean = float(tail.shares @ middle)
    bend = 0.5 / max(float(tail.shares @ (middle - mean) ** 2), 1e-12)
    slope, bend = _minimise(
        cost, [(tail.alpha - 1.0, 1e-9), (tail.alpha - 1.0, 0.1 * bend), (-2.0 * bend * mean, bend)]
    )
    mu = math.log(tail.xmin - 0.5) - 0.5 * slope / bend
    return FittedLaw({"mu": mu, "sigma": math.sqrt(0.5 / bend)}, log_probability(slope, bend))


def _log_erfcx(z: np.ndarray) -> np.ndarray:
    """ln(exp(z^2) erfc(z)) without overflow."""
    if z.min() > -5.0:
        return np.log(special.erfcx(z))
    tail = np.log(special.erfcx(np.maximum(z, -5.0)))
    return np.where(z > -5.0, tail, z * z + np.log(special.erfc(np.minimum(z, 0.0))))


def fit_stretched_exponential(tail: Tail) -> FittedLaw:
    """Rounded stretched exponential, searched as survival ``exp(-scale (y^beta - 1) / beta)``, y = x / (xmin - 1/2).

    beta -> 0 is the rounded power law with exponent 1 + scale.
    """
    lower, upper = tail.edges()
    steepest = 300.0 / upper[-1]

    def log_probability(scale: float, beta: float) -> np.ndarray:
        near, far = scale * np.expm1(beta * lower) / beta, scale * np.expm1(beta * upper) / beta
        return -near + np.log(-np.expm1(np.minimum(near - far, -1e-300)))

    def cost(point: np.ndarray) -> float:
        if not 1e-8 <= point[1] <= steepest:
            return math.inf
        return -float(tail.shares @ log_probability(math.exp(point[0]), float(point[1])))

    def corner(beta: float) -> tuple[float, float]:
        beta = min(beta, 0.9 * steepest)
        return -math.log(tail.shares @ np.expm1(0.5 * beta * (lower + upper)) / beta), beta

    log_scale, beta = _minimise(cost, [corner(1e-6), corner(0.3), corner(1.0)])
    scale = math.exp(log_scale)
    return FittedLaw({"beta": beta, "scale": scale}, log_probability(scale, beta))


def _minimise(cost: Callable[[np.ndarray], float], simplex: list[tuple[float, float]]) -> tuple[float, float]:
    """Point of least cost by the simplex search of Nelder and Mead, started twice lest it stops on a ridge."""
    best = np.array(simplex)
    for _ in range(2):
        options = {"initial_simplex": best, "xatol": math.inf, "fatol": 1e-12, "maxiter": 300}
        found = scipy.optimize.minimize(cost, best[0], method="Nelder-Mead", options=options)
        best = found.x + np.array([[0.0, 0.0], [0.02, 0.01], [-0.01, 0.02]]) * np.maximum(np.abs(found.x), 0.01)
    return float(found.x[0]), float(found.x[1])


LAWS: Mapping[str, Callable[[Tail], FittedLaw]] = {
    "log_normal": fit_log_normal,
    "exponential": fit_exponential,
    "truncated_power_law": fit_truncated_power_law,
    "stretched_exponential": fit_stretched_exponential,
    "poisson": fit_poisson,
}
"""The alternatives by name, in the order of reports."""
