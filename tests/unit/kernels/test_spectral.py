"""Singular values against numpy, ranks against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from sparsegraph.kernels import spectral
from sparsegraph.kernels.spectral import ranks, singular_values, stable_rank


def matrices() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    sparse_one = rng.normal(size=(120, 90)) * (rng.random((120, 90)) < 0.05)
    twins = np.zeros((6, 5))
    twins[[0, 1, 2], [0, 0, 3]] = [1.0, 3.0, 2.0]  # two rows on one column: rank 2 of three rows
    return {
        "sparse": sparse_one,
        "wide": sparse_one.T.copy(),
        "dense": rng.normal(size=(40, 30)),
        "low rank": rng.normal(size=(50, 3)) @ rng.normal(size=(3, 40)),
        "graded": np.diag(10.0 ** -np.arange(12.0)),
        "twins": twins,
        "huge": np.diag([3e200, 2e200]),
        "one": np.array([[2.0]]),
    }


@pytest.mark.parametrize("name", matrices())
def test_singular_values_and_rank_are_those_of_numpy(name: str) -> None:
    dense = matrices()[name]
    expected = np.linalg.svd(dense, compute_uv=False)
    found = singular_values(sparse.csr_array(dense))
    np.testing.assert_allclose(found, expected[: found.size], atol=1e-11 * expected[0])
    assert ranks(found, dense.shape).rank == np.linalg.matrix_rank(dense)


def test_a_stored_zero_is_a_zero_of_the_matrix() -> None:
    stored = sparse.csr_array((np.array([1.0, 0.0]), (np.array([0, 1]), np.array([0, 1]))), shape=(2, 2))
    assert singular_values(stored).tolist() == [1.0]


def test_both_routes_give_one_effective_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    matrix = sparse.csr_array(rng.normal(size=(300, 400)) * (rng.random((300, 400)) < 0.02))
    by_gram = ranks(singular_values(matrix), matrix.shape)
    monkeypatch.setattr(spectral, "RESOLVED", np.inf)  # never trusted: always the dense decomposition
    by_svd = ranks(singular_values(matrix), matrix.shape)
    assert by_gram.rank == by_svd.rank
    assert by_gram.effective_rank == pytest.approx(by_svd.effective_rank, abs=1e-6)


def test_ranks_by_hand() -> None:
    found = ranks(np.array([2.0, 2.0, 0.0]), (3, 3))
    assert found.effective_rank == pytest.approx(2.0)
    assert found.stable_rank == pytest.approx(2.0)
    assert found.rank == 2
    halves = ranks(np.array([2.0, 1.0, 1.0]), (3, 3))  # p = 1/2, 1/4, 1/4: entropy 1.5 ln 2
    assert halves.effective_rank == pytest.approx(2.0**1.5)
    assert halves.stable_rank == pytest.approx(1.5)


def test_a_zero_matrix_has_rank_zero() -> None:
    assert ranks(singular_values(sparse.csr_array((4, 5))), (4, 5)) == (0.0, 0.0, 0)


def test_stable_rank_alone_agrees_with_all_singular_values() -> None:
    matrix = sparse.csr_array(np.random.default_rng(5).normal(size=(80, 60)))
    assert stable_rank(matrix) == pytest.approx(ranks(singular_values(matrix), matrix.shape).stable_rank, rel=1e-9)
    assert stable_rank(sparse.csr_array((5, 5))) == 0.0
    assert stable_rank(sparse.csr_array(np.ones((1, 4)))) == 1.0
