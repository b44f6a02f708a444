"""Small trajectories with answers worked out by hand or by simulation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot, Trajectory


def trajectory_of(snapshots: Sequence[Snapshot]) -> Trajectory:
    """Snapshots that are at hand."""
    by_number = {snapshot.number: snapshot for snapshot in snapshots}
    return Trajectory(tuple(by_number), by_number.__getitem__)


def one_block(
    shape: tuple[int, int], masks: Sequence[Sequence[int]], events: Sequence[Sequence[Sequence[int]] | None] = ()
) -> Trajectory:
    """One block ``a`` with given links at each update, and given (removed, percolated, regrown) lists."""
    told = [*events] + [None] * (len(masks) - len(events))
    return trajectory_of(
        [
            Snapshot(i, (BlockState("a", Mask(shape, np.array(links, np.int64)), events=_events(lists)),), i, i)
            for i, (links, lists) in enumerate(zip(masks, told, strict=True))
        ]
    )


def _events(lists: Sequence[Sequence[int]] | None) -> LinkEvents | None:
    return None if lists is None else LinkEvents(*(np.array(links, np.int64) for links in lists))


def without_events(trajectory: Trajectory) -> Trajectory:
    """The same masks, as someone records them who knows no more."""
    return trajectory_of(
        [Snapshot(s.number, tuple(BlockState(b.name, b.mask) for b in s.blocks), s.update, s.epoch) for s in trajectory]
    )


def attached(
    shape: tuple[int, int],
    n_links: int,
    exponents: tuple[float, float],
    *,
    n_updates: int = 30,
    zeta: float = 0.3,
    seed: int = 0,
) -> Trajectory:
    """Links that move by a known kernel: a share zeta goes at random, as many come by weight without replacement.

    An absent link (i, j) has weight k_i^a k_j^b (0^0 is 1), the degrees being those after the removal.  The first
    updates, in which the degrees leave their uniform start, are not kept.
    """
    rng = np.random.default_rng(seed)
    present = np.zeros(shape[0] * shape[1], np.bool_)
    present[rng.choice(present.size, n_links, replace=False)] = True
    made = []
    for update in range(-5, n_updates + 1):
        removed = np.sort(rng.choice(np.flatnonzero(present), int(zeta * n_links), replace=False))
        present[removed] = False
        matrix = present.reshape(shape)
        weights = [
            k.astype(float) ** a for k, a in zip((matrix.sum(axis=1), matrix.sum(axis=0)), exponents, strict=True)
        ]
        with np.errstate(divide="ignore"):
            times = rng.exponential(size=present.size) / np.outer(*weights).ravel()
        times[present] = np.inf
        regrown = np.sort(np.argpartition(times, removed.size)[: removed.size])
        present[regrown] = True
        if update >= 0:
            events = LinkEvents(removed, removed[:0], regrown) if update else None
            mask = Mask(shape, np.flatnonzero(present))
            made.append(Snapshot(update, (BlockState("a", mask, events=events),), update, update))
    return trajectory_of(made)
