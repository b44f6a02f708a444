"""How the rate of an event on a pair of neurons depends on the degrees of both, from many rounds of events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numba
import numpy as np

MOST_ITERATIONS = 100
MOST_ROUNDS = 2000
TOLERANCE, RATE_TOLERANCE = 1e-9, 1e-7
SMALL_RATE = 1e-4
SMALLEST_STEP = 1e-10
LARGEST_CONDITION = 1e12
LARGEST_EXPONENT = 50.0
"""Beyond it the likelihood has no maximum: the events are separated by degree."""


class Round(NamedTuple):
    """One round of events, by classes of source and target degree.

    Parameters
    ----------
    source_degree, target_degree : ndarray of float64
        Degree of each class.
    at_risk, events : ndarray of float64, shape (source classes, target classes)
        Pairs that could have an event, and those that had one.
    """

    source_degree: np.ndarray
    target_degree: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray


class PowerFit(NamedTuple):
    """Exponents of source and target degree by maximum likelihood.

    Parameters
    ----------
    exponents : ndarray of float64, shape (2,)
        Of the source and of the target degree; 0 where it was held at 0.
    covariance, robust : ndarray of float64, shape (2, 2)
        By the observed information, as if all events were independent; and by the spread of the scores of the rounds
        and their correlation over sqrt(rounds) neighbouring rounds (Newey and West).
    log_likelihood : float
    n_rounds : int
        Rounds with events.
    """

    exponents: np.ndarray
    covariance: np.ndarray
    robust: np.ndarray
    log_likelihood: float
    n_rounds: int


class Cells(NamedTuple):
    """Rounds laid end to end: logarithms of the degrees, and the pairs row by row."""

    log_source: np.ndarray
    log_target: np.ndarray
    source_start: np.ndarray
    target_start: np.ndarray
    cell_start: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray


def power_fit(
    rounds: Sequence[Round], *, free: tuple[bool, bool] = (True, True), offset: float = 0.0
) -> PowerFit | None:
    """Fit of ``rate(i, j) = c_t (k_i + offset)^a (k_j + offset)^b`` to the events of all rounds t together.

    Each pair at risk has its event within the round with probability ``1 - exp(-rate)``, independently: the law of
    drawing without replacement with weights.  Each round has a constant c_t of its own, which takes up how many events
    it has.

    Parameters
    ----------
    rounds : sequence of Round
        Those without events say nothing and are left out, as are pairs with a degree + offset of 0.
    free : (bool, bool)
        Whether the exponent of the source and of the target degree is fitted or held at 0.
    offset : float

    Returns
    -------
    PowerFit or None
        None if nothing can be fitted: no round is left, a free side has one degree only (see :func:`sides_that_vary`),
        or the likelihood has no maximum.

    Notes
    -----
    Newton's method with halved steps on a concave likelihood (binomial with complementary log-log link).  O(cells) for
    each of about ten iterations.

    References
    ----------
    W. K. Newey, K. D. West, A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent
    covariance matrix, Econometrica 55 (1987) 703.
    """
    usable = _usable(rounds, offset)
    if not usable or not all(_varies(usable, side) for side in range(2) if free[side]):
        return None
    cells, chosen = _cells(usable), np.flatnonzero(free)
    exponents = np.zeros(2)
    log_rates = np.array([np.log(-np.log1p(-one.events.sum() / one.at_risk.sum())) for one in usable])
    sums = _derivatives(cells, exponents, log_rates)
    for _ in range(MOST_ITERATIONS):
        step, rate_step = _newton_step(sums, chosen)
        scale, floor = 1.0, sums[:, 0].sum()
        while scale > SMALLEST_STEP:
            new_sums = _derivatives(cells, exponents + scale * step, log_rates + scale * rate_step)
            if np.isfinite(new_sums).all() and new_sums[:, 0].sum() >= floor - 1e-12 * abs(floor):
                break
            scale /= 2.0
        else:
            return None
        exponents, log_rates, sums = exponents + scale * step, log_rates + scale * rate_step, new_sums
        if not np.abs(exponents).max() < LARGEST_EXPONENT:
            return None
        if max(np.abs(step).max(), np.abs(rate_step).max()) < TOLERANCE:
            return _fit(exponents, sums, chosen)
    return None


def sides_that_vary(rounds: Sequence[Round], *, offset: float = 0.0) -> tuple[bool, bool]:
    """Whether the pairs at risk have more than one degree on the source and on the target side in some round."""
    usable = _usable(rounds, offset)
    return _varies(usable, 0), _varies(usable, 1)


def _usable(rounds: Sequence[Round], offset: float) -> list[Round]:
    """Rounds in which some but not all pairs had their event."""
    return [one for one in (_positive(one, offset) for one in rounds) if 0 < one.events.sum() < one.at_risk.sum()]


def _positive(one: Round, offset: float) -> Round:
    """A round with shifted degrees, without the classes whose logarithm does not exist."""
    source, target = one.source_degree + offset, one.target_degree + offset
    rows, columns = source > 0, target > 0
    kept = np.ix_(rows, columns)
    return Round(source[rows], target[columns], one.at_risk[kept], one.events[kept])


def _varies(rounds: Sequence[Round], side: int) -> bool:
    return any((one.at_risk.sum(axis=1 - side) > 0).sum() > 1 for one in rounds)


def _cells(rounds: Sequence[Round]) -> Cells:
    starts = [
        np.concatenate([[0], np.cumsum([part.size for part in parts])])
        for parts in (
            [one.source_degree for one in rounds],
            [one.target_degree for one in rounds],
            [one.events for one in rounds],
        )
    ]
    return Cells(
        log_source=np.log(np.concatenate([one.source_degree for one in rounds])),
        log_target=np.log(np.concatenate([one.target_degree for one in rounds])),
        source_start=starts[0],
        target_start=starts[1],
        cell_start=starts[2],
        at_risk=np.concatenate([one.at_risk.ravel() for one in rounds]),
        events=np.concatenate([one.events.ravel() for one in rounds]),
    )


def _newton_step(sums: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Newton's step of the exponents, with the constants of the rounds eliminated, and that of the constants."""
    information, scores = _profiled(sums)
    step = np.zeros(2)
    step[chosen] = np.linalg.lstsq(information[np.ix_(chosen, chosen)], scores.sum(axis=0)[chosen], rcond=None)[0]
    return step, (sums[:, 1] - sums[:, 5:7] @ step) / sums[:, 4]


