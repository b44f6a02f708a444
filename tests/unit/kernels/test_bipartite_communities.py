"""Barber's modularity by its definition, pair by pair, and local moves against the true maximum of small nets."""

from __future__ import annotations

from collections.abc import Iterator

import igraph
import numpy as np
import pytest

from sparsegraph.kernels.bipartite_communities import barber_modularity, bipartite_communities


def partitions(n: int) -> Iterator[list[int]]:
    """Every partition of n things, as labels."""

    def grow(labels: list[int]) -> Iterator[list[int]]:
        if len(labels) == n:
            yield labels
            return
        for label in range(max(labels, default=-1) + 2):
            yield from grow([*labels, label])

    return grow([])


def net(shape: tuple[int, int], density: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Block, ends of its links (some turned round) and sides; rows are the first vertices."""
    rng = np.random.default_rng(seed)
    block = rng.random(shape) < density
    source, target = np.nonzero(block)
    target = target + shape[0]
    turned = rng.random(source.size) < 0.5
    ends = np.where(turned, target, source), np.where(turned, source, target)
    return block, *ends, np.arange(sum(shape)) >= shape[0]


def by_definition(block: np.ndarray, labels: np.ndarray) -> float:
    """Barber 2007, equation 15: sum over pairs of either side in one community."""
    m, rows = block.sum(), block.shape[0]
    k, d = block.sum(axis=1), block.sum(axis=0)
    total = 0.0
    for i in range(rows):
        for j in range(block.shape[1]):
            if labels[i] == labels[rows + j]:
                total += block[i, j] - k[i] * d[j] / m
    return total / m


@pytest.mark.parametrize("seed", range(5))
def test_a_given_partition(seed: int) -> None:
    block, source, target, second = net((12, 15), 0.3, seed)
    labels = np.random.default_rng(seed).integers(0, 4, 27)
    found = barber_modularity(source, target, labels, second)
    assert found == pytest.approx(by_definition(block, labels), abs=1e-12)
    # the directed modularity of the links from one side to the other, Leicht and Newman, is the same
    forward = np.stack([np.where(second[source], target, source), np.where(second[source], source, target)], axis=1)
    directed = igraph.Graph(n=27, edges=forward, directed=True)
    assert found == pytest.approx(directed.modularity(labels, directed=True), abs=1e-12)


def test_everything_in_one_community_and_every_link_in_its_own() -> None:
    _, source, target, second = net((6, 7), 0.5, 0)
    assert barber_modularity(source, target, np.zeros(13, int), second) == pytest.approx(0.0)
    matching = np.arange(8), np.arange(8, 16)
    assert barber_modularity(*matching, np.tile(np.arange(8), 2), np.arange(16) >= 8) == pytest.approx(1 - 1 / 8)


@pytest.mark.parametrize("seed", range(6))
def test_local_moves_find_the_maximum_of_a_small_net(seed: int) -> None:
    block, source, target, second = net((4, 4), 0.5, seed)
    every = (barber_modularity(source, target, np.array(labels), second) for labels in partitions(8))
    best = max(every)
    rng = np.random.default_rng(seed)
    found = max(
        barber_modularity(source, target, bipartite_communities(source, target, second, np.arange(8), rng=rng), second)
        for _ in range(10)
    )
    assert found == pytest.approx(best, abs=1e-12)
    assert block.any()


def test_planted_groups_are_found() -> None:
    rng = np.random.default_rng(1)
    same = np.repeat(np.arange(4), 25)[:, None] == np.repeat(np.arange(4), 30)
    source, target = np.nonzero(rng.random((100, 120)) < np.where(same, 0.4, 0.03))
    second = np.arange(220) >= 100
    found = bipartite_communities(source, target + 100, second, np.arange(220), rng=rng)
    planted = np.concatenate([np.repeat(np.arange(4), 25), np.repeat(np.arange(4), 30)])
    assert igraph.compare_communities(found, planted, method="nmi") == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(5))
def test_a_run_never_ends_below_its_start_and_repeats_with_its_seed(seed: int) -> None:
    _, source, target, second = net((40, 30), 0.08, seed)
    start = np.random.default_rng(seed).integers(0, 70, 70) // 9
    runs = [bipartite_communities(source, target, second, start, rng=np.random.default_rng(2)) for _ in range(2)]
    np.testing.assert_array_equal(*runs)
    before, after = (barber_modularity(source, target, labels, second) for labels in (start, runs[0]))
    assert after > before
    assert set(runs[0].tolist()) == set(range(runs[0].max() + 1))


def test_no_single_move_gains_at_the_end() -> None:
    _, source, target, second = net((15, 15), 0.25, 3)
    labels = bipartite_communities(source, target, second, np.arange(30), rng=np.random.default_rng(0))
    reached = barber_modularity(source, target, labels, second)
    for vertex in range(30):
        for label in range(labels.max() + 2):
            moved = labels.copy()
            moved[vertex] = label
            assert barber_modularity(source, target, moved, second) <= reached + 1e-12
