"""Scores of absent links from the paths of length three that would close over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.kernels.two_way import TwoWay, positions_of, two_way

MOST_SLOTS = 2**32
FEW_SLOTS = 2**15

Factor = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""``factor(degree, internal)``, elementwise: what a neuron on a path adds to its weight; see ``PATH_FACTORS``."""

PATH_FACTORS: dict[str, Factor] = {
    "l3": lambda degree, internal: np.ones(degree.shape),
    "ra_l3": lambda degree, internal: 1 / np.sqrt(degree),
    "ch1_l3": lambda degree, internal: np.sqrt(internal / degree),
    "ch2_l3": lambda degree, internal: np.sqrt((1 + internal) / (degree - internal)),
    "ch3_l3": lambda degree, internal: 1 / np.sqrt(degree - internal),
    "ilcl_l3": lambda degree, internal: np.sqrt(internal / (1 + internal)),
    "ch3.1_l3": lambda degree, internal: 1 / np.sqrt(1 / (1 + internal) + (degree - internal - 1)),
}
"""The models.  ``degree`` counts all links of the neuron in the block, ``internal`` those to the local community; the
external ones are ``degree - 1 - internal``, as one link goes to an end of the absent link."""


class FactorTable(NamedTuple):
    """Factors by number of internal links: of row u at ``values[of_row[u] + internal]``, of column v alike."""

    values: np.ndarray
    of_row: np.ndarray
    of_column: np.ndarray


class Slots(NamedTuple):
    """All paths z1 - z2 - v of length two from each column z1, ordered by z1's rows z2 and then by their columns v.

    Those of z1 begin at ``start[z1]``; a code holds v in its low and ``|N(z1) and N(v)|`` in its high half.
    """

    start: np.ndarray
    codes: np.ndarray


