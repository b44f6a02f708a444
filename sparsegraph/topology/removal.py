"""Which links a topology update removes: scores of importance, and choices by them."""

from __future__ import annotations

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.registry import Registry
from sparsegraph.topology.ranking import choose_smallest
from sparsegraph.topology.rule import Rule, enter
from sparsegraph.topology.sampling import sample_without_replacement

REMOVAL_SCORES: Registry[Rule] = Registry("removal score", group="sparsegraph.removal")
"""Scores ``f(mask, weights, *, <needs>, <options>) -> float64 array (n_links,)``; links that score high stay."""


@enter(REMOVAL_SCORES, "magnitude")
def magnitude(mask: Mask, weights: np.ndarray) -> np.ndarray:
    """Absolute weight."""
    return np.abs(weights, dtype=np.float64)


@enter(REMOVAL_SCORES, "soft_importance")
def soft_importance(mask: Mask, weights: np.ndarray, *, alpha: float = 0.5) -> np.ndarray:
    """Absolute weight over a mixture of 1 and the sums of the absolute weights at both ends of the link.

    ``S_ij = |w_ij| / (2 (alpha + (1 - alpha) R_i)) + |w_ij| / (2 (alpha + (1 - alpha) C_j))`` with R_i and C_j the sums
    of absolute weights of the links that leave neuron i and enter neuron j.  A quotient 0/0 is 0.

    Parameters
    ----------
    mask : Mask
    weights : ndarray of float, shape (n_links,)
    alpha : float
        1: the magnitude; 0: half the relative importance.

    Returns
    -------
    ndarray of float64, shape (n_links,)

    Notes
    -----
    O(n_links).  The exponent delta / (1 - delta) of the equation belongs to the choice (`choose_removed`), and so S is
    the probability to *stay*: the paper's "determines which links are removed" would delete the strongest.

    References
    ----------
    Zhang et al., "Brain-inspired sparse training in MLP and transformers with network science modeling via
    Cannistraci-Hebb soft rule" (CHTs), preprint 202406.1136 (2024),
    equation 2.
    """
    if not 0 <= alpha <= 1:
        raise DataError(f"alpha is {alpha:g}; it must lie between 0 (relative importance) and 1 (magnitude)")
    absolute = np.abs(weights, dtype=np.float64)
    score = np.zeros(mask.n_links)
    for end, size in ((mask.source, mask.shape[0]), (mask.target, mask.shape[1])):
        sums = np.bincount(end, absolute, size)
        divisor = (alpha + (1 - alpha) * sums)[end]
        score += np.divide(absolute / 2, divisor, out=np.zeros(mask.n_links), where=divisor > 0)
    return score


@enter(REMOVAL_SCORES, "relative_importance")
def link_relative_importance(mask: Mask, weights: np.ndarray) -> np.ndarray:
    """Share of a link in the absolute weights at its source plus its share at its target (RI)."""
    return 2 * soft_importance(mask, weights, alpha=0.0)


@enter(REMOVAL_SCORES, "mest", needs=("gradient",))
def mest(mask: Mask, weights: np.ndarray, *, gradient: np.ndarray, penalty: float = 0.01) -> np.ndarray:
    """Absolute weight plus a multiple of the absolute gradient, over existing links (MEST).

    Parameters
    ----------
    mask : Mask
    weights, gradient : ndarray of float, shape (n_links,)
    penalty : float
        lambda of the paper, which does not give its value; 0.01 is that of the published code of CHT.

    Notes
    -----
    The authors' code adds the gradient of absent links too, so that a link may appear by removal; here, as in CHT, a
    link that is not there has no score.

    References
    ----------
    G. Yuan et al., "MEST: accurate and fast memory-economic sparse training framework on the edge", NeurIPS 2021,
    section 3.2.
    """
    return np.abs(weights, dtype=np.float64) + penalty * np.abs(gradient, dtype=np.float64)


