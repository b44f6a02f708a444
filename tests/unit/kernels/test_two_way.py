"""Masks in all their forms, by rows and by columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.two_way import positions_of, two_way


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from([0.0, 0.05, 0.5, 1.0]), st.integers(0, 1000))
def test_every_form_of_a_mask_has_the_same_links(n_rows: int, n_columns: int, density: float, seed: int) -> None:
    present = np.random.default_rng(seed).random((n_rows, n_columns)) < density
    expected = np.flatnonzero(present)
    forms = [present, present.astype(np.uint8), -0.5 * present, present.tolist(), np.asfortranarray(present)]
    forms += [
        Mask.from_array(present),
        sparse.csr_array(present),
        sparse.csc_array(present),
        sparse.coo_matrix(present),
    ]
    for form in forms:
        shape, positions = positions_of(form)
        assert shape == (n_rows, n_columns)
        np.testing.assert_array_equal(positions, expected)


def test_stored_zeros_are_links_and_duplicates_one() -> None:
    stored = sparse.coo_array((np.zeros(3), ([1, 0, 1], [2, 1, 2])), shape=(2, 3))
    assert positions_of(stored)[1].tolist() == [1, 5]
    assert stored.nnz == 3, "the caller's matrix was changed"


@given(st.integers(1, 15), st.integers(1, 15), st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.integers(0, 1000))
def test_both_orders_are_those_of_scipy(n_rows: int, n_columns: int, density: float, seed: int) -> None:
    present = np.random.default_rng(seed).random((n_rows, n_columns)) < density
    net = two_way(present.shape, np.flatnonzero(present))
    by_row, by_column = sparse.csr_array(present), sparse.csc_array(present)
    np.testing.assert_array_equal(net.row_start, by_row.indptr)
    np.testing.assert_array_equal(net.columns, by_row.indices)
    np.testing.assert_array_equal(net.column_start, by_column.indptr)
    np.testing.assert_array_equal(net.rows, by_column.indices)
    np.testing.assert_array_equal(net.row_degrees, present.sum(axis=1))
    np.testing.assert_array_equal(net.transposed.row_degrees, present.sum(axis=0))


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros((2, 2, 2)), [["a", "b"]]])
def test_what_is_no_matrix_of_numbers_is_refused(wrong: object) -> None:
    with pytest.raises(DataError, match="a mask is a matrix of numbers"):
        positions_of(wrong)
