"""Which numbers depend on the weights of the links: said by each measure, and found out by changing the weights."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

import numpy as np
import pytest
from scipy import sparse

from sparsegraph.evolution.numbers import Number, numbers_of
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.readout import choose_readout
from sparsegraph.measures.catalogue import MEASURES, measure
from sparsegraph.measures.degree import degrees

SMALLER = {"replicas": 5, "n_runs": 2, "n_random": 2, "n_null": 2, "permutations": 20, "n_permutations": 20}
"""Fewer repetitions where a measure has such an option."""


def net() -> LayeredGraph:
    """20-24-16-4; the degrees at the cut between hubs and others differ, so that no weight decides who is a hub."""
    rng = np.random.default_rng(5)
    matrices = [rng.random((20, 24)) < 0.3, rng.random((24, 16)) < 0.35, np.ones((16, 4), np.bool_)]
    graph = LayeredGraph.from_matrices([mask * rng.normal(size=mask.shape) for mask in matrices])
    middle = np.sort(degrees(choose_readout(graph).graph).total[20:44])
    assert middle[-1] != middle[-2]  # without the dense readout 24 neurons lie between, and 0.04 of them is one hub
    return graph


def with_weights(graph: LayeredGraph, weights: str) -> LayeredGraph:
    """The same links with weight 1, or with others of either sign, one of them 0."""
    rng = np.random.default_rng(9)
    blocks = []
    for block in graph.blocks:
        old = block.weights
        data = np.ones(old.nnz) if weights == "ones" else rng.standard_cauchy(old.nnz)
        data[0] *= weights == "ones"
        matrix = sparse.csr_array((data, old.indices.copy(), old.indptr.copy()), shape=old.shape)
        blocks.append(replace(block, weights=matrix))
    return LayeredGraph(graph.layers, tuple(blocks))


def numbers(graph: LayeredGraph, name: str) -> list[Number]:
    known = {option: value for option, value in SMALLER.items() if option in MEASURES[name].options}
    return list(numbers_of(measure(graph, name, **known)))


@pytest.mark.parametrize("name", list(MEASURES))
def test_only_the_numbers_said_to_depend_on_weights_do(name: str) -> None:
    weighted = MEASURES[name].weighted
    ones, others = (numbers(with_weights(net(), which), name) for which in ("ones", "others"))

    def bare(found: list[Number]) -> set[Number]:
        return {one for one in found if not any(fnmatchcase(one.field, pattern) for pattern in weighted)}

    changed = {one.field for one in bare(ones) ^ bare(others)}
    assert not changed, f"{name} depends on weights in {sorted(changed)}; add them to weighted= where it is registered"
    if weighted:
        assert ones != others, f"{name} is said to depend on weights in {weighted} and does not"
