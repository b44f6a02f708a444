"""The attachment kernel of one block: how the rate of gains or losses depends on the degrees at both ends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from sparsegraph.kernels.relative_rates import PowerFit, Round, free_rates, power_fit, sides_that_vary
from sparsegraph.result import Result, Undefined, finite

LEAST_UPDATES = 10
"""Updates from which on the spread between them gives a standard error."""
STARTS = np.unique(np.concatenate([[0], np.rint(np.logspace(0, 9, 73)).astype(np.int64)]))
"""Smallest degree of each class that gets a rate: 0, 1, 2, 3, 4, 6, 7, 10, ...; eight a decade."""
HALF_WIDTH = 1.96
"""Of a 95 % interval, in standard errors."""
UPPER_OF_NONE = 3.69
"""Upper end of the 95 % interval of a Poisson mean of which no event was seen."""
N_PARTS = 4
FITTED = ("exponent", "standard_error", "standard_error_independent", "likelihood_ratio", "p_value")


@dataclass(frozen=True)
class SideKernel(Result):
    """The rate of gaining (or losing) a link against degree, for the neurons on one side of a block.

    Parameters
    ----------
    neurons : str
        Their layer.
    exponent : float
        a in ``rate ~ (k + offset)^a``, by maximum likelihood together with that of the other side: 0 if all pairs are
        treated alike, 1 for linear preferential attachment.
    standard_error : float
        From the spread of the scores between updates and their correlation over neighbouring updates, so that links
        that come in bunches or come back do not count as so many witnesses; never below
        ``standard_error_independent``, and undefined below 10 updates.
    standard_error_independent : float
        From the observed information, as if every link were drawn by itself.
    likelihood_ratio : float
        Twice the log-likelihood gained over a = 0; chi-squared with one degree of freedom under a = 0 only if links
        are independent.
    p_value : float
        Of a = 0, two-sided, from exponent / standard_error against the normal law.
    quarters : tuple of float
        The exponent in each quarter of the updates by itself.
    scale : float
        So that ``scale (k + offset)^a`` lies level with ``rate``.
    degree, least, most : tuple of float, int and int
        Of each class of degrees: the mean over its pairs, the smallest and the largest.
    rate : tuple of float
        Relative rate of each class without any law, 1 on average over all pairs: what a link that is absent (or
        present) at a neuron of this degree can expect, other things equal.
    low, high : tuple of float
        95 % interval of each rate.
    n_events, n_pairs : tuple of int
        Links gained (lost) in each class, and absent (present) links that could have been, summed over updates.
    """

    neurons: str
    exponent: float | Undefined
    standard_error: float | Undefined
    standard_error_independent: float | Undefined
    likelihood_ratio: float | Undefined
    p_value: float | Undefined
    quarters: tuple[float | Undefined, ...]
    scale: float | Undefined
    degree: tuple[float, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]
    rate: tuple[float, ...]
    low: tuple[float | Undefined, ...]
    high: tuple[float | Undefined, ...]
    n_events: tuple[int, ...]
    n_pairs: tuple[int, ...]


@dataclass(frozen=True)
class PairKernel(Result):
    """Gains, or losses, of one block against the degrees at both ends.

    Parameters
    ----------
    n_updates : int
        With any.
    n_events : int
        Links gained or lost in all.
    n_left_out : int
        Of these at a neuron whose degree + offset is 0; they are in no exponent.
    source, target : SideKernel
    """

    n_updates: int
    n_events: int
    n_left_out: int
    source: SideKernel
    target: SideKernel


def kernel_of(rounds: Sequence[Round], layers: tuple[str, str], offset: float) -> PairKernel:
    """Exponents and free rates of both sides from all rounds of one block."""
    vary = sides_that_vary(rounds, offset=offset)
    fit = power_fit(rounds, free=vary, offset=offset)
    parts = [power_fit(rounds[a:b], free=vary, offset=offset) for a, b in itertools.pairwise(_cuts(len(rounds)))]
    rates = _rates(rounds)
    sides = []
    for side, layer in enumerate(layers):
        if fit is None or not vary[side]:
            reason = "the likelihood has no maximum" if vary[side] else "all neurons have the same degree"
            fitted: dict[str, Any] = dict.fromkeys(("scale", *FITTED), Undefined(reason))
            fitted["quarters"] = (Undefined(reason),) * N_PARTS
        else:
            held = power_fit(rounds, free=(vary[0] and side != 0, vary[1] and side != 1), offset=offset)
            fitted = _fitted(fit, held, side)
            fitted["scale"] = _scale(rates[side], fitted["exponent"], offset)
            fitted["quarters"] = tuple(_exponent(part, side) for part in parts)
        sides.append(_side(layer, fitted, rates[side]))
    n_events = sum(int(one.events.sum()) for one in rounds)
    inside = (np.ix_(one.source_degree + offset > 0, one.target_degree + offset > 0) for one in rounds)
    n_fitted = sum(int(one.events[cells].sum()) for one, cells in zip(rounds, inside, strict=True))
    return PairKernel(len(rounds), n_events, n_events - n_fitted, *sides)


def _cuts(n: int) -> list[int]:
    """Where each part of n updates begins, and n."""
    return [n * part // N_PARTS for part in range(N_PARTS + 1)]


def _exponent(fit: PowerFit | None, side: int) -> float | Undefined:
    return float(fit.exponents[side]) if fit else Undefined("too few updates, or all neurons have the same degree")


def _fitted(fit: PowerFit, held: PowerFit | None, side: int) -> dict[str, Any]:
    independent, robust = (float(np.sqrt(matrix[side, side])) for matrix in (fit.covariance, fit.robust))
    few = Undefined(f"{fit.n_rounds} updates with events; {LEAST_UPDATES} are needed")
    enough = fit.n_rounds >= LEAST_UPDATES
    error = max(robust, independent)
    exponent = float(fit.exponents[side])
    ratio = Undefined("no fit without it") if held is None else 2.0 * (fit.log_likelihood - held.log_likelihood)
    return {
        "exponent": exponent,
        "standard_error": error if enough else few,
        "standard_error_independent": independent,
        "likelihood_ratio": ratio if isinstance(ratio, Undefined) else max(0.0, ratio),
        "p_value": float(2.0 * ndtr(-abs(exponent) / error)) if enough else few,
    }


def _scale(rates: Rates, exponent: float, offset: float) -> float | Undefined:
    """Where the power lies level with the free rates: events over those expected of the bare power."""
    inside = rates.degree + offset > 0
    with np.errstate(over="ignore"):
        expected = float(rates.expected[inside] @ (rates.degree[inside] + offset) ** exponent)
    return finite(rates.n_events[inside].sum() / expected) if expected > 0 else Undefined("no event was to be expected")


class Rates(NamedTuple):
    """The classes of degrees of one side that have pairs at risk.

    Parameters
    ----------
    degree, least, most : ndarray of float64
        Mean over the pairs, smallest and largest degree of each class.
    rate : ndarray of float64
    n_events, n_pairs : ndarray of float64
    expected : ndarray of float64
        Events expected at a rate of 1.
    error : ndarray of float64
        Standard error of the logarithm of the rate, from the spread between the rounds, but not less than that of
        independent events.
    """

    degree: np.ndarray
    least: np.ndarray
    most: np.ndarray
    rate: np.ndarray
    n_events: np.ndarray
    n_pairs: np.ndarray
    expected: np.ndarray
    error: np.ndarray


def _rates(rounds: Sequence[Round]) -> tuple[Rates, Rates]:
    """Free rates of both sides, by coarse classes of degrees that are the same in all rounds."""
    degrees = [[one.source_degree for one in rounds], [one.target_degree for one in rounds]]
    bins = [[np.searchsorted(STARTS, values + 1e-9, side="right") - 1 for values in side] for side in degrees]
    unit = [np.eye(max(int(places.max()) for places in side) + 1) for side in bins]
    into = [[rows[places] for places in side] for rows, side in zip(unit, bins, strict=True)]
    at_risk, events = (
        np.stack([rows.T @ table @ columns for rows, table, columns in zip(into[0], tables, into[1], strict=True)])
        for tables in ([one.at_risk for one in rounds], [one.events for one in rounds])
    )
    free = free_rates(at_risk, events)
    made = []
    for side, (rate, expected) in enumerate([(free.source, free.source_expected), (free.target, free.target_expected)]):
        pairs = [one.at_risk.sum(axis=1 - side) for one in rounds]
        known = np.concatenate(pairs) > 0
        place, degree = np.concatenate(bins[side])[known], np.concatenate(degrees[side])[known]
        n_pairs = np.bincount(place, np.concatenate(pairs)[known], minlength=rate.size)
        least, most = np.full(rate.size, np.inf), np.zeros(rate.size)
        np.minimum.at(least, place, degree)
        np.maximum.at(most, place, degree)
        seen = events.sum(axis=2 - side)
        spread = ((seen - np.nan_to_num(rate) * expected) ** 2).sum(axis=0)
        n_events = seen.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.bincount(place, degree * np.concatenate(pairs)[known], minlength=rate.size) / n_pairs
            error = np.sqrt(np.maximum(spread, n_events)) / n_events
        there = n_pairs > 0
        columns = (mean, least, most, rate, n_events, n_pairs, expected.sum(axis=0), error)
        made.append(Rates(*(column[there] for column in columns)))
    return made[0], made[1]


def _interval(rates: Rates) -> tuple[list[float | Undefined], list[float | Undefined]]:
    """Ends of the 95 % interval of each rate: on the logarithm, or Poisson's where no event was seen."""
    low: list[float | Undefined] = []
    high: list[float | Undefined] = []
    for rate, n_events, expected, error in zip(rates.rate, rates.n_events, rates.expected, rates.error, strict=True):
        low.append(float(rate * np.exp(-HALF_WIDTH * error)) if n_events else 0.0)
        if n_events:
            high.append(finite(rate * np.exp(HALF_WIDTH * error)))
        else:
            high.append(finite(UPPER_OF_NONE / expected) if expected > 0 else Undefined("no event was to be expected"))
    return low, high


def _side(layer: str, fitted: dict[str, Any], rates: Rates) -> SideKernel:
    low, high = _interval(rates)
    return SideKernel(
        neurons=layer,
        **fitted,
        degree=tuple(rates.degree.tolist()),
        least=tuple(int(np.floor(k + 1e-9)) for k in rates.least),
        most=tuple(int(np.ceil(k - 1e-9)) for k in rates.most),
        rate=tuple(rates.rate.tolist()),
        low=tuple(low),
        high=tuple(high),
        n_events=tuple(int(n) for n in rates.n_events),
        n_pairs=tuple(int(n) for n in rates.n_pairs),
    )
