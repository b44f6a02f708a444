"""The n largest values: exact, fair among ties, and the same again with the same seed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.errors import DataError
from sparsegraph.kernels import selection
from sparsegraph.kernels.selection import find_border, positions_equal, top_positions


@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, 3.0, np.inf, -np.inf, -1.0]), min_size=1, max_size=40),
    st.sampled_from([np.float32, np.float64]),
    st.data(),
)
def test_the_chosen_values_are_the_largest(values: list[float], kind: type, data: st.DataObject) -> None:
    array = np.array(values, kind)
    excluded = np.array(sorted(data.draw(st.sets(st.integers(0, array.size - 1)))), np.int64)
    left = np.delete(array, excluded)
    n = data.draw(st.integers(0, left.size))
    seed = data.draw(st.integers(0, 100))
    chosen = top_positions(array, n, excluded=excluded, rng=np.random.default_rng(seed))
    assert np.all(np.diff(chosen) > 0)
    assert not np.isin(chosen, excluded).any()
    np.testing.assert_array_equal(np.sort(array[chosen]), np.sort(left)[left.size - n :])
    np.testing.assert_array_equal(
        top_positions(array, n, excluded=excluded, rng=np.random.default_rng(seed)), chosen, err_msg="same seed"
    )


def many_values(kind: str, size: int = 200_000) -> np.ndarray:
    rng = np.random.default_rng(5)
    values = rng.exponential(size=size)
    if kind == "mostly zero":
        values[rng.random(size) < 0.995] = 0
    elif kind == "few values":
        values = np.floor(values)
    elif kind == "sorted":
        values = np.sort(values)
    elif kind == "all equal":
        values[:] = 1
    return values


@pytest.mark.parametrize("kind", ["plain", "mostly zero", "few values", "sorted", "all equal"])
@pytest.mark.parametrize("n", [1, 600, 5_000, 150_000, 189_999])
def test_many_values_are_selected_by_sampled_bounds(kind: str, n: int) -> None:
    values = many_values(kind)
    excluded = np.arange(0, values.size, 20)[:10_000]
    assert values.size > selection.FEW_VALUES
    chosen = top_positions(values, n, excluded=excluded, rng=np.random.default_rng(0))
    assert np.unique(chosen).size == n
    assert not np.isin(chosen, excluded).any()
    left = np.sort(np.delete(values, excluded))
    np.testing.assert_array_equal(np.sort(values[chosen]), left[left.size - n :])


def test_bounds_that_are_too_high_cost_time_only() -> None:
    """All that the sample sees as large is excluded."""
    values = np.random.default_rng(6).random(200_000)
    excluded = np.flatnonzero(values > 0.5)
    chosen = top_positions(values, 300, excluded=excluded, rng=np.random.default_rng(0))
    left = np.sort(values[values <= 0.5])
    np.testing.assert_array_equal(np.sort(values[chosen]), left[-300:])


def test_each_set_of_tied_positions_is_equally_likely() -> None:
    values = np.array([2.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    rng = np.random.default_rng(7)
    counts = dict.fromkeys(itertools.combinations([1, 2, 4, 5], 2), 0)
    for _ in range(6000):
        first, *tied = top_positions(values, 3, rng=rng).tolist()
        assert first == 0
        counts[tuple(tied)] += 1
    assert stats.chisquare(list(counts.values())).pvalue > 1e-4


def test_ties_drawn_without_a_list_are_uniform_too() -> None:
    """Most values tie, so that positions are drawn from all; the draw passes over what does not fit."""
    values = np.zeros(10)
    values[[3, 8]] = 1
    counts = np.zeros(10)
    rng = np.random.default_rng(8)
    for _ in range(5000):
        chosen = top_positions(values, 4, excluded=np.array([5, 8]), rng=rng)
        counts[chosen] += 1
    assert counts[3] == 5000
    assert counts[5] == counts[8] == 0
    assert stats.chisquare(counts[[0, 1, 2, 4, 6, 7, 9]]).pvalue > 1e-4


def test_the_border_says_what_is_open() -> None:
    values = np.array([5.0, 1.0, 3.0, 3.0, 3.0, 0.0])
    border = find_border(values, 3, excluded=np.array([3]), rng=np.random.default_rng(0))
    assert border.above.tolist() == [0]
    assert (border.value, border.n_open, border.n_tied) == (3.0, 2, 2)
    assert positions_equal(values, border.value, excluded=np.array([3])).tolist() == [2, 4]


def test_nothing_is_selected_from_anything() -> None:
    for values in (np.empty(0), np.ones(3)):
        assert top_positions(values, 0, rng=np.random.default_rng(0)).size == 0


def test_too_many_are_asked_for() -> None:
    with pytest.raises(DataError, match="3 positions asked for, but 2 of 4 are left to choose from"):
        top_positions(np.ones(4), 3, excluded=np.array([0, 1]), rng=np.random.default_rng(0))


def test_not_a_number_is_an_error_but_where_it_is_excluded() -> None:
    values = np.array([1.0, np.nan, 0.0])
    with pytest.raises(DataError, match="1 of 3 values are NaN"):
        top_positions(values, 1, rng=np.random.default_rng(0))
    assert top_positions(values, 1, excluded=np.array([1]), rng=np.random.default_rng(0)).tolist() == [0]
