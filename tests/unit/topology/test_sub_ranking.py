"""Ties resolved by correlated shortest paths."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from scipy import stats

from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.link_scores_present import ch3_l3_of_present
from sparsegraph.topology.regrowth import REGROWTH_SCORES, choose_added
from sparsegraph.topology.sub_ranking import path_correlation, sub_ranked


def random_mask(seed: int) -> Mask:
    return Mask.from_array(np.random.default_rng(seed).random((14, 11)) < 0.2)


@pytest.mark.parametrize("seed", range(3))
def test_the_correlation_is_spearman_between_dijkstras_distances(seed: int) -> None:
    """Distances by networkx, correlation by scipy; what cannot be reached is farther than all that can."""
    mask = random_mask(seed)
    n_source, n_neurons = mask.shape[0], sum(mask.shape)
    block = networkx.Graph()
    block.add_nodes_from(range(n_neurons))
    for u, v, score in zip(mask.source, mask.target, ch3_l3_of_present(mask), strict=True):
        block.add_edge(u, n_source + v, weight=1 / (1 + score))
    absent = np.flatnonzero(~mask.to_array())
    distances = np.full((n_neurons, n_neurons), 1e6)
    for start, reached in networkx.all_pairs_dijkstra_path_length(block):
        distances[start, list(reached)] = list(reached.values())
    distances = np.round(distances, 12)
    rows = zip(absent // mask.shape[1], n_source + absent % mask.shape[1], strict=True)
    active = np.flatnonzero(np.ptp(distances[:, :], axis=1) > 0)
    expected = [
        stats.spearmanr(distances[u], distances[v]).statistic if {u, v} <= set(active) else -1.0 for u, v in rows
    ]
    np.testing.assert_allclose(path_correlation(mask, absent), expected, atol=1e-11)


def test_ties_at_the_border_go_by_correlation_and_nothing_else_changes() -> None:
    """The plain count of paths has many ties; the rest of the ranking is left as it is."""
    mask = random_mask(5)
    scores = REGROWTH_SCORES["l3"].function(mask)
    absent = np.flatnonzero(~mask.to_array())
    ranked = np.sort(scores.ravel()[absent])[::-1]
    n = int(np.flatnonzero(ranked == 1.0)[0]) + 3
    tied = absent[scores.ravel()[absent] == 1.0]
    assert tied.size > 5
    correlation = path_correlation(mask, tied)
    best = set(tied[np.argsort(-correlation, kind="stable")[:3]].tolist())
    assert np.sort(correlation)[-4] < np.sort(correlation)[-3], "a case without ties among the correlations"
    resolved = sub_ranked(mask, scores, n)
    above = set(absent[scores.ravel()[absent] > 1.0].tolist())
    for seed in range(5):
        added = choose_added(mask, resolved, n, rng=np.random.default_rng(seed))
        assert set(added.tolist()) == above | best
    np.testing.assert_allclose(resolved, scores, rtol=1e-15)
    changed = np.flatnonzero(resolved != scores)
    assert np.isin(changed, tied).all()


def test_equal_correlations_are_left_to_chance() -> None:
    """Two disjoint squares with one link missing each: the two missing ones look alike in everything."""
    square = np.array([[1, 1], [1, 0]], np.bool_)
    mask = Mask.from_array(np.kron(np.eye(2, dtype=np.bool_), square))
    scores = REGROWTH_SCORES["ch3_l3"].function(mask)
    missing = np.flatnonzero(scores)
    assert missing.tolist() == [5, 15]
    resolved = sub_ranked(mask, scores, 1)
    np.testing.assert_array_equal(resolved, scores)
    chosen = {choose_added(mask, resolved, 1, rng=np.random.default_rng(seed)).item() for seed in range(20)}
    assert chosen == {5, 15}


def test_no_ties_no_change_and_zeros_are_left_alone() -> None:
    mask = random_mask(1)
    distinct = np.random.default_rng(0).random(mask.shape)
    np.testing.assert_array_equal(sub_ranked(mask, distinct, 20), distinct)
    np.testing.assert_array_equal(sub_ranked(mask, np.zeros(mask.shape), 20), np.zeros(mask.shape))
