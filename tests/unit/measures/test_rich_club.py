"""Rich clubs worked out by hand and counted by networkx."""

from __future__ import annotations

import graphs
import networkx
import numpy as np
import pytest
from scipy import sparse

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.projections import to_networkx
from sparsegraph.measures.rich_club import RichClub, rich_club
from sparsegraph.result import Undefined


def found(graph: LayeredGraph, **options: object) -> RichClub:
    return rich_club(graph, rng=np.random.default_rng(0), **options)  # type: ignore[arg-type]


def test_links_among_the_rich_are_those_of_networkx() -> None:
    """networkx divides by all pairs, n (n - 1) / 2; the links it counts are ours."""
    graph = graphs.golden_net()
    result = found(graph, readout="include", n_null=0)
    whole = to_networkx(graph).to_undirected()
    expected = networkx.rich_club_coefficient(whole, normalized=False)
    layer = np.repeat(np.arange(4), [30, 60, 60, 5])
    degree = np.array([whole.degree[neuron] for neuron in range(graph.n_neurons)])
    for k, n, coefficient in zip(result.by_degree, result.n_neurons, result.coefficients, strict=True):
        sizes = np.bincount(layer[degree > k], minlength=4)
        assert sizes.sum() == n
        n_possible = sum(sizes[i] * sizes[i + 1] for i in range(3))
        assert coefficient * n_possible == pytest.approx(expected[k] * n * (n - 1) / 2)


def test_everyone_beyond_degree_zero_has_the_density_of_who_is_linked() -> None:
    result = found(graphs.complete(4, 5), n_null=0)
    assert (result.by_degree[0], result.n_neurons[0], result.coefficients[0]) == (0, 9, 1.0)
    assert result.normalised == ()


def test_the_top_of_each_layer_includes_ties() -> None:
    """Sources have 3, 2, 2, 1 links, targets 4, 3, 1: the top quarter of each is source 0; then target 0."""
    block = np.array([[1, 1, 1], [1, 1, 0], [1, 1, 0], [1, 0, 0]], float)
    one = found(LayeredGraph.from_matrices([block]), rich=0.25, n_null=0, readout="include").top
    assert (one.n_neurons, one.n_links, one.n_possible) == (2, 1, 1)
    two = found(LayeredGraph.from_matrices([block]), rich=0.5, n_null=0, readout="include").top
    assert (two.n_neurons, two.n_links, two.n_possible) == (5, 6, 6)  # three sources by a tie, two targets


def test_neurons_without_links_are_never_rich() -> None:
    result = found(graphs.empty(3, 4), rich=1.0)
    assert (result.top.n_neurons, result.by_degree) == (0, ())
    assert isinstance(result.top.coefficient, Undefined)
    assert isinstance(result.top.z, Undefined)


def test_one_layer_of_hubs_is_no_club_by_degree_but_has_one_by_rank() -> None:
    """The two targets have 40 links and no source more than 2: they alone are rich, and never linked to each other."""
    result = found(graphs.complete(40, 2), readout="include")
    assert result.by_degree == (0,)  # beyond 2 links there are only targets
    assert result.top.n_possible == 40 * 2


def test_twins_keep_the_degrees_so_that_the_whole_is_one() -> None:
    result = found(graphs.erdos_renyi((40, 50, 30), 0.1))
    assert result.normalised[0] == 1.0
    assert len(result.normalised) <= len(result.by_degree)
    assert result.top.normalised == pytest.approx(1.0, abs=0.5)


def test_possible_links_of_a_grouped_convolution_lie_inside_its_groups() -> None:
    """Two groups of 4 x 4: the first complete (degree 4), the second a matching (degree 1).

    The richest half of each side are the first group: all its 16 links are there, and the twins have no other.
    """
    links = np.kron(np.diag([1.0, 0.0]), np.ones((4, 4))) + np.kron(np.diag([0.0, 1.0]), np.eye(4))
    conv = Block(0, 1, sparse.csr_array(links), name="conv", groups=2)
    graph = LayeredGraph((Layer("a", 8, "channel"), Layer("b", 8, "channel")), (conv,))
    result = found(graph, rich=0.5)
    assert (result.top.n_links, result.top.n_possible, result.top.normalised) == (16, 16, 1.0)
    assert (result.by_degree, result.n_neurons) == ((0, 1), (16, 8))
    assert result.coefficients == (20 / 32, 1.0)  # all possible: 2 x 4 x 4


def test_rich_channels_of_different_groups_cannot_be_linked() -> None:
    """Source 0 leads in the first group, target 2 in the second: no such pair is possible."""
    links = sparse.csr_array(np.array([[1.0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]]))
    graph = LayeredGraph((Layer("a", 4), Layer("b", 4)), (Block(0, 1, links, name="conv", groups=2),))
    result = found(graph, rich=0.25)
    assert (result.top.n_neurons, result.top.n_possible) == (2, 0)
    assert isinstance(result.top.coefficient, Undefined)
    assert result.by_degree == (0,)


def test_too_many_links_leave_the_coefficients_out() -> None:
    graph = graphs.erdos_renyi((40, 50), 0.1)
    result = found(graph, most_links=graph.n_links - 1)
    assert isinstance(result.top.coefficient, Undefined)
    assert "most_links" in result.top.coefficient.reason
    assert result.top.n_neurons > 0
    assert found(graph, most_links=graph.n_links).by_degree
