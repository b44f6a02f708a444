"""Births carried along, against a dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.kernels.link_ages import carried

some = st.sets(st.integers(0, 25))


@given(some, some, some)
def test_as_a_dictionary(present: set[int], lost: set[int], gained: set[int]) -> None:
    lost &= present
    gained -= present - lost
    births = {position: position % 5 for position in present}
    position = np.array(sorted(present), np.int64)
    arrays = (np.array(sorted(items), np.int64) for items in (lost, gained))
    after, born, died = carried(position, (position % 5).astype(np.int32), *arrays, 9)
    assert died.tolist() == [births[p] for p in sorted(lost)]
    expected = {p: births[p] for p in present - lost} | dict.fromkeys(gained, 9)
    assert dict(zip(after.tolist(), born.tolist(), strict=True)) == expected
    assert after.tolist() == sorted(expected)