def _profiled(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Observed information of the exponents, and the score of each round, the constants of the rounds eliminated."""
    cross = sums[:, 5:7]
    second = np.stack([sums[:, [7, 8]], sums[:, [8, 9]]], axis=1).sum(axis=0)
    information = second - (cross / sums[:, 4:5]).T @ cross
    return information, sums[:, 2:4] - cross * (sums[:, 1] / sums[:, 4])[:, None]


def _fit(exponents: np.ndarray, sums: np.ndarray, chosen: np.ndarray) -> PowerFit | None:
    information, scores = _profiled(sums)
    free = np.ix_(chosen, chosen)
    covariance, robust = np.zeros((2, 2)), np.zeros((2, 2))
    n_rounds = sums.shape[0]
    if chosen.size:
        values = np.linalg.eigvalsh(information[free])  # rounding may leave a flat direction below 0
        if not values[0] * LARGEST_CONDITION >= values[-1] > 0.0:
            return None
        inverse = np.linalg.inv(information[free])
        covariance[free] = inverse
        robust[free] = inverse @ _spread(scores[:, chosen]) @ inverse
    return PowerFit(exponents, covariance, robust, float(sums[:, 0].sum()), n_rounds)


def _spread(scores: np.ndarray) -> np.ndarray:
    """Variance of the sum of correlated scores: autocovariances weighted by 1 - lag / (L + 1), L = sqrt(rounds).

    Multiplied by rounds / (rounds - L - 1), since scores that were fitted to add up to 0 make it too small.
    """
    n_rounds = scores.shape[0]
    n_lags = math.isqrt(n_rounds)
    total = scores.T @ scores
    for lag in range(1, n_lags + 1):
        shared = scores[lag:].T @ scores[:-lag]
        total += (1.0 - lag / (n_lags + 1)) * (shared + shared.T)
    return np.asarray(total) * (n_rounds / max(n_rounds - n_lags - 1, 1))


def _derivatives(cells: Cells, exponents: np.ndarray, log_rates: np.ndarray) -> np.ndarray:
    """By round: log-likelihood, its gradient by (c, a, b), minus its second derivatives cc, ca, cb, aa, ab, bb."""
    with np.errstate(over="ignore", under="ignore"):  # a step too far: its likelihood is not finite
        source, target = (np.exp(e * x) for e, x in zip(exponents, (cells.log_source, cells.log_target), strict=True))
        return np.asarray(_sums_by_round(cells, source, target, np.exp(log_rates)))


@numba.njit(cache=True)
def _sums_by_round(cells: Cells, source: np.ndarray, target: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """See `_derivatives`.  With rate m, g events and o pairs at risk a cell has g log(1 - exp(-m)) - (o - g) m."""
    n_rounds = rates.size
    sums = np.zeros((n_rounds, 10))
    for one in range(n_rounds):
        cell = cells.cell_start[one]
        for i in range(cells.source_start[one], cells.source_start[one + 1]):
            x = cells.log_source[i]
            for j in range(cells.target_start[one], cells.target_start[one + 1]):
                at_risk, events = cells.at_risk[cell], cells.events[cell]
                cell += 1
                if at_risk == 0.0:
                    continue
                y = cells.log_target[j]
                rate = rates[one] * source[i] * target[j]
                value = -(at_risk - events) * rate
                first, second = value, -value
                if events > 0.0 and rate == 0.0:  # too small for a float: no likelihood is left
                    value = -np.inf
                elif events > 0.0:
                    happens = -np.expm1(-rate)  # probability of the event
                    pull = rate * np.exp(-rate) / happens
                    value += events * np.log(happens)
                    first += events * pull
                    second += events * pull * (rate / happens - 1.0)
                sums[one, 0] += value
                sums[one, 1] += first
                sums[one, 2] += first * x
                sums[one, 3] += first * y
                sums[one, 4] += second
                sums[one, 5] += second * x
                sums[one, 6] += second * y
                sums[one, 7] += second * x * x
                sums[one, 8] += second * x * y
                sums[one, 9] += second * y * y
    return sums


class FreeRates(NamedTuple):
    """Relative rate of each class of degrees on both sides, without any law between them.

    Parameters
    ----------
    source, target : ndarray of float64
        Relative rate of each class; NaN where a class has no pair at risk.
    source_expected, target_expected : ndarray of float64, shape (rounds, classes)
        Events that the class would have at a relative rate of 1, all else as fitted.
    """

    source: np.ndarray
    target: np.ndarray
    source_expected: np.ndarray
    target_expected: np.ndarray


def free_rates(at_risk: np.ndarray, events: np.ndarray) -> FreeRates:
    """Maximum likelihood of ``rate = c_t A(class of i) B(class of j)`` with free A and B.

    Parameters
    ----------
    at_risk, events : ndarray of float64, shape (rounds, source classes, target classes)
        Pairs that could have an event in a round, and those that had one.

    Returns
    -------
    FreeRates
        A and B have mean 1 over the pairs at risk.

    Notes
    -----
    Expectation and maximisation: the time at which a pair's event falls within the round is what is not seen.  Each
    step sets a factor to events over expected exposure, as the estimator of Pham et al. does for one side and events
    that are rare.

    References
    ----------
    T. Pham, P. Sheridan, H. Shimodaira, PAFit: a statistical method for measuring preferential attachment in temporal
    complex networks, PLoS ONE 10 (2015) e0137796.
    """
    source, target = np.ones(events.shape[1]), np.ones(events.shape[2])
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.nan_to_num(events.sum(axis=(1, 2)) / at_risk.sum(axis=(1, 2)))
        for _ in range(MOST_ROUNDS):
            before = np.concatenate([source, target])
            exposure = _exposure(at_risk, events, rate, source, target)
            rate = np.nan_to_num(events.sum(axis=(1, 2)) / np.einsum("tij,i,j->t", exposure, source, target))
            source = np.nan_to_num(events.sum(axis=(0, 2)) / np.einsum("tij,t,j->i", exposure, rate, target))
            target = np.nan_to_num(events.sum(axis=(0, 1)) / np.einsum("tij,t,i->j", exposure, rate, source))
            source, target = source / _mean(source, at_risk, 2), target / _mean(target, at_risk, 1)
            if np.abs(np.concatenate([source, target]) - before).max() < RATE_TOLERANCE:
                break
    exposure = _exposure(at_risk, events, rate, source, target)
    rate = np.nan_to_num(events.sum(axis=(1, 2)) / np.einsum("tij,i,j->t", exposure, source, target))
    return FreeRates(
        np.where(at_risk.sum(axis=(0, 2)) > 0, source, np.nan),
        np.where(at_risk.sum(axis=(0, 1)) > 0, target, np.nan),
        np.einsum("tij,t,j->ti", exposure, rate, target),
        np.einsum("tij,t,i->tj", exposure, rate, source),
    )


def _mean(rates: np.ndarray, at_risk: np.ndarray, other: int) -> float:
    """Mean relative rate of one side over the pairs at risk; 1 if there is nothing to average."""
    pairs = at_risk.sum(axis=(0, other))
    mean = float(rates @ pairs / pairs.sum()) if pairs.sum() else 0.0
    return mean if mean > 0 else 1.0


def _exposure(
    at_risk: np.ndarray, events: np.ndarray, rate: np.ndarray, source: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """Rounds for which pairs waited: whole ones without the event, with it on average 1/m - 1/(exp(m) - 1)."""
    m = np.einsum("t,i,j->tij", rate, source, target)
    safe = np.clip(m, SMALL_RATE, 700.0)
    waited = np.where(m < SMALL_RATE, 0.5 - m / 12.0, 1.0 / safe - 1.0 / np.expm1(safe))
    return at_risk - events + events * waited
