"""Angular separability: how far groups of points on a circle lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numba
import numpy as np

from sparsegraph.errors import DataError

WorstCase = Literal["computational", "theoretical"]
LEAST_POINTS = 4
DRAWN_AT_ONCE = 2**22
"""Places of permutations that are held in memory at a time."""


@dataclass(frozen=True, slots=True)
class AngularSeparation:
    """How far the groups of points on a circle lie apart.

    Parameters
    ----------
    index : float
        Angular separability index, 1 if every group fills an arc of its own, 0 if none is better than the worst case.
    groups : ndarray of float64, shape (n_groups, 2)
        Label and index of each group, by rising label; the index of a group may be negative, and is NaN for a group
        of one point, which is left out everywhere.
    p_value : float
        Share of the permutations, the data counted among them, with an index at least as large.
    index_random : ndarray of float64, shape (n_permutations,)
        Index of each permutation.
    """

    index: float
    groups: np.ndarray
    p_value: float
    index_random: np.ndarray


def angular_separation(
    theta: np.ndarray,
    labels: np.ndarray,
    *,
    permutations: np.ndarray | int,
    rng: np.random.Generator | None = None,
    worst_case: WorstCase = "computational",
) -> AngularSeparation:
    """Angular separability index of labelled points on a circle, with its p-value under random labels.

    A group's *mistakes* are the foreign points inside the arc that it spans (all gaps between its neighbours but the
    widest).  ``index = max(0, 1 - sum of mistakes / sum of mistakes in the worst case)``, and of group k
    ``1 - mistakes_k / worst_k``.

    Parameters
    ----------
    theta : ndarray of float64, shape (n,)
        Angles in [0, 2 pi]; only their order matters, and equal ones are ordered as they stand.
    labels : ndarray of int, shape (n,)
        Group of each point.
    permutations : ndarray of int, shape (n_permutations, n), or int
        Row i gives the points the angles ``theta[permutations[i]]``; or how many are drawn with ``rng``.
    rng : numpy.random.Generator, optional
        Needed if ``permutations`` is a number.
    worst_case : {"computational", "theoretical"}
        ``computational``: the mistakes of the permutation that makes most of them; ``theoretical``:
        ``ceil((n - n_k) (n_k - 1) / n_k)`` of group k, as many as evenly spread points make.

    Returns
    -------
    AngularSeparation

    Raises
    ------
    DataError
        If there are fewer than 4 points, one group only, as many groups as points, angles outside [0, 2 pi], or no
        permutations.

    Notes
    -----
    O(n log n + n_permutations n).  The computational worst case is a random number, the largest of so many draws; the
    more permutations, the larger the index.  Where the worst case has no mistakes, as with one group and one other
    point, the index is 1, as in the authors' code, and says nothing.

    References
    ----------
    A. Muscoloni, C. V. Cannistraci, Angular separability of data clusters or network communities in geometrical space
    and its relevance to hyperbolic embedding, arXiv 1907.00025 (2019).

    Examples
    --------
    >>> theta = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    >>> labels = np.array([0, 0, 0, 1, 1, 1])
    >>> found = angular_separation(theta, labels, permutations=99, rng=np.random.default_rng(0))
    >>> found.index, found.groups[:, 1].tolist()
    (1.0, [1.0, 1.0])
    """
    values, group, counts = np.unique(labels, return_inverse=True, return_counts=True)
    angles = np.asarray(theta, np.float64)
    _check(angles, group, counts, worst_case)
    mistakes = _mistakes(_places(angles[None]), group, counts)[0]
    random = _random_mistakes(angles, group, counts, permutations, rng)
    if worst_case == "computational":
        worst = random[random.sum(axis=1).argmax()].astype(np.float64)
    else:
        worst = np.ceil((angles.size - counts) * (counts - 1) / counts)
    total = worst.sum()
    indices = _index(np.append(mistakes.sum(), random.sum(axis=1)), total)
    index, index_random = indices[0], indices[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        single = np.where(counts > 1, 1.0 - mistakes / worst, np.nan)
    p_value = (np.count_nonzero(index_random >= index) + 1) / (index_random.size + 1)
    return AngularSeparation(float(index), np.column_stack([values, single]), float(p_value), index_random)


def mistakes_of(theta: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Foreign points inside the arc of each group, by rising label; int64 of shape (n_groups,)."""
    _, group, counts = np.unique(labels, return_inverse=True, return_counts=True)
    made: np.ndarray = _mistakes(_places(theta[None]), group, counts)[0]
    return made


