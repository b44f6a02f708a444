"""CH3-L3 of links that are present, which sub-ranking takes as their lengths."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sparsegraph.kernels.link_scores import PATH_FACTORS, FactorTable, Slots, factor_table, slots_of
from sparsegraph.kernels.two_way import TwoWay, positions_of, two_way


def ch3_l3_of_present(mask: Any) -> np.ndarray:
    """CH3-L3 of each present link, in the order of the mask's positions.

    ``score(u, v) = sum over paths u - z1 - z2 - v, z1 not v and z2 not u, of 1 / sqrt((1 + e(z1)) (1 + e(z2)))``.

    Parameters
    ----------
    mask : Mask, sparse matrix or array_like, shape (n_source, n_target)
        Present links; see ``two_way.positions_of``.

    Returns
    -------
    ndarray of float64, shape (n_links,)

    Notes
    -----
    As the link u - v itself is there, u is among the neighbours that z1 and v share, and v among those that z2 and u
    share; neither counts as internal, so each count is one less than for an absent link.  Costs as ``ch3_l3``.

    Examples
    --------
    >>> ch3_l3_of_present([[1, 1], [1, 1]]).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    shape, positions = positions_of(mask)
    if positions.size == 0:
        return np.zeros(0)
    net = two_way(shape, positions)
    scores = np.empty(positions.size)
    n_threads = numba.get_num_threads()
    _fill_present(n_threads, net, factor_table(net, PATH_FACTORS["ch3_l3"]), slots_of(net, n_threads), scores)
    return scores


@numba.njit(parallel=True, cache=True, boundscheck=False)
def _fill_present(n_threads: int, net: TwoWay, table: FactorTable, slots: Slots, scores: np.ndarray) -> None:
    """Add up the paths over each row's links; thread t takes the rows t, t + n_threads, ..."""
    row_start, columns, column_start, rows = net
    values, of_row, of_column = table
    start, codes = slots
    n_rows, n_columns = row_start.size - 1, column_start.size - 1
    half = codes.dtype.type(4 * codes.itemsize)
    low = (codes.dtype.type(1) << half) - codes.dtype.type(1)
    one = np.uint32(1)
    for thread in numba.prange(n_threads):
        shared = np.zeros(n_rows, np.uint32)
        score = np.zeros(n_columns)
        for u in range(np.uint32(thread), np.uint32(n_rows), np.uint32(n_threads)):
            for link in range(row_start[u], row_start[u + one]):
                z1 = columns[link]
                for above in range(column_start[z1], column_start[z1 + one]):
                    shared[rows[above]] += one
            score[:] = 0
            for link in range(row_start[u], row_start[u + one]):
                z1 = columns[link]
                slot = start[z1]
                for above in range(column_start[z1], column_start[z1 + one]):
                    z2 = rows[above]
                    beyond = slot + np.uint64(row_start[z2 + one] - row_start[z2])
                    if z2 != u:
                        factor = values[of_row[z2] + shared[z2] - one]
                        for k in range(slot, beyond):
                            v = codes[k] & low
                            if v != z1:
                                score[v] += factor * values[of_column[z1] + (codes[k] >> half) - one]
                    slot = beyond
            for link in range(row_start[u], row_start[u + one]):
                z1 = columns[link]
                scores[link] = score[z1]
                for above in range(column_start[z1], column_start[z1 + one]):
                    shared[rows[above]] = 0
