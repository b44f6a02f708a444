"""Matrices of other libraries become graphs, whole, or are refused with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from scipy import sparse

from sparsegraph.errors import GraphError
from sparsegraph.graph.layered import Layer, LayeredGraph

ONES = np.ones((4, 3))
MADE: dict[str, Callable[[], Any]] = {
    "numpy": lambda: ONES,
    "list": lambda: ONES.tolist(),
    "float16": lambda: ONES.astype(np.float16),
    "bool": lambda: ONES > 0,
    "integers": lambda: ONES.astype(np.int8),
    "scipy csc matrix": lambda: sparse.csc_matrix(ONES),
    "torch": lambda: torch.ones(4, 3),
    "torch parameter": lambda: torch.nn.Linear(4, 3).weight.T,
    "torch bfloat16": lambda: torch.ones(4, 3, dtype=torch.bfloat16),
    "torch sparse coo": lambda: torch.ones(4, 3).to_sparse(),
    "torch sparse csr": lambda: torch.ones(4, 3).to_sparse_csr(),
}


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
@pytest.mark.filterwarnings("ignore:Sparse invariant checks are implicitly disabled")
@pytest.mark.parametrize("name", MADE)
def test_matrices_of_any_library_are_the_same_graph(name: str) -> None:
    graph = LayeredGraph.from_matrices([MADE[name]()])
    assert repr(graph) == "<LayeredGraph 4-3: 7 neurons, 12 links>"


def test_what_a_masked_array_masks_is_absent() -> None:
    graph = LayeredGraph.from_matrices([np.ma.array(ONES, mask=np.eye(4, 3, dtype=bool))])
    assert graph.n_links == 9


def test_stored_zeros_are_links_in_every_sparse_format() -> None:
    zero = sparse.coo_array(([0.0, 2.0], ([0, 1], [1, 0])), shape=(2, 2))
    tensor = torch.sparse_coo_tensor([[0, 1], [1, 0]], [0.0, 2.0], (2, 2), check_invariants=True)
    for matrix in (zero, zero.tocsr(), zero.tocsc(), tensor):
        assert LayeredGraph.from_matrices([matrix]).n_links == 2


TWICE = sparse.coo_array(([1.0, -1.0, 1.0], ([0, 0, 1], [0, 0, 1])), shape=(2, 2))
WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "an entry twice": (lambda: [TWICE], r"shape \(2, 2\) stores 1 of 3 entries twice; its sum_duplicates\(\)"),
    "an entry twice, csr": (
        lambda: [sparse.csr_array(([1.0, 2.0], [0, 0], [0, 2]), shape=(1, 2))],
        r"stores 1 of 2 entries twice",
    ),
    "complex": (lambda: [ONES * 1j], "complex128; weights are real numbers"),
    "complex, sparse": (lambda: [sparse.csr_array(ONES * 1j)], "complex128; weights are real numbers"),
    "texts": (lambda: [np.array([["a", "b"]])], "values of type <U1; weights are real numbers"),
    "ragged": (lambda: [[[1, 2], [3]]], "rows of unequal lengths"),
    "three axes": (lambda: [np.ones((2, 3, 4))], r"shape \(2, 3, 4\) is no matrix"),
    "three axes, torch": (lambda: [torch.ones(2, 3, 4).to_sparse()], r"shape \(2, 3, 4\) is no matrix"),
    "meta": (lambda: [torch.ones(2, 3, device="meta")], "meta device has no values"),
    "one matrix": (lambda: ONES, r"not one of shape \(4, 3\); put it in brackets"),
    "one sparse matrix": (lambda: sparse.csr_array(ONES), r"not one of shape \(4, 3\); put it in brackets"),
    "nothing": (lambda: None, "a list of matrices is expected, not None"),
    "a number": (lambda: 3, "a list of matrices is expected, not an int"),
    "a list of nothing": (lambda: [None], "a matrix is expected, not None"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_matrix_is_refused(name: str) -> None:
    make, message = WRONG[name]
    with pytest.raises(GraphError, match=message):
        LayeredGraph.from_matrices(make())


@pytest.mark.parametrize(
    ("names", "message"),
    [(["a", "b"], "2 names for 3 layers"), ("abc", "a list of texts, one a layer"), ([1, 2, 3], "a list of texts")],
)
def test_names_are_one_a_layer(names: Any, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        LayeredGraph.from_matrices([ONES, ONES.T], names)


@pytest.mark.parametrize("size", [3.5, "3", True, None])
def test_a_layer_has_a_whole_number_of_neurons(size: Any) -> None:
    with pytest.raises(GraphError, match="a whole number is expected"):
        Layer("a", size)


def test_graphs_of_equal_blocks_are_equal() -> None:
    one, same, other = (LayeredGraph.from_matrices([ONES * scale]) for scale in (1, 1, 2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != LayeredGraph.from_matrices([ONES], ["a", "b"])
    assert one.blocks[0] != "a block"