def _places(angles: np.ndarray) -> np.ndarray:
    """Place of each point on the circle, from 0, row by row."""
    order = np.argsort(angles, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(angles.shape[1])[None], axis=1)
    return place


def _index(mistakes: np.ndarray, worst: float) -> np.ndarray:
    return np.maximum(0.0, 1.0 - mistakes / worst) if worst > 0 else np.ones(mistakes.size)


def _check(angles: np.ndarray, group: np.ndarray, counts: np.ndarray, worst_case: str) -> None:
    n = angles.size
    if not ((angles >= 0.0) & (angles <= 2.0 * np.pi)).all():
        raise DataError("theta holds angles outside [0, 2 pi] or no numbers; take them modulo 2 pi")
    if n < LEAST_POINTS:
        raise DataError(f"{n} points; an angular separation needs at least {LEAST_POINTS}")
    if group.size != n:
        raise DataError(f"{n} angles but {group.size} labels; every point needs one")
    if counts.size in (1, n):
        raise DataError(f"{counts.size} groups of {n} points; at least 2 groups, and fewer than points, are needed")
    if worst_case not in get_args(WorstCase):
        raise DataError(f"worst_case is {worst_case!r}; it must be {' or '.join(get_args(WorstCase))}")


def _random_mistakes(
    angles: np.ndarray,
    group: np.ndarray,
    counts: np.ndarray,
    permutations: np.ndarray | int,
    rng: np.random.Generator | None,
) -> np.ndarray:
    """Mistakes of each group in each permutation, shape (n_permutations, n_groups)."""
    if isinstance(permutations, int | np.integer):
        if permutations < 1:
            raise DataError(f"permutations is {permutations}; at least 1 is needed")
        if rng is None:
            raise DataError("permutations is a number, but there is no rng to draw them with")
        at_once = max(1, DRAWN_AT_ONCE // angles.size)
        sizes = [min(at_once, permutations - done) for done in range(0, int(permutations), at_once)]
        drawn = (np.array([rng.permutation(angles.size) for _ in range(size)]) for size in sizes)
        return np.concatenate([_of_rows(angles, rows, group, counts) for rows in drawn])
    given = np.asarray(permutations)
    if given.ndim != 2 or given.shape[1] != angles.size or given.shape[0] == 0:
        raise DataError(f"permutations of shape {given.shape}; rows of {angles.size} are needed")
    return _of_rows(angles, given, group, counts)


def _of_rows(angles: np.ndarray, permutations: np.ndarray, group: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Mistakes for the angles in each of several orders; only equal angles need sorting anew."""
    place = _places(angles[None])[0]
    tied = np.unique(angles).size < angles.size
    return _mistakes(_places(angles[permutations]) if tied else place[permutations], group, counts)


@numba.njit(cache=True)
def _mistakes(places: np.ndarray, group: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Foreign points inside the arc of each group, for several orders of the same points."""
    n = group.size
    made = np.zeros((places.shape[0], counts.size), np.int64)
    around = np.empty(n, np.int64)
    start, end = np.empty(counts.size, np.int64), np.empty(counts.size, np.int64)
    widest = np.empty(counts.size, np.int64)
    for row in range(places.shape[0]):
        for point in range(n):
            around[places[row, point]] = group[point]
        start[:] = -1
        widest[:] = 0
        for place in range(n):
            k = around[place]
            if start[k] < 0:
                start[k] = place
            else:
                widest[k] = max(widest[k], place - end[k] - 1)
            end[k] = place
        for k in range(counts.size):
            if counts[k] > 1:
                made[row, k] = n - counts[k] - max(widest[k], n - end[k] + start[k] - 1)
    return made
