"""Shells worked out by hand."""

from __future__ import annotations

import graphs
import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.kshell import StrengthShells, kshell
from sparsegraph.result import Undefined


def test_a_forest_has_shell_one() -> None:
    found = kshell(graphs.two_paths())
    assert (found.max_shell, found.n_core, found.n_crust, found.n_isolated) == (1, 9, 0, 1)
    assert [(p.layer, p.n_isolated, p.n_in_core, p.mean_shell) for p in found.per_layer] == [
        ("input", 1, 3, 0.75),
        ("hidden1", 0, 4, 1.0),
        ("output", 0, 2, 1.0),
    ]
    assert (found.values, found.counts) == ((0, 1), (1, 9))


def test_a_complete_bipartite_block_is_as_deep_as_its_smaller_side() -> None:
    found = kshell(graphs.complete(5, 3))
    assert (found.max_shell, found.n_core) == (3, 8)


def test_crust_around_a_core() -> None:
    # hidden 0 and 1 with three inputs each form a 2-core; outputs hang on hidden 0 alone
    graph = LayeredGraph.from_matrices([np.ones((3, 2)), np.array([[1.0, 1.0], [0.0, 0.0]])])
    found = kshell(graph)
    assert found.shell.tolist() == [2, 2, 2, 2, 2, 1, 1]
    assert (found.n_core, found.n_crust) == (5, 2)


def test_strength_shells_by_hand() -> None:
    # strengths: input 0 has 5, input 1 has 1; hidden 0 has 5, hidden 1 has 1
    found = kshell(LayeredGraph.from_matrices([np.array([[4.0, 1.0], [1.0, 0.0]])]))
    # input 1 and hidden 1 (strength 1) go first; 4 is left between the others
    assert found.strength == StrengthShells(4.0, 2)
    assert isinstance(found.strength_shell, np.ndarray)
    assert found.strength_shell.tolist() == [4.0, 1.0, 4.0, 1.0]


def test_signs_do_not_matter() -> None:
    matrix = np.array([[4.0, 1.0], [1.0, 0.0]])
    assert kshell(LayeredGraph.from_matrices([-matrix])).strength == StrengthShells(4.0, 2)


def test_without_links() -> None:
    found = kshell(graphs.empty(3, 2))
    assert (found.max_shell, found.n_core, found.n_crust, found.n_isolated) == (0, 0, 0, 5)
    assert isinstance(found.strength, Undefined)
