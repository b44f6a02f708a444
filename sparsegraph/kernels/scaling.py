"""Coordinates from distances: the leading eigenvectors of a matrix of distances, exactly or through landmarks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numba
import numpy as np
from scipy import linalg
from scipy.sparse.linalg import LinearOperator, eigsh
from threadpoolctl import threadpool_limits

LARGEST_DENSE = 256
"""Up to this size all eigenvectors are computed, and nothing is left to an iteration."""
PARTS = 4
"""A product is summed in so many parts whatever the number of threads, so that its last digit is always the same."""
PRECISION = 1e-12
"""Of the eigenvectors that an iteration finds, relative to the eigenvalue."""
ROUGH, SAFE = 1e-4, 1e-2
"""Precision of the eigenvalue after the leading ones, of which only the distance is asked; but not if it is so near."""
ROUNDING = 1e-10
"""Eigenvalues below this share of the largest are 0."""


class Coordinates(NamedTuple):
    """Points in some dimensions of an embedding.

    Parameters
    ----------
    points : ndarray of float64, shape (n_neurons, n_dimensions)
    eigenvalues : ndarray of float64
        Of the leading dimensions, skipped ones included, and of the one that follows, by falling magnitude.
    gap : float
        The least relative distance of magnitudes between a dimension in use and one that is not: 1 - smaller /
        larger.  At 0 the dimensions, and with them all angles, are arbitrary.
    """

    points: np.ndarray
    eigenvalues: np.ndarray
    gap: float


def scale(distances: np.ndarray, landmarks: np.ndarray | None, *, first: int, count: int, centred: bool) -> Coordinates:
    """Coordinates ``sqrt(|eigenvalue|) eigenvector`` in ``count`` dimensions, the first of which has number ``first``.

    Centred, the eigenvectors are those of ``-1/2 J D^2 J`` (J takes the mean off, squares are those of the entries),
    else those of D itself.  They are ordered by the magnitude of the eigenvalue, as singular vectors are: negative
    eigenvalues count.

    Parameters
    ----------
    distances : ndarray of float64, shape (n_landmarks, n_neurons)
        Distances from each landmark to each neuron.  **Overwritten if centred.**
    landmarks : ndarray of int, optional
        Neurons that the rows belong to; None if they are all, in order.
    first, count : int
        Dimensions to use, counted from 0.
    centred : bool

    Returns
    -------
    Coordinates
        The sign of each axis is such that the sum of the cubes is not negative.

    Notes
    -----
    With landmarks the eigenvectors are those of the landmarks' square block, and each neuron is placed by its
    distances from them; if all neurons are landmarks this is the exact solution.  Exact, the largest eigenvalues are
    iterated from a fixed start, one further one apart from them, so that an eigenvalue that occurs twice cannot be
    missed; neither the centred matrix nor a copy of the distances is ever made.

    References
    ----------
    J. B. Tenenbaum, V. de Silva, J. C. Langford, A global geometric framework for nonlinear dimensionality reduction,
    Science 290 (2000) 2319.
    V. de Silva, J. B. Tenenbaum, Sparse multidimensional scaling using landmark points, Stanford University technical
    report (2004), section 2.
    """
    if centred:
        np.square(distances, out=distances)
    with threadpool_limits(1, user_api="blas"):
        if landmarks is None and distances.shape[0] > LARGEST_DENSE:
            values, vectors = _iterated(distances, first + count, centred=centred)
            axes = vectors[:, first : first + count]
            points = axes * np.sqrt(np.abs(values[first : first + count]))
        else:
            values, points = _placed(distances, landmarks, (first, count), centred=centred)
    return Coordinates(signed(points), values, gap_around(values, first, count))


def gap_around(eigenvalues: np.ndarray, first: int, count: int) -> float:
    """Least relative distance between the magnitudes of dimensions in use and out of use on either side.

    0 if a dimension in use is but rounding, as the second of a path is.
    """
    size = np.abs(eigenvalues)
    if size[first : first + count].min() <= ROUNDING * size[0]:
        return 0.0
    borders = [i for i in (first, first + count) if 0 < i < size.size]
    return min((float(1.0 - size[i] / size[i - 1]) for i in borders), default=0.0)


def signed(points: np.ndarray) -> np.ndarray:
    """The same points with each axis turned so that its cubes do not sum to less than 0."""
    largest = np.abs(points).max(axis=0, initial=0.0)
    scaled = points / np.where(largest > 0.0, largest, 1.0)  # cubes of what is nearly singular would be infinite
    return points * np.where((scaled**3).sum(axis=0) < 0.0, -1.0, 1.0)


def _placed(
    distances: np.ndarray, landmarks: np.ndarray | None, dimensions: tuple[int, int], *, centred: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues of the landmarks' block, and every neuron's place by its distances from the landmarks."""
    first, count = dimensions
    block = distances if landmarks is None else distances[:, landmarks]
    mean = block.mean(axis=1) if centred else np.zeros(block.shape[0])
    if centred:
        block = -0.5 * (block - mean[:, None] - mean + mean.mean())
    values, vectors = linalg.eigh(block)
    order = np.argsort(-np.abs(values), kind="stable")
    used = order[first : first + count]
    safe = np.where(values[used] == 0.0, 1.0, values[used])
    towards = vectors[:, used] * (np.sqrt(np.abs(values[used])) / safe)
    if centred:
        towards = -0.5 * (towards - towards.mean(axis=0))
    return values[order[: first + count + 1]], distances.T @ towards - mean @ towards


