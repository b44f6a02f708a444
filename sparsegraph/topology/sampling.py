"""The one soft sampler: draws without replacement, in exact number, around any score."""

from __future__ import annotations

import math

import numpy as np

from sparsegraph.topology.ranking import choose_smallest


def sample_without_replacement(
    scores: np.ndarray, k: int, *, exponent: float = 1.0, rng: np.random.Generator
) -> np.ndarray:
    """Indices of ``k`` items drawn one after the other, each with probability ~ ``score ** exponent`` of what is left.

    An item is kept if its key ``exponent ln(score) + G``, G standard Gumbel, is among the k largest; that is the law
    of successive draws without replacement, and no power is ever formed that could overflow or vanish.

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
    O(n) to find the positive scores, O(n_positive) random numbers and one selection among them.

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
    candidates = np.arange(scores.size) if exponent == 0 else np.flatnonzero(scores != 0)
    if not 0 <= k <= candidates.size:
        raise ValueError(f"{k} items asked for, but {candidates.size} of {scores.size} can be drawn")
    if exponent == 0:
        return np.sort(rng.choice(scores.size, k, replace=False).astype(np.int64))
    positive = scores[candidates].astype(np.float64)
    # The minimum of NaNs is NaN, so that one comparison finds both.
    if positive.size and not (positive.min() > 0 and positive.max() < math.inf):
        raise ValueError("scores must be finite and at least 0")
    return candidates[_first(exponent * np.log(positive), k, rng)]


def _first(log_weights: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """Indices of the k largest of ``log_weights + Gumbel``, increasing; minus a Gumbel is the log of an exponential."""
    clocks = rng.standard_exponential(log_weights.size)
    with np.errstate(divide="ignore"):  # a clock that reads 0 comes first, as it should
        np.log(clocks, out=clocks)
    clocks -= log_weights
    return choose_smallest(clocks, k, rng=rng)
