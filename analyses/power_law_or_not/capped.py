"""Laws of degrees between a smallest and a largest degree: a neuron cannot have more links than there are partners.

Each law is given up to its sum over xmin, xmin + 1, ..., xmax, and fitted by maximum likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar

Shape = Callable[[np.ndarray, np.ndarray], np.ndarray]

LAWS: dict[str, tuple[Shape, tuple[tuple[float, ...], ...]]] = {
    "power_law": (lambda k, p: -p[0] * np.log(k), ((2.5,),)),
    "exponential": (lambda k, p: -p[0] * k, ((0.01,),)),
    "truncated_power_law": (lambda k, p: -p[0] * np.log(k) - p[1] * k, ((1.5, 0.002), (0.1, 0.01))),
    "log_normal": (
        lambda k, p: -np.log(k) - 0.5 * ((np.log(k) - p[0]) / np.exp(p[1])) ** 2,
        ((4.0, 0.0), (2.0, 0.7), (5.0, -1.0)),
    ),
    "stretched_exponential": (
        lambda k, p: (np.exp(p[0]) - 1.0) * np.log(k) - (k * np.exp(p[1])) ** np.exp(p[0]),
        ((0.0, -5.0), (-0.7, -4.0), (0.5, -5.0)),
    ),
}
"""Logarithm of each law but for its constant, and where the search for its parameters begins."""


@dataclass(frozen=True)
class CappedFit:
    """One law on the degrees from xmin to xmax."""

    law: str
    parameters: tuple[float, ...]
    xmin: int
    xmax: int
    n_tail: int
    log_likelihood: float
    ks_distance: float

    @property
    def aic(self) -> float:
        """Akaike's information criterion."""
        return 2.0 * len(self.parameters) - 2.0 * self.log_likelihood


def fit_law(law: str, sample: np.ndarray, xmin: int, xmax: int, *, near: tuple[float, ...] | None = None) -> CappedFit:
    """Maximum likelihood on the degrees from xmin to xmax; ``near``: parameters that the search begins with."""
    tail = sample[(sample >= xmin) & (sample <= xmax)]
    support = np.arange(xmin, xmax + 1, dtype=float)
    counts = np.bincount(tail - xmin, minlength=len(support)).astype(float)
    shape, starts = LAWS[law]
    starts = starts if near is None else (near,)

    def loss(parameters: np.ndarray) -> float:
        found = shape(support, parameters)
        top = found.max()
        value = float(counts.sum() * (top + np.log(np.exp(found - top).sum())) - counts @ found)
        return value if np.isfinite(value) else 1e300

    with np.errstate(all="ignore"):
        if len(starts[0]) == 1:
            bounds = (-5.0, 60.0) if law == "power_law" else (-0.05, 2.0)
            found = [minimize_scalar(lambda x: loss(np.array([x])), bounds=bounds, method="bounded")]
            best = (np.array([found[0].x]), found[0].fun)
        else:
            options = {"xatol": 1e-5, "fatol": 1e-6, "maxiter": 2000}
            tried = [minimize(loss, start, method="Nelder-Mead", options=options) for start in starts]
            best = min(((one.x, one.fun) for one in tried), key=lambda pair: pair[1])
        law_cdf = _cdf(shape(support, best[0]))
    distance = float(np.abs(np.cumsum(counts) / counts.sum() - law_cdf).max())
    return CappedFit(law, tuple(map(float, best[0])), xmin, xmax, len(tail), -float(best[1]), distance)


def select_xmin(sample: np.ndarray, xmax: int, *, smallest_tail: int = 50, most: int = 60) -> CappedFit:
    """The power law whose tail has the smallest Kolmogorov-Smirnov distance, among at most ``most`` spaced xmin."""
    values = np.unique(sample[(sample >= 1) & (sample <= xmax)])
    within = np.sort(sample[sample <= xmax])
    values = values[len(within) - np.searchsorted(within, values) >= smallest_tail]
    values = values[np.unique(np.linspace(0, len(values) - 1, min(most, len(values))).astype(int))]
    return min((fit_law("power_law", sample, int(x), xmax) for x in values), key=lambda fit: fit.ks_distance)


def p_value(sample: np.ndarray, fit: CappedFit, *, reselect: bool, replicas: int, rng: np.random.Generator) -> float:
    """Share of samples of the fitted law that lie at least as far from their own fit.

    With ``reselect`` the samples have the observed degrees below xmin, and choose their xmin anew (Clauset, Shalizi and
    Newman 2009, section 4.1).
    """
    support = np.arange(fit.xmin, fit.xmax + 1)
    chances = np.exp(_log_chances(LAWS[fit.law][0](support.astype(float), np.array(fit.parameters))))
    body = sample[(sample >= 1) & (sample < fit.xmin)]
    far = 0
    for _ in range(replicas):
        n_tail = rng.binomial(len(body) + fit.n_tail, fit.n_tail / (len(body) + fit.n_tail)) if reselect else fit.n_tail
        tail = rng.choice(support, size=n_tail, p=chances)
        if reselect:
            low = rng.choice(body, size=len(body) + fit.n_tail - n_tail) if len(body) else body
            own = select_xmin(np.concatenate([low, tail]), fit.xmax, most=30)
        else:
            own = fit_law(fit.law, tail, fit.xmin, fit.xmax, near=fit.parameters)
        far += own.ks_distance >= fit.ks_distance
    return far / replicas


def _log_chances(shape: np.ndarray) -> np.ndarray:
    shifted = shape - shape.max()
    return shifted - np.log(np.exp(shifted).sum())


def _cdf(shape: np.ndarray) -> np.ndarray:
    return np.cumsum(np.exp(_log_chances(shape)))