def _iterated(distances: np.ndarray, count: int, *, centred: bool) -> tuple[np.ndarray, np.ndarray]:
    """Leading eigenvalues and eigenvectors by Lanczos iteration; one more than asked for."""
    n = distances.shape[0]
    start = np.random.default_rng(0).standard_normal(n)
    with ThreadPoolExecutor(max_workers=min(PARTS, numba.get_num_threads())) as pool:

        def product(vector: np.ndarray) -> np.ndarray:
            vector = vector.ravel()
            if not centred:
                return _symmetric_product(distances, vector, pool)
            made = _symmetric_product(distances, vector - vector.mean(), pool)
            return -0.5 * (made - made.mean())

        whole = LinearOperator((n, n), matvec=product, dtype=np.float64)
        values, vectors = eigsh(whole, k=count, which="LM", v0=start, tol=PRECISION)

        def remaining(vector: np.ndarray) -> np.ndarray:
            vector = vector.ravel() - vectors @ (vectors.T @ vector.ravel())
            made = product(vector)
            return made - vectors @ (vectors.T @ made)

        rest = LinearOperator((n, n), matvec=remaining, dtype=np.float64)
        further, vector = eigsh(rest, k=1, which="LM", v0=start, tol=ROUGH)
        if abs(further[0]) > (1.0 - SAFE) * np.abs(values).min():  # it may have to take a place among the leading ones
            further, vector = eigsh(rest, k=1, which="LM", v0=vector[:, 0], tol=PRECISION)
    values, vectors = np.append(values, further), np.hstack([vectors, vector])
    order = np.argsort(-np.abs(values), kind="stable")
    return values[order], vectors[:, order]


def _symmetric_product(matrix: np.ndarray, vector: np.ndarray, pool: ThreadPoolExecutor) -> np.ndarray:
    """Symmetric matrix times vector from the lower triangle alone, which halves what is read from memory."""
    n = vector.size
    cuts = (n * np.sqrt(np.linspace(0.0, 1.0, PARTS + 1))).astype(np.int64).tolist()
    parts = pool.map(lambda i: _triangle_product(matrix, vector, cuts[i], cuts[i + 1]), range(PARTS))
    return np.sum(list(parts), axis=0)


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _triangle_product(matrix: np.ndarray, vector: np.ndarray, begin: int, end: int) -> np.ndarray:
    """What some rows of the lower triangle, and their mirror images, add to the product."""
    made = np.zeros(vector.size)
    for row in range(begin, end):
        entries, mine, total = matrix[row], vector[row], 0.0
        for column in range(row):
            total += entries[column] * vector[column]
            made[column] += entries[column] * mine
        made[row] += total + entries[row] * mine
    return made
