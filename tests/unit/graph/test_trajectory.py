"""Snapshots, and the sequence of them that reads one when it is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from evolving import snapshots

from sparsegraph.errors import GraphError
from sparsegraph.graph.trajectory import Snapshot, Trajectory


def test_a_trajectory_reads_what_is_asked_for_and_nothing_else() -> None:
    made = {10 * s.number: s for s in snapshots(4)}
    asked: list[int] = []

    def load(number: int) -> Snapshot:
        asked.append(number)
        return made[number]

    trajectory = Trajectory((0, 10, 20, 30), load)
    assert len(trajectory) == 4
    assert asked == []
    assert trajectory[1] is made[10]
    assert trajectory[-1] is made[30]
    assert asked == [10, 30]
    part = trajectory[1:3]
    assert isinstance(part, Trajectory)
    assert part.numbers == (10, 20)
    assert [s.number for s in part] == [1, 2]
    with pytest.raises(IndexError):
        trajectory[4]
    assert repr(trajectory) == "<Trajectory: 4 snapshots, 0 to 30>"


def test_a_snapshot_gives_masks_weights_events_and_the_graph() -> None:
    snapshot = snapshots(2)[1]
    assert [mask.n_links for mask in snapshot.masks] == [30, 12]
    assert snapshot.events[0] is not None
    assert snapshot.events[0].regrown.size == 6
    graph = snapshot.graph
    assert graph is snapshot.graph
    np.testing.assert_array_equal(graph.blocks[0].weights.data, snapshot.weights[0])
    assert repr(snapshot) == "<Snapshot 1: 2 blocks, 42 links>"


def test_a_snapshot_needs_blocks_with_names_of_their_own_and_a_number() -> None:
    blocks = snapshots(1)[0].blocks
    for wrong in ((), (blocks[0], blocks[0])):
        with pytest.raises(GraphError, match="names of their own"):
            Snapshot(0, wrong)
    with pytest.raises(GraphError, match="number from 0"):
        Snapshot(-1, blocks)
