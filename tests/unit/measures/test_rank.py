"""Ranks worked out by hand, and the whole matrix against its own decomposition."""

from __future__ import annotations

import graphs
import numpy as np
import pytest

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.kernels.spectral import ranks
from sparsegraph.measures.rank import rank
from sparsegraph.result import Undefined


def whole_matrix(graph: LayeredGraph) -> np.ndarray:
    matrix = np.zeros((graph.n_neurons, graph.n_neurons))
    for block in graph.blocks:
        rows, columns = graph.offsets[block.source], graph.offsets[block.target]
        m, n = block.weights.shape
        matrix[rows : rows + m, columns : columns + n] = block.weights.toarray()
    return matrix


def test_two_paths() -> None:
    found = rank(graphs.two_paths())
    first, second = found.per_block
    assert (first.rank, second.rank, found.sum.rank, found.whole.rank) == (2, 2, 4, 4)
    # first: singular values sqrt(5) and sqrt(0.3125); second: sqrt(9.25) and 1.5
    assert first.stable_rank == pytest.approx(5.3125 / 5)
    assert second.stable_rank == pytest.approx((9.25 + 2.25) / 9.25)
    assert found.whole.stable_rank == pytest.approx((5.3125 + 11.5) / 9.25)
    values = np.sqrt([5, 0.3125])
    share = values / values.sum()
    assert first.effective_rank == pytest.approx(np.exp(-(share * np.log(share)).sum()))


@pytest.mark.parametrize(
    "graph", [graphs.erdos_renyi((20, 30, 25, 10), 0.2), graphs.with_skip()], ids=["chain", "skip"]
)
def test_the_whole_is_the_block_matrix(graph: LayeredGraph) -> None:
    matrix = whole_matrix(graph)
    expected = ranks(np.linalg.svd(matrix, compute_uv=False), matrix.shape)
    found = rank(graph, readout="include").whole
    assert found.effective_rank == pytest.approx(expected.effective_rank, rel=1e-9)
    assert found.stable_rank == pytest.approx(expected.stable_rank, rel=1e-9)
    assert found.rank == np.linalg.matrix_rank(matrix)


def test_a_zero_matrix_has_rank_zero() -> None:
    found = rank(graphs.empty(3, 4)).whole
    assert (found.effective_rank, found.stable_rank, found.rank) == (0.0, 0.0, 0)


def test_too_large_a_matrix_keeps_only_its_stable_rank() -> None:
    graph = graphs.erdos_renyi((40, 30, 20), 0.3)
    full, bounded = rank(graph), rank(graph, largest=20)
    first = bounded.per_block[0]
    assert isinstance(first.effective_rank, Undefined)
    assert "largest=20" in first.effective_rank.reason
    assert first.stable_rank == pytest.approx(full.per_block[0].stable_rank, rel=1e-9)
    assert bounded.sum.stable_rank == pytest.approx(full.sum.stable_rank, rel=1e-9)
    assert isinstance(bounded.sum.rank, Undefined)
    assert isinstance(bounded.whole.rank, Undefined)


def test_readout_policy() -> None:
    graph = LayeredGraph.from_matrices([np.eye(4), np.eye(4), np.ones((4, 2))])
    assert [part.block for part in rank(graph).per_block] == ["input-hidden1", "hidden1-hidden2"]
    assert len(rank(graph, readout="include").per_block) == 3


def test_stable_rank_of_the_whole_needs_no_spectrum() -> None:
    graph = graphs.erdos_renyi((30, 40, 25), 0.2)
    assert rank(graph, largest=5).whole.stable_rank == pytest.approx(rank(graph).whole.stable_rank, rel=1e-9)
    assert isinstance(rank(graph, largest=5).whole.effective_rank, Undefined)