def ch3_l3(mask: Any, *, n_threads: int | None = None) -> np.ndarray:
    """Cannistraci-Hebb network automaton of order three (CH3-L3) for each absent link of a bipartite block.

    ``score(u, v) = sum over paths u - z1 - z2 - v of 1 / sqrt((1 + e(z1)) (1 + e(z2)))``, where e counts the external
    links of z: those neither to u or v nor to another neuron on such a path.  Degrees are those in this block.

    Parameters
    ----------
    mask : Mask, sparse matrix or array_like, shape (n_source, n_target)
        Present links; see ``positions_of``.
    n_threads : int, optional
        By default as many as numba uses.  The result does not depend on it, to the last bit.

    Returns
    -------
    ndarray of float64, shape (n_source, n_target)
        0 where a link is present and where no path of length three joins the two neurons.

    Raises
    ------
    DataError
        If the mask is no matrix, or so large and dense that it has 2**32 paths of length two between its columns and
        as many between its rows.

    Notes
    -----
    In a bipartite block ``1 + e(z1) = degree(z1) - |N(z1) and N(v)|`` and ``1 + e(z2) = degree(z2) - |N(z2) and
    N(u)|``.  The time is that of one addition per path of length three, ``sum over links of the product of its ends'
    degrees``; the memory, besides the result, 4 bytes per path of length two.  Each row is summed by one thread in a
    fixed order.  The authors' program also scores present links; they are 0 here.

    References
    ----------
    Y. Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, eq. 1.

    Examples
    --------
    >>> ch3_l3([[1, 1], [1, 0]]).tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    return path_scores(mask, PATH_FACTORS["ch3_l3"], n_threads=n_threads)


def path_scores(mask: Any, factor: Factor, *, n_threads: int | None = None) -> np.ndarray:
    """Sum over paths ``u - z1 - z2 - v`` of ``factor(z1) factor(z2)`` for each absent link; see ``ch3_l3``.

    Parameters
    ----------
    mask : Mask, sparse matrix or array_like, shape (n_source, n_target)
    factor : callable
        One of ``PATH_FACTORS`` or one's own; it must be finite and positive where ``1 <= internal < degree``.
    n_threads : int, optional
    """
    shape, positions = positions_of(mask)
    if positions.size in (0, shape[0] * shape[1]):
        return np.zeros(shape)
    net = two_way(shape, positions)
    from_columns, from_rows = (int((degrees**2).sum()) for degrees in (net.row_degrees, net.column_degrees))
    if min(from_columns, from_rows) >= MOST_SLOTS:
        raise DataError(
            f"a mask of shape {shape} with {positions.size} links has {min(from_columns, from_rows)} paths of length "
            f"two, and link scores are computed up to {MOST_SLOTS}; they are meant for sparse blocks"
        )
    n_threads = 1 if from_columns < FEW_SLOTS else n_threads or numba.get_num_threads()
    if 2 * from_rows < from_columns:  # the scores are the same from either side
        return np.ascontiguousarray(_scored(net.transposed, factor, n_threads).T)
    return _scored(net, factor, n_threads)


def factor_table(net: TwoWay, factor: Factor) -> FactorTable:
    """``factor`` for each degree that occurs and each number of internal links below it; 0 at ``internal = degree``.

    An intermediate neuron of an absent link has at least one link (that to u, or v) outside the community, so the last
    entry belongs to no score; 0 lets a kernel pass over it.
    """
    row_degrees, column_degrees = net.row_degrees, net.column_degrees
    degrees = np.flatnonzero(np.bincount(np.concatenate([row_degrees, column_degrees])))
    start = np.cumsum(degrees + 1) - (degrees + 1)
    degree = np.repeat(degrees, degrees + 1)
    internal = np.arange(degree.size) - np.repeat(start, degrees + 1)
    inside = internal < degree
    values = np.zeros(degree.size)
    values[inside] = factor(degree[inside].astype(np.float64), internal[inside].astype(np.float64))
    start_of = np.zeros(degrees[-1] + 1, np.uint64)
    start_of[degrees] = start
    return FactorTable(values, start_of[row_degrees], start_of[column_degrees])


def slots_of(net: TwoWay, n_threads: int) -> Slots:
    """The paths of length two between columns."""
    n_columns = net.column_start.size - 1
    before = np.concatenate([[0], np.cumsum(net.row_degrees[net.rows])])
    width = np.uint32 if max(n_columns, net.column_degrees.max() + 1) <= 2**16 else np.uint64
    slots = Slots(before[net.column_start].astype(np.uint64), np.empty(before[-1], width))
    _fill_slots(n_threads, net, slots)
    return slots


def _scored(net: TwoWay, factor: Factor, n_threads: int) -> np.ndarray:
    """Scores of all absent links, row by row."""
    slots = slots_of(net, n_threads)
    scores = np.empty((net.row_start.size - 1, net.column_start.size - 1))
    _fill_scores(n_threads, net, factor_table(net, factor), slots, scores)
    return scores


@numba.njit(parallel=True, cache=True, boundscheck=False)
def _fill_slots(n_threads: int, net: TwoWay, slots: Slots) -> None:
    """Write the codes of all slots: first the columns v, then how often each was met."""
    row_start, columns, column_start, rows = net
    start, codes = slots
    n_columns = column_start.size - 1
    half = codes.dtype.type(4 * codes.itemsize)
    low = (codes.dtype.type(1) << half) - codes.dtype.type(1)
    for thread in numba.prange(n_threads):
        met = np.zeros(n_columns, codes.dtype)
        for z1 in range(np.uint32(thread), np.uint32(n_columns), np.uint32(n_threads)):
            slot = start[z1]
            for above in range(column_start[z1], column_start[z1 + np.uint32(1)]):
                z2 = rows[above]
                for below in range(row_start[z2], row_start[z2 + np.uint32(1)]):
                    v = columns[below]
                    codes[slot] = v
                    met[v] += codes.dtype.type(1)
                    slot += np.uint64(1)
            for k in range(start[z1], slot):
                codes[k] |= met[codes[k]] << half
            for k in range(start[z1], slot):
                met[codes[k] & low] = 0


@numba.njit(parallel=True, cache=True, boundscheck=False)
def _fill_scores(n_threads: int, net: TwoWay, table: FactorTable, slots: Slots, scores: np.ndarray) -> None:
    """Add up the paths of each row u; thread t takes the rows t, t + n_threads, ..."""
    row_start, columns, column_start, rows = net
    values, of_row, of_column = table
    start, codes = slots
    n_rows = row_start.size - 1
    half = codes.dtype.type(4 * codes.itemsize)
    low = (codes.dtype.type(1) << half) - codes.dtype.type(1)
    one = np.uint32(1)
    for thread in numba.prange(n_threads):
        shared = np.zeros(n_rows, np.uint32)  # |N(z2) and N(u)| for each z2
        for u in range(np.uint32(thread), np.uint32(n_rows), np.uint32(n_threads)):
            score = scores[u]
            score[:] = 0
            for link in range(row_start[u], row_start[u + one]):
                z1 = columns[link]
                for above in range(column_start[z1], column_start[z1 + one]):
                    shared[rows[above]] += one
            for link in range(row_start[u], row_start[u + one]):
                z1 = columns[link]
                slot = start[z1]
                factors = values[of_column[z1] :]
                for above in range(column_start[z1], column_start[z1 + one]):
                    z2 = rows[above]
                    beyond = slot + np.uint64(row_start[z2 + one] - row_start[z2])
                    factor = values[of_row[z2] + shared[z2]]
                    if factor != 0:  # 0 where z2 is u or has no neighbour but u's
                        for k in range(slot, beyond):
                            code = codes[k]
                            score[code & low] += factor * factors[code >> half]
                    slot = beyond
            for link in range(row_start[u], row_start[u + one]):
                z1 = columns[link]
                for above in range(column_start[z1], column_start[z1 + one]):
                    shared[rows[above]] = 0
            for link in range(row_start[u], row_start[u + one]):
                score[columns[link]] = 0
