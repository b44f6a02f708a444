"""Turnover and overlap by hand."""

from __future__ import annotations

import pytest
from evolving import snapshots
from trajectories import one_block, trajectory_of, without_events

from sparsegraph.measures.trajectory.turnover import turnover
from sparsegraph.result import Undefined

# 2 x 4, links 0 1 2 4; then 1 and 4 removed, 2 percolated, and 1, 3, 6 regrown; then 0 and 1 removed and put back
RUN = one_block(
    (2, 4), [[0, 1, 2, 4], [0, 1, 3, 6], [0, 1, 3, 6]], [None, ([1, 4], [2], [1, 3, 6]), ([0, 1], [], [0, 1])]
)


def test_by_hand() -> None:
    result = turnover(RUN)
    part = result.per_block[0]
    assert part.basis == "events"
    assert part.removed == (0.5, 0.5)
    assert part.percolated == (0.25, 0.0)
    assert part.regrown == (0.75, 0.5)
    assert part.new == (0.5, 0.0)
    assert part.overlap == (pytest.approx(1 / 3), 1.0)
    assert part.random_overlap == (pytest.approx(3 / 7), pytest.approx(2 / 6))  # lost / (8 possible - kept)
    assert part.jaccard == (pytest.approx(2 / 6), 1.0)
    assert part.jaccard_first == (pytest.approx(2 / 6), pytest.approx(2 / 6))
    assert part.elm_update == 2
    assert result.pooled.to_dict() == {key: value for key, value in part.to_dict().items() if key != "block"}


def test_the_threshold_is_the_callers() -> None:
    assert turnover(RUN, threshold=0.3).per_block[0].elm_update == 1
    part = turnover(RUN[:2]).per_block[0]
    assert isinstance(part.elm_update, Undefined)
    assert "stays below 0.9; its largest value is 0.333" in part.elm_update.reason


def test_masks_alone_do_not_show_the_overlap() -> None:
    part = turnover(without_events(RUN)).per_block[0]
    assert part.basis == "mask differences"
    assert part.removed == (0.5, 0.0)
    assert part.regrown == (0.5, 0.0)
    assert part.jaccard == (pytest.approx(2 / 6), 1.0)
    for unknown in (*part.overlap, *part.random_overlap, part.elm_update):
        assert isinstance(unknown, Undefined)
        assert "without events" in unknown.reason


def test_where_updates_are_left_out_that_is_the_reason() -> None:
    part = turnover(trajectory_of(snapshots(9)[::4])).per_block[0]
    assert part.basis == "mask differences"
    assert isinstance(part.overlap[0], Undefined)
    assert part.overlap[0].reason.startswith("updates between the snapshots are left out")


def test_events_that_are_differences_do_not_show_it_either() -> None:
    """As `record` writes them: an overlap of 0 would be made up."""
    run = one_block((2, 4), [[0, 1, 2, 4], [0, 1, 3, 6]], [None, ([2, 4], [], [3, 6])])
    part = turnover(run).per_block[0]
    assert part.basis == "mask differences"
    assert isinstance(part.overlap[0], Undefined)


def test_pooled_adds_up_the_blocks_that_change() -> None:
    trajectory = trajectory_of(snapshots(3))
    result = turnover(trajectory)
    assert result.unchanged == ()
    events = trajectory[1].events
    n_regrown = sum(one.regrown.size for one in events if one)
    assert result.pooled.regrown[0] == n_regrown / 42  # type: ignore[union-attr]


def test_a_block_that_rests_is_named_and_not_pooled() -> None:
    result = turnover(one_block((2, 4), [[0, 1]] * 3))
    assert result.unchanged == ("a",)
    assert isinstance(result.pooled, Undefined)
    assert result.per_block[0].basis == "no changes"
    assert result.per_block[0].jaccard == (1.0, 1.0)


def test_a_step_without_events_among_others_has_no_overlap() -> None:
    """Every third snapshot of an even number: only the last two are neighbours and show their events."""
    run = snapshots(12)
    chosen = trajectory_of([*run[:-1:3], run[-2], run[-1]])
    part = turnover(chosen).per_block[0]
    seen = [not isinstance(share, Undefined) for share in part.overlap]
    assert seen[-1]
    assert not any(seen[:-2])
