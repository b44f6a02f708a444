"""Goodness of fit of a power law: how often samples drawn from the fit lie as far from their own fit as the data do."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, NamedTuple

import numba
import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.kernels.histogram import Histogram, histogram_of
from sparsegraph.kernels.powerlaw import PowerLawFit
from sparsegraph.kernels.powerlaw_tail import is_beyond_at, largest_distance, solve_alpha, tail_sums
from sparsegraph.kernels.zeta import quantile, survival, zeta_scaled

Rule = Literal["csn", "survival"]

BATCH = 100
"""Replicas per random stream; part of the result, as the batches and not the threads own the streams."""

LARGEST_TABLE = 4096
"""Most tail values that get a bin of their own."""


class _Law(NamedTuple):
    """What replicas are drawn from: body bins as observed, tail bins from the fit, and one bin for all values beyond.

    ``values`` float64, shape (n_bins,); ``shares``, shape (n_bins + 1,), add up to 1; ``first_beyond`` is the
    smallest value of the last bin, and ``n_drawn`` the size of a replica.
    """

    values: np.ndarray
    shares: np.ndarray
    first_beyond: float
    n_drawn: int


def bootstrap_p_value(
    data: Any, fit: PowerLawFit, *, replicas: int, rng: np.random.Generator, rule: Rule = "csn"
) -> float:
    """Share of synthetic samples that lie at least as far from their own fitted power law as the data from theirs.

    Rule ``csn`` (Clauset, Shalizi and Newman): each replica has n values, each with probability n_tail / n from the
    fitted law and else from the data below xmin; alpha, and xmin unless it was fixed, are fitted anew; p is the share
    with ``D_replica >= D``.  Rule ``survival``: n_tail values from the fitted law alone, xmin kept, and p is the
    share with ``D_replica > D``.

    Parameters
    ----------
    data : array_like of int
        The data that ``fit`` was fitted to.
    fit : PowerLawFit
        Free fit, not one on a grid.
    replicas : int
        Number of synthetic samples; the standard error of p is at most 1 / (2 sqrt(replicas)).
    rng : numpy.random.Generator
    rule : {"csn", "survival"}

    Returns
    -------
    float
        p in [0, 1], a multiple of 1 / replicas.

    Raises
    ------
    DataError
        If there are no replicas or the fit is one on a grid.

    Notes
    -----
    Replicas are drawn as histograms: O(n_distinct) each, whatever n.  A replica stops as soon as one xmin brings it
    nearer than the data, and each distance as soon as it exceeds theirs; neither changes p.  A replica without two
    distinct values in its tail counts as near: equal values at xmin are the limit of ever steeper laws (D = 0), and
    equal values above a fixed xmin, which have a fit and a distance, are fewer than one replica in 2^(n_tail - 1).
    The same ``rng`` gives the same p for any number of threads.  Exponents near 1 draw values beyond all bounds: they
    are set to 1e300 at most, which below alpha = 1.05 touches one draw in 10^15.

    References
    ----------
    A. Clauset, C. R. Shalizi, M. E. J. Newman, "Power-law distributions in empirical data", SIAM Review 51 (2009),
    section 4.1.
    """
    if replicas < 1:
        raise DataError(f"{replicas} replicas give no p-value; at least 1 is needed")
    if fit.on_grid:
        raise DataError("the fit is confined to a grid of exponents; a p-value needs the free fit")
    law = _law(histogram_of(data), fit, tail_only=rule == "survival")
    sizes = [min(BATCH, replicas - first) for first in range(0, replicas, BATCH)]
    streams = rng.integers(2**63, size=(len(sizes), 2))
    keep_xmin = fit.fixed_xmin or rule == "survival"
    # a distance above this bound counts: the next smaller double makes "at least as far" of "farther"
    bound = fit.ks_distance if rule == "survival" else math.nextafter(fit.ks_distance, 0.0)

    def farther(batch: int) -> int:
        stream = np.random.default_rng(streams[batch])
        counts = stream.multinomial(law.n_drawn, law.shares, size=sizes[batch])
        uniforms = 1.0 - stream.random(int(counts[:, -1].sum()))
        return count_farther(
            law.values, counts, uniforms, (fit.alpha, float(fit.xmin), law.first_beyond), keep_xmin, bound
        )

    with ThreadPoolExecutor(numba.get_num_threads()) as pool:
        return sum(pool.map(farther, range(len(sizes)))) / replicas


def _law(histogram: Histogram, fit: PowerLawFit, *, tail_only: bool) -> _Law:
    """Bins for tail values until they expect fewer than a quarter of a draw; rarer ones are drawn one by one."""
    q = float(fit.xmin)
    h = zeta_scaled(fit.alpha, q)
    rarest = min((4.0 * fit.n_tail / h) ** (1.0 / fit.alpha), 2.0**53)
    n_bins = int(min(max(q * rarest - q, 1.0), LARGEST_TABLE))
    tail = q + np.arange(n_bins)
    tail_shares = np.exp(-fit.alpha * np.log(tail / q)) / h
    tail_shares = np.append(tail_shares, survival(q + n_bins, fit.alpha, q, h))
    if tail_only:
        return _Law(tail, tail_shares / tail_shares.sum(), q + n_bins, fit.n_tail)
    below = histogram.values < q
    shares = np.concatenate([histogram.counts[below], tail_shares * fit.n_tail])
    return _Law(np.concatenate([histogram.values[below], tail]), shares / shares.sum(), q + n_bins, fit.n)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def count_farther(
    bins: np.ndarray,
    counts: np.ndarray,
    uniforms: np.ndarray,
    law: tuple[float, float, float],
    keep_xmin: bool,  # noqa: FBT001 - a compiled function takes no keywords cheaply
    bound: float,
) -> int:
    """Number of replicas whose distance from their own fit exceeds ``bound``.

    Row r of ``counts``, shape (n_replicas, n_bins + 1), is a replica: how many values it has in each bin, and last
    how many beyond; those are quantiles of the next ``uniforms`` under ``law`` = (alpha, xmin, smallest value beyond).
    """
    alpha, xmin, first_beyond = law
    h = zeta_scaled(alpha, first_beyond)
    n_farther = used = 0
    for row in range(counts.shape[0]):
        n_beyond = counts[row, bins.size]
        beyond = np.empty(n_beyond)
        for index in range(n_beyond):
            beyond[index] = quantile(uniforms[used + index], alpha, first_beyond, h)
        used += n_beyond
        beyond.sort()
        values, sample = merge(bins, counts[row], beyond)
        if not is_near(values, sample, xmin, keep_xmin, bound):
            n_farther += 1
    return n_farther


@numba.njit(nogil=True, cache=True)
def merge(bins: np.ndarray, counts: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Histogram of a replica: its bins that are not empty, then the sorted values beyond them."""
    values = np.empty(bins.size + beyond.size)
    sample = np.empty(bins.size + beyond.size)
    n_distinct = 0
    for index in range(bins.size):
        if counts[index] > 0:
            values[n_distinct] = bins[index]
            sample[n_distinct] = counts[index]
            n_distinct += 1
    for index in range(beyond.size):
        if index > 0 and beyond[index] == beyond[index - 1]:
            sample[n_distinct - 1] += 1.0
        else:
            values[n_distinct] = beyond[index]
            sample[n_distinct] = 1.0
            n_distinct += 1
    return values[:n_distinct], sample[:n_distinct]


