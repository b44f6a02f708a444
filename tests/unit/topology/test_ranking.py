"""The rigid choice: exact counts, the smallest values, fair ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.errors import DataError
from sparsegraph.topology.ranking import choose_smallest


@given(st.lists(st.integers(-3, 3), max_size=40), st.data())
def test_no_value_left_is_smaller_than_a_chosen_one(values: list[int], data: st.DataObject) -> None:
    k = data.draw(st.integers(0, len(values)))
    array = np.array(values, np.float64)
    chosen = choose_smallest(array, k, rng=np.random.default_rng(0))
    assert chosen.size == k
    assert (np.diff(chosen) > 0).all()
    left = np.delete(array, chosen)
    assert k == 0 or left.size == 0 or array[chosen].max() <= left.min()
    assert np.array_equal(chosen, choose_smallest(array, k, rng=np.random.default_rng(0)))


def test_ties_are_broken_uniformly() -> None:
    values = np.array([1.0, 0.0, 1.0, 2.0, 1.0, 1.0])
    rng = np.random.default_rng(5)
    counts = np.zeros(values.size)
    for _ in range(4000):
        counts[choose_smallest(values, 3, rng=rng)] += 1
    assert counts[1] == 4000
    assert counts[3] == 0
    assert stats.chisquare(counts[[0, 2, 4, 5]]).pvalue > 1e-4


def test_what_cannot_be_ranked_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(DataError, match="diverged"):
        choose_smallest(np.array([1.0, np.nan, 2.0]), 1, rng=rng)
    with pytest.raises(DataError, match="4 of 3"):
        choose_smallest(np.zeros(3), 4, rng=rng)
