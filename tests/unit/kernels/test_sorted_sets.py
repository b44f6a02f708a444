"""Sets as sorted arrays: Python's sets say the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.kernels.sorted_sets import difference, n_common, union

some = st.sets(st.integers(0, 30))


@given(some, some)
def test_as_sets(left: set[int], right: set[int]) -> None:
    a, b = (np.array(sorted(items), np.int64) for items in (left, right))
    assert difference(a, b).tolist() == sorted(left - right)
    assert union(a, b).tolist() == sorted(left | right)
    assert n_common(a, b) == len(left & right)
