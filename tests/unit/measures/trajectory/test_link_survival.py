"""Lives of links by hand, and against a table kept link by link."""

from __future__ import annotations

import numpy as np
import pytest
from evolving import snapshots
from trajectories import one_block, trajectory_of, without_events

from sparsegraph.measures.trajectory.link_survival import link_survival
from sparsegraph.result import Undefined

# start links 0 1 2 3: 3 dies at 1, 2 at 2, the others live on at age 3
# grown links: 4 (born 1) dies at 2; 5 (born 2) lives at age 1; 4 again (born 3) lives at age 0
RUN = one_block((2, 4), [[0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 5], [0, 1, 4, 5]])


def test_by_hand() -> None:
    result = link_survival(RUN)
    lives = result.pooled
    assert not isinstance(lives, Undefined)
    assert result.unit == "updates"
    assert (lives.start.n_links, lives.start.n_deaths) == (4, 2)
    assert lives.start.ages == (1, 2)
    assert lives.start.surviving == pytest.approx((3 / 4, 3 / 4 * 2 / 3))
    assert lives.start.median == 2
    assert (lives.start.longest, lives.grown.longest) == (3, 1)
    assert (lives.grown.n_links, lives.grown.n_deaths) == (3, 1)
    assert lives.grown.ages == (1,)
    assert lives.grown.surviving == (0.5,)  # 4 and 5 reached age 1, one died; the second 4 did not reach it
    assert lives.grown.median == 1
    assert (lives.mean_age, lives.median_age, lives.start_share) == ((3 + 3 + 1 + 0) / 4, 2.0, 0.5)
    assert lives.young_hazard == 1 / 2  # before updates 2 and 3 one link each was newborn: 4 died, 5 did not
    assert lives.old_hazard == 2 / 9  # 4 + 3 + 2 old links; 3 and 2 died
    # Mantel and Haenszel over updates 2 (of 1 young and 3 old links 1 and 1 died) and 3 (nobody died)
    assert lives.hazard_ratio == pytest.approx((1 * 3 / 4) / (1 * 1 / 4))


def test_removed_and_put_back_at_once() -> None:
    run = one_block((2, 4), [[0, 1, 2], [0, 1, 5], [0, 1, 5]], [None, ([1, 2], [], [1, 5]), ([1], [], [1])])
    on, off = link_survival(run).pooled, link_survival(run, at_once="dies").pooled
    assert not isinstance(on, Undefined)
    assert not isinstance(off, Undefined)
    assert (on.start.n_deaths, on.grown.n_links, on.mean_age) == (1, 1, (2 + 2 + 1) / 3)
    assert (off.start.n_deaths, off.grown.n_links, off.mean_age) == (2, 3, (2 + 0 + 1) / 3)
    assert off.grown.n_deaths == 1


def test_as_counted_link_by_link() -> None:
    trajectory = without_events(trajectory_of(snapshots(12)))
    result = link_survival(trajectory)
    for block, part in enumerate(result.per_block):
        present = np.stack([snapshot.masks[block].to_array().ravel() for snapshot in trajectory]).T
        lives: dict[str, list[tuple[int, bool]]] = {"start": [], "grown": []}
        for row in present:
            changes = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
            for begin, end in changes.reshape(-1, 2):
                lives["grown" if begin else "start"].append((min(end, 12 - (end == 12)) - begin, end < 12))
        for kind, found in (("start", part.start), ("grown", part.grown)):
            assert found.n_links == len(lives[kind])
            assert found.n_deaths == sum(died for _, died in lives[kind])
            surviving, curve = 1.0, []
            for age in sorted({age for age, died in lives[kind] if died}):
                dead = sum(died and lived == age for lived, died in lives[kind])
                surviving *= 1 - dead / sum(lived >= age for lived, _ in lives[kind])
                curve.append(surviving)
            assert found.surviving == pytest.approx(curve)


def test_a_median_that_is_not_reached() -> None:
    lives = link_survival(one_block((2, 4), [[0, 1, 2], [0, 1, 3]])).pooled
    assert not isinstance(lives, Undefined)
    assert isinstance(lives.start.median, Undefined)
    assert isinstance(lives.hazard_ratio, Undefined)
