"""Greedy routing and geometrical congruence in the hyperbolic disk."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numba
import numpy as np

PARTS = 16
TIE = 1e-9
"""Relative difference below which two neighbours are equally near."""
SUMS = ("reached", "hops", "stretch", "score", "efficiency", "congruence", "apart")
"""Columns of :func:`routes`."""


def routes(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    polar: tuple[np.ndarray, np.ndarray],
    targets: np.ndarray,
    *,
    n_threads: int | None = None,
) -> np.ndarray:
    """Greedy routes and shortest paths from every neuron to some targets, summed up for each target.

    At each step a greedy route goes on to the neighbour nearest to the target in the hyperbolic plane, of equally near
    ones to that of least angle to it, and of two on either side of it to that of larger angle; it fails where it
    would turn back to where it came from.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
        Undirected adjacency of one connected component.
    polar : tuple of two ndarray of float64, each of shape (n_neurons,)
        Angle and radius of each neuron.
    targets : ndarray of int, shape (n_targets,)
    n_threads : int, optional
        The result does not depend on it.

    Returns
    -------
    ndarray of float64, shape (n_targets, 7)
        Over all sources but the target itself: number of routes that arrive; sum of their links; sum of links over
        links of a shortest path; sum of the inverse, 0 for routes that fail.  Over the sources that are no
        neighbours: sum of hyperbolic distance over length of the greedy route, 0 for routes that fail; sum of
        hyperbolic distance over the mean length of all topological shortest paths; number of such sources.

    Notes
    -----
    O(n_targets n_links).  The mean length over all shortest paths needs no enumeration of them: if s(u) shortest
    paths of mean length P(u) lead from the target to u, those to v have the mean of P(u) + d(u, v) over the neighbours
    u of v one link nearer, weighted by s(u).

    References
    ----------
    A. Muscoloni, J. M. Thomas, S. Ciucci, G. Bianconi, C. V. Cannistraci, Machine learning meets complex networks via
    coalescent embedding in the hyperbolic space, Nature Communications 8 (2017) 1615 (greedy routing score).
    C. V. Cannistraci, A. Muscoloni, Geometrical congruence, greedy navigability and myopic transfer in complex
    networks and brain connectomes, Nature Communications 13 (2022) 7308 (congruence, greedy routing efficiency).
    """
    points = _points(polar)
    rows = np.repeat(np.arange(indptr.size - 1), np.diff(indptr))
    lengths = _lengths(points, rows, neighbours)
    sums = np.empty((targets.size, len(SUMS)))
    parts = np.array_split(np.arange(targets.size), PARTS)
    with ThreadPoolExecutor(max_workers=n_threads or numba.get_num_threads()) as pool:
        list(pool.map(partial(_to_targets, indptr, neighbours, lengths, points, targets, sums), parts))
    return sums


def hyperbolic_distances(polar: tuple[np.ndarray, np.ndarray], first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Distances of pairs of points in the hyperbolic plane of curvature -1, stable for near and for far points."""
    return _lengths(_points(polar), first, second)


