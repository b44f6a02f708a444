"""Independent pieces of linear algebra on all cores, each on one, so that no sum changes its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numba
from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def side_by_side(call: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
    """Answers of independent calls, in order; as many run at a time as numba has threads.

    Libraries of linear algebra are kept to one thread until the last call is done: a limit that each call sets for
    itself would be lifted by the first that ends.
    """
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(numba.get_num_threads()) as pool:
        return list(pool.map(call, items))