@enter(REMOVAL_SCORES, "random", needs=("rng",))
def random(mask: Mask, weights: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Independent uniform numbers."""
    return rng.random(mask.n_links)


def relative_importance(weights: np.ndarray) -> np.ndarray:
    """Relative importance of every entry of a weight matrix, 0 where there is no link.

    ``RI_ij = |w_ij| / sum_k |w_ik| + |w_ij| / sum_k |w_kj|``

    Parameters
    ----------
    weights : ndarray of float, shape (n_source, n_target)
        Either orientation: the formula is symmetric.

    Returns
    -------
    ndarray of float64, shape (n_source, n_target)
        From 0 to 2.

    Notes
    -----
    No epsilon: the published codes add one, each at another place; an empty row or column needs none, as its links
    score 0 whatever it is.

    References
    ----------
    Y. Zhang et al., "Plug-and-play: an efficient post-training pruning method for large language models" (RIA), ICLR
    2024, equation 2; CHTs, equation 1.

    Examples
    --------
    >>> import numpy as np
    >>> relative_importance(np.array([[1.0, -3.0], [0.0, 1.0]])).tolist()
    [[1.25, 1.5], [0.0, 1.25]]
    """
    matrix = np.asarray(weights)
    mask = Mask.from_array(matrix)
    scores = np.zeros(matrix.size)
    scores[mask.positions] = link_relative_importance(mask, matrix.ravel()[mask.positions])
    return scores.reshape(matrix.shape)


def choose_removed(
    scores: np.ndarray, n: int, *, exponent: float | None = None, rng: np.random.Generator
) -> np.ndarray:
    """Indices of the n links to remove.

    Parameters
    ----------
    scores : ndarray of float, shape (n_links,)
        Importance, at least 0 if an exponent is given.
    n : int
        From 0 to the number of links.
    exponent : float, optional
        None: the n links with the lowest scores, ties broken by chance.  Else the links that *stay* are drawn without
        replacement with probabilities that are proportional to ``score ** exponent``; links of score 0 stay only if
        there are too few others, and then which of them is drawn uniformly.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n,)
        Distinct and increasing.

    Raises
    ------
    DataError
        If n is out of range, or if a score is not a number.

    References
    ----------
    CHTs, section 3.2.1 and equation 2 (soft), which says "binomial": a draw of exact size is what its code makes.
    """
    if exponent is None:
        return choose_smallest(scores, n, rng=rng)
    if not 0 <= n <= scores.size:
        raise DataError(f"{n} of {scores.size} links cannot be removed")
    if not (np.isfinite(scores).all() and (scores >= 0).all()):
        raise DataError("scores of links must be finite and at least 0; has the training diverged?")
    n_kept = scores.size - n
    n_positive = np.count_nonzero(scores)
    if exponent > 0 and n_positive <= n_kept:
        zeros = np.flatnonzero(scores == 0)
        return np.sort(rng.choice(zeros, n, replace=False))
    gone = np.ones(scores.size, np.bool_)
    gone[sample_without_replacement(scores, n_kept, exponent=exponent, rng=rng)] = False
    return np.flatnonzero(gone)


def choose_removed_by_sign(weights: np.ndarray, n: int, *, rng: np.random.Generator) -> np.ndarray:
    """Indices of the n links to remove, positive and negative weights apart, as SET was first published.

    Links of weight exactly 0 have no sign and go first (SET cannot tell them from absent ones and removes all of
    them).  The others are removed from both signs in proportion to how many of each there are, the smallest absolute
    weights of each first.

    Parameters
    ----------
    weights : ndarray of float, shape (n_links,)
    n : int
        From 0 to the number of links.
    rng : numpy.random.Generator
        Breaks ties.

    Returns
    -------
    ndarray of int64, shape (n,)
        Distinct and increasing.

    Raises
    ------
    DataError
        If n is out of range, or if a weight is not a number.

    Notes
    -----
    SET's own counts are ``floor(zeta n_positive) + 1`` and ``n_negative - floor((1 - zeta) n_negative)`` besides all
    zeros; given their sum this rule makes the same choice.

    References
    ----------
    D. C. Mocanu et al., "Scalable training of artificial neural networks with adaptive sparse connectivity inspired
    by network science", Nature Communications 9:2383 (2018), algorithm 1.
    """
    if not 0 <= n <= weights.size:
        raise DataError(f"{n} of {weights.size} links cannot be removed")
    if np.isnan(weights).any():
        raise DataError("weights include some that are not numbers; has the training diverged?")
    zeros = np.flatnonzero(weights == 0)
    if n <= zeros.size:
        return np.sort(rng.choice(zeros, n, replace=False))
    positive, negative = np.flatnonzero(weights > 0), np.flatnonzero(weights < 0)
    n_signed = n - zeros.size
    n_positive = round(n_signed * positive.size / (positive.size + negative.size))
    chosen = [zeros]
    for links, count in ((positive, n_positive), (negative, n_signed - n_positive)):
        chosen.append(links[choose_smallest(np.abs(weights[links]), count, rng=rng)])
    return np.sort(np.concatenate(chosen))
