"""Dense products whose sums keep their order."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits


def outer_sum(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """``left @ right.T``, the sum of the outer products of their columns.

    Notes
    -----
    On one thread, so that the result does not depend on how many there are.
    """
    with threadpool_limits(1, user_api="blas"):
        return np.asarray(left @ right.T)
