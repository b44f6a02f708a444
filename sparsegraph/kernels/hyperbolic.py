"""Coalescent embedding: polar coordinates of a network's neurons in the hyperbolic disk."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sparsegraph.errors import DataError
from sparsegraph.kernels.angles import directions
from sparsegraph.kernels.angular import AngularSeparation, angular_separation
from sparsegraph.kernels.laplacian import eigenmap
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, PowerLawFit, fit_discrete
from sparsegraph.kernels.pre_weighting import LENGTHS, Weighting, link_lengths
from sparsegraph.kernels.scaling import Coordinates, scale
from sparsegraph.kernels.spanning_tree import tree_distances
from sparsegraph.kernels.weighted_distances import WeightedLinks, weighted_distances

__all__ = ["AngularSeparation", "Embedding", "angular_separation", "coalescent_embedding", "embed", "radii"]

Reduction = Literal["ISO", "ncISO", "LE", "MCE", "ncMCE"]
Adjustment = Literal["original", "EA"]

LEAST_NEURONS = 4
SMALL_SAMPLE = 100
"""Below this many neurons the fitted exponent is corrected for finite size."""
LARGEST_EXACT = 8000
N_LANDMARKS = 1000


class Dimensions(NamedTuple):
    """Which eigenvectors of which distances become coordinates: so many from the one numbered ``first``."""

    distances: Callable[[WeightedLinks, np.ndarray], np.ndarray]
    first: int
    n: int
    centred: bool


SCALINGS = {
    "ISO": Dimensions(weighted_distances, 0, 2, True),
    "ncISO": Dimensions(weighted_distances, 1, 2, False),
    "MCE": Dimensions(tree_distances, 0, 1, True),
    "ncMCE": Dimensions(tree_distances, 1, 1, False),
}


class Embedding(NamedTuple):
    """A network's place on the plane or line from which angles are taken, see :func:`embed`."""

    coordinates: Coordinates
    n_landmarks: int


def coalescent_embedding(
    adjacency: Any,
    *,
    weighting: Weighting | Literal["original"] = "RA1",
    reduction: Reduction = "ISO",
    adjustment: Adjustment = "EA",
    gamma: float | None = None,
    largest_exact: int = LARGEST_EXACT,
) -> tuple[np.ndarray, np.ndarray]:
    """Angles and radii of the neurons of a network in the hyperbolic disk.

    Links get lengths from the topology around them (``weighting``), distances through the network are reduced to a
    plane or a line (``reduction``), the direction there is the angle (``adjustment``), and the rank by degree the
    radius: ``r_i = max(0, 2 b ln i + 2 (1 - b) ln n)`` with ``b = 1 / (gamma - 1)`` for the neuron of i-th degree.

    Parameters
    ----------
    adjacency : array_like or scipy sparse array, shape (n, n)
        Symmetric, of zeros and ones, without self-links, one connected component; with ``weighting="original"``
        the lengths of the links in place of ones.
    weighting : {"RA1", "RA2", "EBC", "original"}
        See :func:`~sparsegraph.kernels.pre_weighting.link_lengths`; ``original`` takes the lengths as given.
    reduction : {"ISO", "ncISO", "LE", "MCE", "ncMCE"}
        Isomap on shortest paths, centred (dimensions 1 and 2) or not (2 and 3); Laplacian eigenmaps (2 and 3); minimum
        curvilinear embedding on paths along the minimum spanning tree, centred (dimension 1) or not (2).
    adjustment : {"EA", "original"}
        Equidistant angles in the order found, or the angles found; on a line, places scaled to [0, 2 pi (n - 1) / n].
    gamma : float, optional
        Exponent above 1 of the degree distribution; by default fitted as the authors do (:func:`radii`).
    largest_exact : int
        Networks of more neurons are placed by their distances from 1,000 landmarks (LE needs none): half of them those
        with most links, the others drawn from a fixed seed (:func:`choose_landmarks`).

    Returns
    -------
    theta : ndarray of float64, shape (n,)
        In [0, 2 pi).  Determined up to rotations by half a turn and reflections, and not at all if eigenvalues
        coincide (:attr:`~sparsegraph.kernels.scaling.Coordinates.gap`).
    r : ndarray of float64, shape (n,)
        Neurons of equal degree are ranked in the order in which they stand.

    Raises
    ------
    DataError
        If the matrix is no such adjacency, has fewer than 4 neurons or several components, is complete, if all degrees
        are equal and ``gamma`` is not given, or if an option is unknown.

    Notes
    -----
    ISO takes n shortest-path searches and some forty products with an n x n matrix of 64-bit floats, the only one in
    memory: about a second for 3,800 neurons on two cores.

    References
    ----------
    A. Muscoloni, J. M. Thomas, S. Ciucci, G. Bianconi, C. V. Cannistraci, Machine learning meets complex networks via
    coalescent embedding in the hyperbolic space, Nature Communications 8 (2017) 1615.

    Examples
    --------
    >>> path = sparse.diags_array([np.ones(5), np.ones(5)], offsets=[-1, 1], shape=(6, 6))
    >>> theta, r = coalescent_embedding(path, reduction="MCE", gamma=2.5)
    >>> sorted((theta / np.pi * 3).round(6).tolist())
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    """
    links = _checked(adjacency)
    check_options(weighting, reduction, adjustment)
    if weighting != "original":
        lengths = link_lengths(links.indptr, links.neighbours, weighting)
        links = links._replace(weight=lengths)
    n_landmarks = N_LANDMARKS if links.indptr.size - 1 > largest_exact else None
    points = embed(links, reduction=reduction, n_landmarks=n_landmarks).coordinates.points
    degrees = np.diff(links.indptr)
    r = radii(degrees, fitted_gamma(degrees).alpha if gamma is None else gamma)
    around = directions(points)
    return (around.equidistant() if adjustment == "EA" else around.theta), r


