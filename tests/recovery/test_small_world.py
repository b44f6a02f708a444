"""Nets with a known degree of order: lattice, small world, random."""

from __future__ import annotations

import graphs
import numpy as np
import pytest

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.assortativity import assortativity
from sparsegraph.measures.rich_club import rich_club
from sparsegraph.measures.small_world import SmallWorld, small_world
from sparsegraph.topology.small_world import bipartite_small_world


def small_world_net(beta: float, seed: int = 0) -> LayeredGraph:
    """Two blocks of 200 x 200 with 8 links a neuron, a share beta of them rewired."""
    masks = bipartite_small_world([(200, 200)] * 2, [1600] * 2, rng=np.random.default_rng(seed), beta=beta)
    return LayeredGraph.from_matrices([mask.to_csr(np.ones(mask.n_links)) for mask in masks])


def found(graph: LayeredGraph, **options: object) -> SmallWorld:
    return small_world(graph, rng=np.random.default_rng(1), **options)  # type: ignore[arg-type]


def test_a_lattice_is_its_own_lattice() -> None:
    """Without rewiring C is that of the lattice, and L is far longer than by chance: omega is near -1."""
    result = found(small_world_net(0.0))
    assert result.whole.robins_alexander == pytest.approx(result.reference.lattice_clustering, rel=1e-12)
    assert result.path_length > 3 * result.reference.path_length
    assert -1.0 < result.omega < -0.6


def test_a_lattice_has_the_clustering_of_its_windows() -> None:
    """Equal sides, K links a neuron: two neurons at distance d on the ring share K - d neighbours.

    Four-cycles of a block: n sum over d = 1 .. K - 1 of (K - d)(K - d - 1) / 2; three-paths n K (K - 1)^2.
    """
    (mask,) = bipartite_small_world([(200, 200)], [1600], rng=np.random.default_rng(0), beta=0.0)
    result = found(LayeredGraph.from_matrices([mask.to_csr(np.ones(mask.n_links))]), n_null=0)
    shared = 8 - np.arange(1, 8)
    cycles = 200 * int((shared * (shared - 1) // 2).sum())
    assert result.whole.n_four_cycles == cycles
    assert result.whole.robins_alexander == pytest.approx(4 * cycles / (200 * 8 * 49))
    overlap = 2 * shared / (16 - shared)
    assert result.whole.latapy == pytest.approx(overlap.sum() / 14)


@pytest.mark.parametrize("null", ["degree", "er"])
def test_small_worlds_are_clustered_and_short(null: str) -> None:
    result = found(small_world_net(0.1), null=null)
    assert result.sigma > 5.0
    assert result.path_length < 1.3 * result.reference.path_length
    assert result.whole.robins_alexander > 0.5 * result.reference.lattice_clustering
    assert abs(result.omega) < 0.5


@pytest.mark.parametrize("null", ["degree", "er"])
def test_random_nets_are_no_small_worlds(null: str) -> None:
    """sigma of five draws lies within five standard deviations of the twins around 1."""
    for seed in range(5):
        result = found(graphs.erdos_renyi((200, 200, 200), 0.04, seed=seed), null=null)
        spread = result.reference.clustering_std / result.reference.clustering
        assert abs(result.sigma - 1.0) < 5 * spread + 0.01
        assert result.omega > 0.8


def test_clustering_falls_as_links_are_rewired() -> None:
    values = [found(small_world_net(beta), n_null=0).whole for beta in (0.0, 0.1, 0.3, 1.0)]
    for name in ("robins_alexander", "latapy"):
        numbers = [getattr(value, name) for value in values]
        assert numbers == sorted(numbers, reverse=True)


def test_a_planted_club_is_found() -> None:
    """The first 8 neurons of each layer are linked with each other, all others at random; the plain net has no club."""
    plain = graphs.erdos_renyi((200, 200, 200), 0.04, seed=2)
    rng = np.random.default_rng(0)
    planted = []
    for block in plain.blocks:
        dense = (block.weights.toarray() != 0).astype(float)
        dense[:8] = (rng.random((8, 200)) < 0.12) * 1.0
        dense[:, :8] = (rng.random((200, 8)) < 0.12) * 1.0
        dense[:8, :8] = 1.0
        planted.append(dense)
    rich = rich_club(LayeredGraph.from_matrices(planted), rng=np.random.default_rng(1))
    assert rich.top.coefficient > 0.8
    assert rich.top.normalised > 2.0
    assert rich.top.z > 10.0
    poor = rich_club(plain, rng=np.random.default_rng(1))
    assert abs(poor.top.z) < 4.0


def test_links_between_like_degrees_are_assortative() -> None:
    """Probability of a link grows with the product of hidden ranks (no correlation) or with their likeness."""
    rng = np.random.default_rng(0)
    rank = np.linspace(0.0, 1.0, 200)
    like = np.exp(-((rank[:, None] - rank[None, :]) ** 2) / 0.02) * rank[:, None] * rank[None, :]
    product = 0.3 * rank[:, None] * rank[None, :]
    clear, none = (
        assortativity(LayeredGraph.from_matrices([(rng.random((200, 200)) < chance) * 1.0])).within_blocks
        for chance in (like, product)
    )
    assert clear.r > 0.5
    assert clear.r > 20 * clear.standard_error
    assert abs(none.r) < 4 * none.standard_error