def _points(polar: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """What distances need of each point: sine and cosine of half the angle, exponential and sinh of the radius."""
    theta, radius = polar
    return np.stack([np.sin(theta / 2), np.cos(theta / 2), np.exp(radius), np.sinh(radius)])


@numba.njit(cache=True, nogil=True, inline="always")
def _excess(points: np.ndarray, one: int, other: int) -> float:
    """cosh(distance) - 1 = cosh(r - s) - 1 + 2 sinh(r) sinh(s) sin^2(angle / 2), without cancellation."""
    apart = points[2, one] - points[2, other]
    turn = points[0, one] * points[1, other] - points[1, one] * points[0, other]
    radial = apart * apart / (2.0 * points[2, one] * points[2, other])
    return radial + 2.0 * points[3, one] * points[3, other] * turn * turn


@numba.njit(cache=True, nogil=True, inline="always")
def _distance(excess: float) -> float:
    return math.log1p(excess + math.sqrt(excess * (excess + 2.0)))


@numba.njit(cache=True, nogil=True)
def _lengths(points: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    found = np.empty(first.size)
    for pair in range(first.size):
        found[pair] = _distance(_excess(points, first[pair], second[pair]))
    return found


@numba.njit(cache=True, nogil=True)
def _to_targets(  # noqa: PLR0913 - rows come last, as the one thing that tasks differ in
    indptr: np.ndarray,
    neighbours: np.ndarray,
    lengths: np.ndarray,
    points: np.ndarray,
    targets: np.ndarray,
    sums: np.ndarray,
    rows: np.ndarray,
) -> None:
    n_neurons = indptr.size - 1
    excess, turn, side = np.empty(n_neurons), np.empty(n_neurons), np.empty(n_neurons)
    step = (np.empty(n_neurons, np.int32), np.empty(n_neurons))
    hops, mean_length, n_paths = np.empty(n_neurons, np.int32), np.empty(n_neurons), np.empty(n_neurons)
    queue = np.empty(n_neurons, np.int32)
    routed, routed_length = np.empty(n_neurons, np.int32), np.empty(n_neurons)
    for row in rows:
        target = targets[row]
        for neuron in range(n_neurons):
            excess[neuron] = _excess(points, neuron, target)
            sine = points[0, neuron] * points[1, target] - points[1, neuron] * points[0, target]
            turn[neuron] = abs(sine)
            side[neuron] = sine * (points[1, neuron] * points[1, target] + points[0, neuron] * points[0, target])
        _next_steps(indptr, neighbours, lengths, (excess, turn, side), step, target)
        _follow(step, (routed, routed_length), queue, target)
        _shortest(indptr, neighbours, lengths, (hops, mean_length, n_paths), queue, target)
        _sum_up(excess, (routed, routed_length), (hops, mean_length), sums[row])


@numba.njit(cache=True, nogil=True)
def _next_steps(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    lengths: np.ndarray,
    near: tuple[np.ndarray, np.ndarray, np.ndarray],
    step: tuple[np.ndarray, np.ndarray],
    target: int,
) -> None:
    """For each neuron its neighbour nearest to the target, which is the target itself where it is a neighbour."""
    onward, length = step
    for neuron in range(indptr.size - 1):
        best = indptr[neuron]
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other = neighbours[entry]
            if other == target:
                best = entry
                break
            if _nearer(near, other, neighbours[best]):
                best = entry
        onward[neuron], length[neuron] = neighbours[best], lengths[best]


@numba.njit(cache=True, nogil=True, inline="always")
def _nearer(near: tuple[np.ndarray, np.ndarray, np.ndarray], one: int, other: int) -> bool:
    """Whether one neuron is nearer to the target than another; rounding decides nothing."""
    excess, turn, side = near
    difference = excess[one] - excess[other]
    if abs(difference) > TIE * excess[other]:
        return difference < 0.0
    difference = turn[one] - turn[other]
    if abs(difference) > TIE * turn[other]:
        return difference < 0.0
    return side[one] > side[other]


@numba.njit(cache=True, nogil=True)
def _follow(
    step: tuple[np.ndarray, np.ndarray], routed: tuple[np.ndarray, np.ndarray], stack: np.ndarray, target: int
) -> None:
    """Links and length of the greedy route from each neuron; -1 links where it fails.

    Neurons on the way have -2: among neurons that are nearly equally near, each nearest to the next within the
    tolerance, a route could run in a circle, and fails there.
    """
    onward, length = step
    links, total = routed
    links[:] = 0  # not known yet
    for start in range(onward.size):
        if start == target or links[start] != 0:
            continue
        n_stacked, neuron = 0, start
        while neuron != target and links[neuron] == 0:
            stack[n_stacked] = neuron
            n_stacked += 1
            links[neuron] = -2
            if onward[neuron] != target and onward[onward[neuron]] == neuron:
                links[neuron] = -1
            else:
                neuron = onward[neuron]
        for place in range(n_stacked - 1, -1, -1):
            neuron, following = stack[place], onward[stack[place]]
            if links[neuron] == -1:
                continue
            if following == target:
                links[neuron], total[neuron] = 1, length[neuron]
            elif links[following] < 0:
                links[neuron] = -1
            else:
                links[neuron], total[neuron] = links[following] + 1, total[following] + length[neuron]


@numba.njit(cache=True, nogil=True)
def _shortest(
    indptr: np.ndarray,
    neighbours: np.ndarray,
    lengths: np.ndarray,
    found: tuple[np.ndarray, np.ndarray, np.ndarray],
    queue: np.ndarray,
    target: int,
) -> None:
    """Links, mean length and number of all shortest paths between the target and each neuron."""
    hops, mean_length, n_paths = found
    hops[:] = -1
    n_paths[:] = 0.0
    mean_length[:] = 0.0  # a sum over paths until the neuron's turn comes
    hops[target], n_paths[target], queue[0] = 0, 1.0, target
    place, n_queued = 0, 1
    while place < n_queued:
        neuron = queue[place]
        place += 1
        mean_length[neuron] /= n_paths[neuron]
        for entry in range(indptr[neuron], indptr[neuron + 1]):
            other = neighbours[entry]
            if hops[other] < 0:
                hops[other] = hops[neuron] + 1
                queue[n_queued] = other
                n_queued += 1
            if hops[other] == hops[neuron] + 1:
                n_paths[other] += n_paths[neuron]
                mean_length[other] += n_paths[neuron] * (mean_length[neuron] + lengths[entry])


@numba.njit(cache=True, nogil=True)
def _sum_up(
    excess: np.ndarray,
    routed: tuple[np.ndarray, np.ndarray],
    shortest: tuple[np.ndarray, np.ndarray],
    sums: np.ndarray,
) -> None:
    links, routed_length = routed
    hops, mean_length = shortest
    sums[:] = 0.0
    for neuron in range(excess.size):
        if hops[neuron] == 0:
            continue
        if links[neuron] > 0:
            sums[0] += 1.0
            sums[1] += links[neuron]
            sums[2] += links[neuron] / hops[neuron]
            sums[3] += hops[neuron] / links[neuron]
        if hops[neuron] > 1:
            away = _distance(excess[neuron])
            if links[neuron] > 0:
                sums[4] += away / routed_length[neuron] if routed_length[neuron] > 0.0 else 1.0
            sums[5] += away / mean_length[neuron] if mean_length[neuron] > 0.0 else 1.0
            sums[6] += 1.0