def embed(links: WeightedLinks, *, reduction: Reduction, n_landmarks: int | None) -> Embedding:
    """Coordinates of the neurons of a connected network on a plane (ISO, ncISO, LE) or a line (MCE, ncMCE).

    Parameters
    ----------
    links : WeightedLinks
        One connected component; rows sorted.
    reduction : {"ISO", "ncISO", "LE", "MCE", "ncMCE"}
    n_landmarks : int, optional
        Place the neurons by their distances from so many landmarks; None: exactly.

    Returns
    -------
    Embedding
        ``n_landmarks`` is 0 if exact.
    """
    n_neurons = links.indptr.size - 1
    if reduction == "LE":
        return Embedding(eigenmap(links), 0)
    distances, first, n, centred = SCALINGS[reduction]
    if n_landmarks is None:
        table = distances(links, np.arange(n_neurons))
        return Embedding(scale(table, None, first=first, count=n, centred=centred), 0)
    landmarks = choose_landmarks(links, min(n_landmarks, n_neurons))
    table = distances(links, landmarks)
    return Embedding(scale(table, landmarks, first=first, count=n, centred=centred), landmarks.size)


def choose_landmarks(links: WeightedLinks, n_landmarks: int) -> np.ndarray:
    """Half of the landmarks those with most links, the others drawn from a fixed seed; increasing.

    Of neurons with equally many links the one with more links around it comes first (the sum of its neighbours'
    degrees, then the sum of these sums), so that names decide only between neurons that are alike in all three.
    """
    n = links.indptr.size - 1
    ends = np.ones(links.neighbours.size, np.int64)
    around = sparse.csr_array((ends, links.neighbours, links.indptr), shape=(n, n))
    degrees = np.diff(links.indptr).astype(np.int64)
    second = around @ degrees
    falling = np.lexsort((-(around @ second), -second, -degrees))
    n_hubs = n_landmarks // 2
    drawn = np.random.default_rng(0).choice(falling[n_hubs:], n_landmarks - n_hubs, replace=False)
    return np.sort(np.concatenate([falling[:n_hubs], drawn]))


def fitted_gamma(degrees: np.ndarray) -> PowerLawFit:
    """The authors' fit: Clauset's grid of exponents up to 10, corrected for finite size below 100 neurons."""
    return fit_discrete(degrees, alpha_grid=CLAUSET_GRID, finite_size=degrees.size < SMALL_SAMPLE)


def radii(degrees: np.ndarray, gamma: float) -> np.ndarray:
    """Radius of each neuron: ``max(0, 2 b ln i + 2 (1 - b) ln n)``, i its rank by falling degree, b = 1/(gamma - 1).

    Neurons of equal degree are ranked in the order in which they stand.
    """
    if not (gamma > 1.0 and math.isfinite(gamma)):
        raise DataError(f"gamma is {gamma}; the exponent of a degree distribution exceeds 1")
    n, fading = degrees.size, 1.0 / (gamma - 1.0)
    r = np.empty(n)
    ranked = 2.0 * fading * np.log(np.arange(1, n + 1)) + 2.0 * (1.0 - fading) * np.log(n)
    r[np.argsort(-degrees, kind="stable")] = np.maximum(0.0, ranked)
    return r


def check_options(weighting: str, reduction: str, adjustment: str) -> None:
    """Refuse what is unknown, by the name of the option."""
    for option, value, names in (
        ("weighting", weighting, (*LENGTHS, "original")),
        ("reduction", reduction, (*SCALINGS, "LE")),
        ("adjustment", adjustment, get_args(Adjustment)),
    ):
        if value not in names:
            raise DataError(f"{option} is {value!r}; it must be one of {', '.join(names)}")


def _checked(adjacency: Any) -> WeightedLinks:
    """Sorted rows of an adjacency that can be embedded."""
    matrix = sparse.csr_array(adjacency, dtype=np.float64, copy=True)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    n = matrix.shape[0]
    if matrix.ndim != 2 or n != matrix.shape[1] or n < LEAST_NEURONS:
        raise DataError(f"an adjacency of shape {matrix.shape}; it must be square, of at least {LEAST_NEURONS} neurons")
    if not (np.isfinite(matrix.data).all() and (matrix.data > 0.0).all()):
        raise DataError("the adjacency holds negative or infinite entries or no numbers; links are ones or lengths")
    if (matrix != matrix.T).nnz or matrix.diagonal().any():
        raise DataError("the adjacency is not symmetric or has self-links; give each link in both directions")
    n_components = csgraph.connected_components(matrix, directed=False, return_labels=False)
    if n_components > 1:
        raise DataError(f"the network has {n_components} components; embed the largest alone")
    if matrix.nnz == n * (n - 1):
        raise DataError("every two neurons are linked; a complete network has no geometry")
    return WeightedLinks(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data)
