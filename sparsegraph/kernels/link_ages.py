"""When each present link was born, carried from one update to the next."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True)
def carried(
    positions: np.ndarray, born: np.ndarray, lost: np.ndarray, gained: np.ndarray, now: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Links after an update and when they were born, and when those that died had been born.

    Parameters
    ----------
    positions, born : ndarray of int64 and int32, shape (links before,)
        Strictly increasing positions, and the time of birth of each.
    lost, gained : ndarray of int64
        Strictly increasing; what is in both dies and is born again.
    now : int
        Time of the update.

    Returns
    -------
    positions, born : ndarray, shape (links after,)
    died : ndarray of int32, shape (links lost,)
        In the order of ``lost``.

    Notes
    -----
    One merge, O(links).
    """
    most = positions.size + gained.size
    after, birth, died = np.empty(most, np.int64), np.empty(most, np.int32), np.empty(lost.size, np.int32)
    n_after, n_died, at_gained = 0, 0, 0
    for place in range(positions.size):
        here = positions[place]
        while at_gained < gained.size and gained[at_gained] < here:
            after[n_after], birth[n_after] = gained[at_gained], now
            n_after, at_gained = n_after + 1, at_gained + 1
        if n_died < lost.size and lost[n_died] == here:
            died[n_died] = born[place]
            n_died += 1
        else:
            after[n_after], birth[n_after] = here, born[place]
            n_after += 1
    while at_gained < gained.size:
        after[n_after], birth[n_after] = gained[at_gained], now
        n_after, at_gained = n_after + 1, at_gained + 1
    return after[:n_after].copy(), birth[:n_after].copy(), died[:n_died]