@numba.njit(nogil=True, cache=True, error_model="numpy")
def is_near(values: np.ndarray, counts: np.ndarray, xmin: float, keep_xmin: bool, bound: float) -> bool:  # noqa: FBT001
    """Whether some tail of a sample (with ``keep_xmin`` the one from xmin on) is no farther from its fit than bound.

    Tails near the xmin of the data come first, as they are the likeliest to be near.
    """
    n_distinct = values.size
    middle = int(np.searchsorted(values, xmin))
    if n_distinct - (middle if keep_xmin else 0) < 2:
        return True
    if keep_xmin:
        mean_log = 0.0
        for index in range(middle, n_distinct):
            mean_log += counts[index] * math.log(values[index] / xmin)
        n_tail = counts[middle:].sum()
        alpha, h = solve_alpha(mean_log / n_tail, xmin)
        return largest_distance(values[middle:], counts[middle:], n_tail, (xmin, alpha, h), bound)[0] <= bound
    n_tail_of, mean_log_of = tail_sums(values, counts)
    farthest = 0
    for turn in range(n_distinct - 1):
        start = turn + middle if turn + middle < n_distinct - 1 else n_distinct - 2 - turn
        alpha, h = solve_alpha(mean_log_of[start], values[start])
        law = (values[start], alpha, h)
        if farthest >= start and is_beyond_at(farthest, values, n_tail_of, start, law, bound):
            continue
        distance, place = largest_distance(values[start:], counts[start:], n_tail_of[start], law, bound)
        if distance <= bound:
            return True
        farthest = start + place
    return False
