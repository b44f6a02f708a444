"""Exploration by hand, against unions of masks, and against random regrowth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from evolving import snapshots
from trajectories import attached, one_block, trajectory_of

from sparsegraph.graph.mask import Mask
from sparsegraph.measures.trajectory.exploration import exploration
from sparsegraph.result import Undefined


def test_as_the_union_of_the_masks() -> None:
    trajectory = trajectory_of(snapshots(9))
    for block, part in enumerate(exploration(trajectory).per_block):  # type: ignore[arg-type]
        seen = np.logical_or.accumulate([snapshot.masks[block].to_array() for snapshot in trajectory])
        assert part.rate == pytest.approx([one.mean() for one in seen])
        assert part.gain == pytest.approx(np.diff(part.rate))
        assert part.masks == "all snapshots"


def test_random_regrowth_explores_as_it_should() -> None:
    """The mean of 60 runs lies within 4 standard errors of the expectation."""
    rates, expected = [], []
    for seed in range(60):
        part = exploration(attached((30, 20), 90, (0.0, 0.0), n_updates=8, seed=seed)).pooled
        assert not isinstance(part, Undefined)
        rates.append(part.rate[-1])
        expected.append(part.random[-1])
    assert abs(np.mean(rates) - np.mean(expected)) < 4 * np.std(rates) / np.sqrt(60)


def test_the_random_rate_in_closed_form() -> None:
    """1 - (1 - d) (1 - zeta d / (1 - d + zeta d))^t with 90 of 600 links and 27 moved by each of 8 updates."""
    part = exploration(attached((30, 20), 90, (0.0, 0.0), n_updates=8)).pooled
    assert not isinstance(part, Undefined)
    d, moved = 90 / 600, 27 / 600
    assert part.random[-1] == pytest.approx(1 - (1 - d) * (1 - moved / (1 - d + moved)) ** 8)


def test_reliable_exploration() -> None:
    # 4 is grown by update 1, survives 2, dies at 3; 5 survives 3 and 4; 6 survives 4; 0 and 1 are of the start
    run = one_block((2, 4), [[0, 1], [0, 4], [4, 5], [5, 6], [5, 6]])
    for after, n in ((1, 3), (2, 1), (3, 0)):
        assert exploration(run, reliable_after=after).pooled.reliable == n / 8  # type: ignore[union-attr]


def test_a_run_too_short_for_reliable_exploration() -> None:
    # what the first of two updates grows survives one at most
    run = one_block((2, 4), [[0, 1], [0, 4], [4, 5]])
    assert exploration(run, reliable_after=1).pooled.reliable == 1 / 8  # type: ignore[union-attr]
    found = exploration(run, reliable_after=2)
    for part in (found.pooled, *found.per_block):  # type: ignore[misc]
        assert part.reliable == Undefined("no grown link can survive 2 updates in a run of 2")  # type: ignore[union-attr]


def test_what_the_next_update_removes_was_not_explored_reliably() -> None:
    run = one_block((2, 4), [[0, 1], [0, 4], [0, 5], [0, 6]])
    assert exploration(run, reliable_after=1).pooled.reliable == 0.0  # type: ignore[union-attr]


def test_cumulative_masks_are_used_where_there_are_any() -> None:
    first, second, third = snapshots(3)
    seen = Mask((12, 8), np.arange(60))
    blocks = (replace(third.blocks[0], cumulative=seen), third.blocks[1])
    part = exploration(trajectory_of([first, second, replace(third, blocks=blocks)])).per_block[0]  # type: ignore[index]
    union = np.unique(np.concatenate([s.masks[0].positions for s in (first, second, third)] + [seen.positions]))
    assert part.rate[-1] == union.size / 96
    assert part.masks == "all snapshots, and the cumulative masks of 1"
    assert isinstance(part.relative, Undefined)
