"""Correlated sparse topological initialisation (CSTI): links where inputs are correlated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.topology.initialise import Shape, blocks_of, initialiser
from sparsegraph.topology.ranking import choose_smallest
from sparsegraph.topology.sampling import sample_without_replacement

Fill = Literal["refuse", "uniform"]
"""What happens when more links are asked for than there are correlations: an error, or uniform draws."""

_SAMPLES_AT_ONCE = 1024
_DECIMALS = 12


@initialiser("csti", needs=("features",))
def csti(
    shapes: Sequence[Shape],
    n_links: Sequence[int],
    *,
    features: np.ndarray,
    rng: np.random.Generator,
    fill: Fill = "refuse",
) -> list[Mask]:
    """Links where the absolute correlation of two input features is largest, the same ones in every block (CSTI).

    A block between layers of once or twice the input size is covered by copies of the matrix of absolute correlations
    (diagonal 0), of which the ``n_links`` largest entries are taken.

    Parameters
    ----------
    shapes : sequence of (int, int)
        Of the chain from the input on; hidden layers have once or twice as many neurons as there are features.
    n_links : sequence of int
    features : ndarray of float, shape (n_samples, n_features)
        Training inputs; all of them in the papers.
    rng : numpy.random.Generator
        Breaks ties: a correlation occurs at least twice, as the matrix is symmetric.
    fill : {"refuse", "uniform"}
        Where more links are asked for than entries are above 0: raise, or draw the others uniformly.

    Returns
    -------
    list of Mask
        Equal where shape and count are equal.

    Raises
    ------
    DataError
        If a layer has another size, if values are not finite, or if there are too few correlations.

    Notes
    -----
    O(n_samples n_features^2), once; memory beside the features is that of a thousand samples and one block.
    Constant features have no correlation and so no link.  The papers leave open whether the sign counts; as in their
    program it does not.  That program takes all links that tie with the last one; here the count is exact.

    References
    ----------
    Zhang et al., "Ultra-sparse network advantage in deep learning via Cannistraci-Hebb brain-inspired training with
    hyperbolic meta-deep community-layered epitopology" (CHT), preprint 202207.0139 (2023), section 3.2.
    """
    return _chosen(shapes, n_links, features, lambda scores, k: choose_smallest(-scores, k, rng=rng), fill, rng)


@initialiser("csti-soft", needs=("features",))
def csti_soft(
    shapes: Sequence[Shape],
    n_links: Sequence[int],
    *,
    features: np.ndarray,
    rng: np.random.Generator,
    exponent: float = 1.0,
    fill: Fill = "refuse",
) -> list[Mask]:
    """Links sampled without replacement in proportion to the absolute correlation of two input features (soft CSTI).

    As `csti` in all else; ``exponent`` is a power of the correlation.
    """
    return _chosen(
        shapes,
        n_links,
        features,
        lambda scores, k: sample_without_replacement(scores, k, exponent=exponent, rng=rng),
        fill,
        rng,
    )


def absolute_correlations(features: np.ndarray) -> np.ndarray:
    """Absolute Pearson correlation of every pair of features, 0 on the diagonal and for constant features.

    Parameters
    ----------
    features : ndarray of float, shape (n_samples, n_features)

    Returns
    -------
    ndarray of float64, shape (n_features, n_features)
        Exactly symmetric; rounded to 12 decimals, so that equal correlations are equal whatever the order of sums.

    Raises
    ------
    DataError
        If values are not finite or if there are no samples.

    Notes
    -----
    In double precision, centred and divided by the range before products are formed, in parts of the samples.  Single
    precision would be twice as fast, but which of two nearly equal correlations is larger would then depend on the
    number of threads.
    """
    if features.ndim != 2 or not features.size:
        raise DataError(f"training inputs of shape {features.shape}; (samples, features) is expected")
    lowest, highest = features.min(axis=0).astype(np.float64), features.max(axis=0).astype(np.float64)
    if not (np.isfinite(lowest).all() and np.isfinite(highest).all()):
        raise DataError("training inputs include values that are not finite; correlations need finite ones")
    varies = np.flatnonzero(lowest < highest)
    mean, span = features.mean(axis=0, dtype=np.float64)[varies], (highest - lowest)[varies]
    products = np.zeros((varies.size, varies.size))
    for start in range(0, len(features), _SAMPLES_AT_ONCE):
        centred = (features[start : start + _SAMPLES_AT_ONCE, varies] - mean) / span
        products += centred.T @ centred
    spread = np.sqrt(np.diagonal(products))
    correlations = np.abs(products) / np.outer(spread, spread)
    np.fill_diagonal(correlations, 0)
    result = np.zeros((lowest.size, lowest.size))
    result[np.ix_(varies, varies)] = np.round(correlations, _DECIMALS)
    return result


def _chosen(
    shapes: Sequence[Shape],
    n_links: Sequence[int],
    features: np.ndarray,
    choose: Callable[[np.ndarray, int], np.ndarray],
    fill: Fill,
    rng: np.random.Generator,
) -> list[Mask]:
    blocks = list(blocks_of(shapes, n_links))
    _check_sizes(shapes, features.shape[1])
    correlations = absolute_correlations(features)
    masks: dict[tuple[Shape, int], Mask] = {}
    for shape, count in blocks:
        if (shape, count) not in masks:
            copies = tuple(size // features.shape[1] for size in shape)
            scores = np.tile(correlations, copies).ravel()
            masks[shape, count] = Mask(shape, _filled(scores, count, choose, fill, rng))
    return [masks[block] for block in blocks]


def _filled(
    scores: np.ndarray,
    count: int,
    choose: Callable[[np.ndarray, int], np.ndarray],
    fill: Fill,
    rng: np.random.Generator,
) -> np.ndarray:
    n_positive = int(np.count_nonzero(scores))
    if count <= n_positive:
        return choose(scores, count)
    if fill == "refuse":
        raise DataError(
            f"{count} links asked for, but only {n_positive} pairs of inputs are correlated; "
            "ask for fewer (a higher --sparsity), choose another start (--start er), or from Python give the start "
            'the option fill="uniform", which draws the others at random'
        )
    drawn = rng.choice(np.flatnonzero(scores == 0), count - n_positive, replace=False)
    return np.sort(np.concatenate([np.flatnonzero(scores), drawn]))


def _check_sizes(shapes: Sequence[Shape], n_features: int) -> None:
    found = [shapes[0][0], *(shape[1] for shape in shapes)]
    fits = found[0] == n_features and all(size in (n_features, 2 * n_features) for size in found)
    chained = all(shapes[i][1] == shapes[i + 1][0] for i in range(len(shapes) - 1))
    if not (fits and chained):
        raise DataError(
            f"a correlated start (CSTI) cannot be made for layers of {', '.join(map(str, found))} neurons: with "
            f"{n_features} input features hidden layers of {n_features} or {2 * n_features} are expected"
        )
