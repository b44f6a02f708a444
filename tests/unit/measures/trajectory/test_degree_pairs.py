"""Pairs at risk by degree, counted one by one."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from trajectories import one_block, trajectory_of

from sparsegraph.graph.line import BlockState, in_line
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.measures.trajectory import degree_pairs
from sparsegraph.measures.trajectory.degree_pairs import Ends, ends_of, rounds_of
from sparsegraph.measures.trajectory.steps import walk

RUN = one_block((3, 4), [[0, 1, 2, 5, 8], [0, 1, 3, 5, 9]], [None, ([1, 2], [8], [1, 3, 9])])


def counted(table: np.ndarray, source: np.ndarray, target: np.ndarray) -> Counter[tuple[int, int]]:
    """A table by classes as the number of pairs of each two degrees."""
    pairs: Counter[tuple[int, int]] = Counter()
    for (i, k), (j, m) in itertools.product(enumerate(source), enumerate(target)):
        pairs[int(k), int(m)] += int(table[i, j])
    return +pairs


def test_every_pair_by_hand() -> None:
    (*_, (_, steps)) = walk(RUN)
    (found,) = rounds_of(steps, [Ends(3, 4)], "block")
    kept, before = {0, 5}, {0, 1, 2, 5, 8}
    k_kept, m_kept = [1, 1, 0], [1, 1, 0, 0]  # 0 is (0, 0), 5 is (1, 1)
    k_before, m_before = [3, 1, 1], [2, 2, 1, 0]
    everyone = range(12)
    for one, k, m, at_risk, events in (
        (found.grown, k_kept, m_kept, set(everyone) - kept, {1, 3, 9}),
        (found.new, k_kept, m_kept, set(everyone) - before, {3, 9}),
        (found.lost, k_before, m_before, before, {1, 2}),
    ):
        assert one is not None
        for table, links in ((one.at_risk, at_risk), (one.events, events)):
            expected = Counter((k[p // 4], m[p % 4]) for p in links)
            assert counted(table, one.source_degree, one.target_degree) == expected


def test_degrees_in_the_blocks_on_both_sides() -> None:
    made = []
    for update, links in enumerate(([0, 1], [0, 2])):
        blocks = (BlockState("a", Mask((2, 2), np.array(links))), BlockState("b", Mask.complete((2, 3))))
        made.append(Snapshot(update, blocks, update))
    (*_, (_, steps)) = walk(trajectory_of(made))
    found = rounds_of(steps, ends_of(made[0].blocks), "total")[0].grown
    assert found is not None
    assert found.target_degree.tolist() == [4.0]  # one link from the input, three to the output
    assert found.source_degree.tolist() == [0.0, 2.0]


def test_total_degrees_pass_over_a_skip_connection() -> None:
    """a (2 -> 2) and b (2 -> 3) stay joined, whatever lies between them in the list; the shortcut joins none."""
    made = []
    for update, links in enumerate(([0, 1], [0, 2])):
        blocks = (
            BlockState("a", Mask((2, 2), np.array(links))),
            BlockState("shortcut", Mask.complete((2, 2))),
            BlockState("b", Mask.complete((2, 3))),
        )
        made.append(Snapshot(update, blocks, update))
    assert [end.follows for end in ends_of(made[0].blocks)] == [None, None, 0]
    (*_, (_, steps)) = walk(trajectory_of(made))
    found = rounds_of(steps, ends_of(made[0].blocks), "total")[0].grown
    assert found is not None
    assert found.target_degree.tolist() == [4.0]  # one link from the input, three to the output


def test_ends_of_convolutions_are_those_of_the_graph() -> None:
    rng = np.random.default_rng(0)
    shapes = [
        ("conv1", "conv2d", (18, 4), (4, 2, 3, 3)),
        ("conv2", "conv2d", (18, 6), (6, 2, 3, 3)),
        ("fc", "linear", (24, 5), (5, 24)),
    ]
    blocks = [
        BlockState(name, Mask.from_array(rng.random(shape) < 0.4), kind=kind, torch_shape=torch_shape)
        for name, kind, shape, torch_shape in shapes
    ]
    graph = in_line(blocks)
    assert [block.groups for block in graph.blocks] == [1, 2, 1]
    for block, ends, made in zip(blocks, ends_of(blocks), graph.blocks, strict=True):
        source, target = ends.of(block.mask.positions)
        weights_kept = made.weights.copy()
        if made.multiplicity is not None:
            weights_kept.data = made.multiplicity
        table = np.zeros(weights_kept.shape, int)
        np.add.at(table, (source, target), 1)
        np.testing.assert_array_equal(table, weights_kept.toarray())


def test_all_pairs_of_a_grouped_block_lie_within_its_groups() -> None:
    ends = Ends(n_rows=18, n_target=6, rows_per_source=9, groups=2)
    source, target = ends.of(np.arange(18 * 6))
    assert ends.n_source == 4
    assert Counter(zip(source.tolist(), target.tolist(), strict=True)) == {
        (s, t): 9 for s in range(4) for t in range(6) if s // 2 == t // 3
    }
    pairs = degree_pairs._all_pairs(ends, np.arange(4), np.arange(6), (4, 6))
    assert pairs.sum() == 18 * 6
    assert pairs[0, 0] == 9
    assert pairs[0, 3] == 0


def test_many_degrees_are_put_into_few_classes() -> None:
    degrees = np.arange(1000)
    values, class_of = degree_pairs._classes(degrees)
    assert values.size <= degree_pairs.MOST_CLASSES
    assert (np.diff(values) > 0).all()
    assert values[0] == 0.0
    assert (class_of[1:] > 0).all()
    assert np.abs(np.log(values[class_of[1:]] / degrees[1:])).max() < 0.12
    assert np.log(values[class_of[1:]]).sum() == pytest.approx(np.log(degrees[1:]).sum())
