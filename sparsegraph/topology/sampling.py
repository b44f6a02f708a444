"""The one soft sampler: draws without replacement, in exact number, around any score."""

from __future__ import annotations

import math

import numpy as np

from sparsegraph.topology.ranking import choose_smallest

FEW = 8
"""Few of many: at least so many items can be drawn for each that is."""

ROUNDS = 3


def sample_without_replacement(
    scores: np.ndarray, k: int, *, exponent: float = 1.0, rng: np.random.Generator
) -> np.ndarray:
    """Indices of ``k`` items drawn one after the other, each with probability ~ ``score ** exponent`` of what is left.

    Few of many items are drawn with replacement, and what comes again is passed over, which is that law by definition.
    Otherwise, or if the repeats get too many, an item is drawn if its key ``exponent ln(score) + G``, G standard
    Gumbel, is among the largest; that is the same law, and forms no power that could overflow or vanish.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        Finite and at least 0.
    k : int
        From 0 to the number of items that can be drawn.
    exponent : float
        Finite and at least 0.  With 0 every item is equally likely, those of score 0 included (0**0 = 1).  Above 0
        an item of score 0 is never drawn: what to do where too few are positive is the caller's choice.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (k,)
        Distinct and increasing.

    Raises
    ------
    ValueError
        If more items are asked for than can be drawn, or if a score or the exponent is negative or not finite.

    Notes
    -----
    Few of many: one pass of additions over the scores and O(k log n) besides.  Otherwise O(n_positive) random numbers
    and logarithms and one selection among them.  Stopping the first way after any number of draws and going on the
    second way among what is left does not change the law, since successive draws have no memory.

    References
    ----------
    P. S. Efraimidis, P. G. Spirakis, "Weighted random sampling with a reservoir", Information Processing Letters 97
    (2006), algorithm A; in logarithms it is the Gumbel top-k trick (W. Kool, H. van Hoof, M. Welling, "Stochastic
    beams and where to find them", ICML 2019).

    Examples
    --------
    >>> import numpy as np
    >>> sample_without_replacement(np.array([0.0, 2.0, 0.0, 1.0]), 2, rng=np.random.default_rng(0)).tolist()
    [1, 3]
    """
    if not 0 <= exponent < math.inf:
        raise ValueError(f"the exponent is {exponent}; it must be finite and at least 0")
    # The minimum of NaNs is NaN, so that one comparison finds both.
    if scores.size and not (scores.min() >= 0 and scores.max() < math.inf):
        raise ValueError("scores must be finite and at least 0")
    n_candidates = scores.size if exponent == 0 else int(np.count_nonzero(scores != 0))
    if not 0 <= k <= n_candidates:
        raise ValueError(f"{k} items asked for, but {n_candidates} of {scores.size} can be drawn")
    if exponent == 0:
        return np.sort(rng.choice(scores.size, k, replace=False).astype(np.int64))
    drawn = _few(scores, k, exponent, rng) if 0 < FEW * k <= n_candidates else np.empty(0, np.int64)
    if drawn.size < k:
        left = scores != 0
        left[drawn] = False
        candidates = np.flatnonzero(left)
        log_weights = exponent * np.log(scores[candidates].astype(np.float64))
        drawn = np.concatenate([drawn, candidates[_first(log_weights, k - drawn.size, rng)]])
    return np.sort(drawn)


def _few(scores: np.ndarray, k: int, exponent: float, rng: np.random.Generator) -> np.ndarray:
    """The first k distinct items of draws with replacement, or fewer if these have not come up soon."""
    weights = scores / np.float64(scores.max())
    if exponent != 1:
        weights **= exponent
    ends = np.cumsum(weights, out=weights)
    drawn = np.empty(0, np.int64)
    for _ in range(ROUNDS):
        fresh = np.searchsorted(ends, ends[-1] * rng.random(16 + 5 * (k - drawn.size) // 4), side="right")
        drawn = np.concatenate([drawn, fresh[fresh < scores.size]])  # a product may round up to the very end
        drawn = drawn[np.sort(np.unique(drawn, return_index=True)[1])]
        if drawn.size >= k:
            break
    return drawn[:k]


def _first(log_weights: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """Indices of the k largest of ``log_weights + Gumbel``, increasing; minus a Gumbel is the log of an exponential."""
    clocks = rng.standard_exponential(log_weights.size)
    with np.errstate(divide="ignore"):  # a clock that reads 0 comes first, as it should
        np.log(clocks, out=clocks)
    clocks -= log_weights
    return choose_smallest(clocks, k, rng=rng)
