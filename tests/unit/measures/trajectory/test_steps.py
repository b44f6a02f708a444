"""From one snapshot to the next: events where they are known, else differences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evolving import snapshots
from trajectories import one_block, trajectory_of

from sparsegraph.errors import GraphError
from sparsegraph.measures.trajectory.moments import moment_of, moments_of
from sparsegraph.measures.trajectory.steps import basis_of, walk

RUN = one_block((2, 4), [[0, 1, 2, 4], [0, 1, 3, 6]], [None, ([1, 4], [2], [1, 3, 6])])


def test_a_step_with_events() -> None:
    (first, none), (second, (step,)) = walk(RUN)
    assert (first.number, second.number, none) == (0, 1, ())
    assert step.has_events
    assert step.lost.tolist() == [1, 2, 4]
    assert step.kept.tolist() == [0]
    assert step.gone.tolist() == [2, 4]
    assert step.come.tolist() == [3, 6]
    assert (step.n_overlap, step.n_offered) == (1, 7)


def test_events_that_do_not_lead_there_are_not_used() -> None:
    """The snapshots in between were left out: the events are those of the last update only."""
    for wrong in (([1], [], [1, 3]), ([1, 5], [2], [1, 3, 6]), ([1, 4], [2], [1, 3, 7]), ([1, 4], [2], [0, 1, 3, 6])):
        run = one_block((2, 4), [[0, 1, 2, 4], [0, 1, 3, 6]], [None, wrong])
        *_, (_, (step,)) = walk(run)
        assert not step.has_events
        assert step.removed.tolist() == [2, 4]
        assert step.regrown.tolist() == [3, 6]
        assert step.n_offered == 4


def test_events_count_from_the_first_that_says_more_than_the_masks() -> None:
    masks = [[0, 1], [0, 2], [0, 3], [0, 4]]
    events = [None, ([1], [], [2]), ([0, 2], [], [0, 3]), ([3], [], [4])]
    known = [step.has_events for _, steps in walk(one_block((2, 4), masks, events)) for step in steps]
    assert known == [False, True, True]


def test_all_evolving_steps_lead_from_mask_to_mask() -> None:
    for _, steps in walk(trajectory_of(snapshots(8))):
        for step in steps:
            assert step.has_events
            after = sorted({*step.kept.tolist(), *step.regrown.tolist()})
            assert after == step.after.positions.tolist()


def test_words_for_where_it_comes_from() -> None:
    assert basis_of(0, 0) == "no changes"
    assert basis_of(4, 0) == "mask differences"
    assert basis_of(4, 4) == "events"
    assert basis_of(4, 3) == "events; mask differences at 1 of 4 updates"


def test_other_nets_are_refused_in_one_line() -> None:
    one, other = snapshots(2)
    with pytest.raises(GraphError, match="snapshots 0 and 1 are of different networks") as error:
        list(walk(trajectory_of([one, replace(other, blocks=other.blocks[:1])])))
    assert "\n" not in str(error.value)


def test_moments() -> None:
    made = snapshots(4)
    at = moments_of(map(moment_of, made))
    assert (at.unit, at.times, at.is_every_update) == ("update", (0, 1, 2, 3), True)
    assert not moments_of(map(moment_of, made[::2])).is_every_update
    numbered = moments_of([moment_of(replace(s, number=10 * s.number, update=None)) for s in made])
    assert (numbered.unit, numbered.times, numbered.is_every_update) == ("number", (0, 10, 20, 30), False)
    assert moments_of([]).times == ()
