"""Navigability where the way is known, and sampled targets within their standard error."""

from __future__ import annotations

import graphs
import numpy as np
import pytest

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.navigability import Routes, navigability
from sparsegraph.result import Undefined


def ring(n: int = 40, reach: int = 3) -> LayeredGraph:
    """Two layers round a circle, each neuron linked to its 2 reach + 1 nearest; three links less, to break the tie."""
    near = np.abs((np.arange(n)[:, None] - np.arange(n) + n // 2) % n - n // 2) <= reach
    near[0, 0] = near[7, 8] = near[20, 19] = False
    return LayeredGraph.from_matrices([near.astype(float)])


def test_a_ring_shows_the_way_and_random_angles_do_not() -> None:
    found = navigability(ring(), rng=np.random.default_rng(0), gamma=5.0)
    assert isinstance(found.routes, Routes)
    assert isinstance(found.random_angles, Routes)
    assert found.routes.success.mean > 0.95
    assert found.random_angles.success.mean < 0.5
    assert found.routes.congruence.mean > found.random_angles.congruence.mean
    assert found.exact
    assert found.routes.success.standard_error == 0.0


def test_sampled_targets_agree_within_their_standard_error() -> None:
    graph = graphs.erdos_renyi((150, 150), 0.04, seed=2)
    exact = navigability(graph, rng=np.random.default_rng(0))
    misses = []
    for seed in range(40):
        sampled = navigability(graph, rng=np.random.default_rng(seed), n_targets=60)
        assert not sampled.exact
        for name in ("success", "congruence"):
            estimate, truth = getattr(sampled.routes, name), getattr(exact.routes, name)
            misses.append((estimate.mean - truth.mean) / estimate.standard_error)
    assert np.sqrt(np.mean(np.square(misses))) == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize(("n_targets", "largest_factor"), [(40, 1.35), (150, 4.0)], ids=["sampled", "all neurons"])
def test_random_angles_are_drawn_several_times_with_an_error_that_holds(n_targets: int, largest_factor: float) -> None:
    """Means of 60 repeats scatter as their standard errors say; with all neurons as targets less, as documented."""
    graph = graphs.erdos_renyi((60, 60, 60), 0.08)
    found = [navigability(graph, rng=np.random.default_rng(seed), n_targets=n_targets) for seed in range(60)]
    for name in ("success", "efficiency", "congruence"):
        parts = [getattr(one.random_angles, name) for one in found]
        errors = np.array([part.standard_error for part in parts])
        spread = np.std([part.mean for part in parts])
        assert (errors > 0.0).all()
        assert 0.7 < np.sqrt((errors**2).mean()) / spread < largest_factor


def test_what_has_no_geometry_is_undefined() -> None:
    for graph in (graphs.empty(2, 3), graphs.complete(3, 3)):
        found = navigability(graph, rng=np.random.default_rng(0))
        assert isinstance(found.routes, Undefined)
        assert isinstance(found.random_angles, Undefined)


def test_no_targets_are_refused() -> None:
    with pytest.raises(DataError, match="n_targets"):
        navigability(graphs.two_paths(), rng=np.random.default_rng(0), n_targets=0)
