"""The half-size form against the full eigendecomposition, and that against the definition, vector by vector."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from threadpoolctl import threadpool_limits

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.percolation import percolate
from sparsegraph.kernels.perturbation import first_order_change, first_order_change_of_block, singular_spaces


def hub_rich(rng: np.random.Generator) -> np.ndarray:
    chance = 40.0 * np.outer(1.0 / np.arange(1, 121), np.arange(1.0, 141) ** -0.7)
    return rng.random((120, 140)) < np.minimum(1.0, chance)


def leafy(rng: np.random.Generator) -> np.ndarray:
    """Most rows have one link, to a few columns: many equal rows and a large null space."""
    block = rng.random((150, 60)) < 0.2
    block[30:] = False
    block[np.arange(30, 150), rng.integers(0, 60, 120)] = True
    return block


def percolated(rng: np.random.Generator) -> np.ndarray:
    """Even and odd layers of a sparse chain after percolation."""
    shapes = [(60, 80), (80, 80), (80, 10)]
    graph = percolate(LayeredGraph.from_matrices([rng.random(shape) < 0.025 for shape in shapes])).graph
    first, second, third = (block.weights.toarray() != 0 for block in graph.blocks)
    return np.block([[first, np.zeros((60, 10), bool)], [second.T, third]])


def with_isolated_neurons(rng: np.random.Generator) -> np.ndarray:
    block = rng.random((70, 60)) < 0.1
    block[10:20] = block[:, 30:] = False
    return block


def long_path_beside_a_dense_part(_: np.random.Generator) -> np.ndarray:
    """Singular values from 120 down to 0.03, the small ones far below a hundredth of the largest."""
    block = np.zeros((220, 220), bool)
    block[:120, :120] = True
    block[np.arange(120, 220), np.arange(120, 220)] = block[np.arange(120, 219), np.arange(121, 220)] = True
    return block


NETS = {
    "random": lambda rng: rng.random((100, 130)) < 0.05,
    "square": lambda rng: rng.random((110, 110)) < 0.06,
    "hub-rich": hub_rich,
    "leafy": leafy,
    "percolated": percolated,
    "isolated neurons": with_isolated_neurons,
    "structural twins": lambda rng: np.repeat(rng.random((30, 90)) < 0.1, 4, axis=0),
    "equal components": lambda _: np.kron(np.eye(25), np.ones((2, 3))) > 0,
    "matching": lambda _: np.eye(40) > 0,
    "complete": lambda _: np.ones((40, 50)) > 0,
    "nearly singular": lambda _: np.tri(45) > 0,
    "long path beside a dense part": long_path_beside_a_dense_part,
}


def parted(block: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The block without a tenth of its links, and those."""
    gone = np.zeros(block.shape)
    places = np.flatnonzero(block)
    gone.flat[rng.choice(places, max(1, round(0.1 * places.size)), replace=False)] = 1.0
    return block - gone, gone


def whole(block: np.ndarray) -> np.ndarray:
    m, n = block.shape
    return np.block([[np.zeros((m, m)), block], [block.T, np.zeros((n, n))]])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", NETS)
def test_the_block_has_the_change_of_the_whole_matrix(name: str, *, turned: bool) -> None:
    rng = np.random.default_rng(4)
    block = NETS[name](rng)
    training, removed = parted(block.T if turned else block, rng)
    found = first_order_change_of_block(sparse.csr_array(training), sparse.csr_array(removed))
    expected = first_order_change(sparse.csr_array(whole(training)), sparse.csr_array(whole(removed)))
    m = training.shape[0]
    np.testing.assert_allclose(found, expected[:m, m:], atol=1e-10, rtol=0)
    np.testing.assert_allclose(expected[:m, :m], 0.0, atol=1e-10)
    np.testing.assert_allclose(expected[m:, m:], 0.0, atol=1e-10)


def by_definition(training: np.ndarray, removed: np.ndarray) -> np.ndarray:
    """Lü et al., equations 2 to 5: turn the vectors of each degenerate eigenvalue, then add up vector by vector."""
    values, vectors = np.linalg.eigh(training)
    for value in values:
        alike = np.flatnonzero(np.abs(values - value) < 1e-11)
        inner = vectors[:, alike].T @ removed @ vectors[:, alike]
        vectors[:, alike] = vectors[:, alike] @ np.linalg.eigh((inner + inner.T) / 2)[1]
    changes = np.einsum("ik,ij,jk->k", vectors, removed, vectors)
    return np.einsum("ik,k,jk->ij", vectors, changes, vectors)


@pytest.mark.parametrize("name", ["leafy", "structural twins", "equal components", "complete"])
def test_the_whole_matrix_changes_by_its_definition(name: str) -> None:
    rng = np.random.default_rng(6)
    training, removed = parted(NETS[name](rng), rng)
    n = min(training.shape)
    training, removed = (np.triu(part[:n, :n], 1) for part in (training, removed))
    training, removed = training + training.T, removed + removed.T  # odd cycles too
    found = first_order_change(sparse.csr_array(training), sparse.csr_array(removed))
    np.testing.assert_allclose(found, by_definition(training, removed), atol=1e-10, rtol=0)


@pytest.mark.parametrize("name", NETS)
def test_singular_spaces_are_complete_and_orthonormal(name: str) -> None:
    block = NETS[name](np.random.default_rng(1)).astype(float)
    block = block if block.shape[0] <= block.shape[1] else block.T
    values, left, right = singular_spaces(sparse.csr_array(block))
    scale = np.linalg.norm(block, 2)
    expected = np.linalg.svd(block, compute_uv=False)
    np.testing.assert_allclose(np.sort(values)[::-1], expected[: values.size], atol=1e-12 * scale)
    np.testing.assert_allclose(expected[values.size :], 0.0, atol=1e-11)
    np.testing.assert_allclose(left.T @ left, np.eye(block.shape[0]), atol=1e-11)
    np.testing.assert_allclose(right.T @ right, np.eye(values.size), atol=1e-10)
    np.testing.assert_allclose((left[:, : values.size] * values) @ right.T, block, atol=1e-12 * scale)
    np.testing.assert_allclose(block.T @ left[:, values.size :], 0.0, atol=1e-12 * scale)


def test_the_change_does_not_depend_on_the_number_of_threads() -> None:
    rng = np.random.default_rng(2)
    training, removed = (sparse.csr_array(part) for part in parted(rng.random((300, 340)) < 0.04, rng))
    found = []
    for n_threads in (1, 2):
        with threadpool_limits(n_threads, user_api="blas"):
            found.append(first_order_change_of_block(training, removed))
    np.testing.assert_array_equal(*found)
