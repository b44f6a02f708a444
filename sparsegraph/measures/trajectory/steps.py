"""From one snapshot to the next: what happened to the links of each block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sparsegraph.errors import GraphError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.kernels.sorted_sets import difference, n_common, union

NO_LINKS = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Step:
    """What happened to one block between two snapshots, as flat positions.

    Parameters
    ----------
    before, after : Mask
    removed, percolated, regrown : ndarray of int64
        Increasing.
    has_events : bool
        Whether the lists are events.  If not they are differences of the masks: the links that are gone are
        ``removed``, those that are new ``regrown``, and a link that was removed and regrown at once is in neither.
    """

    before: Mask
    after: Mask
    removed: np.ndarray
    percolated: np.ndarray
    regrown: np.ndarray
    has_events: bool

    @cached_property
    def lost(self) -> np.ndarray:
        """Removed or percolated, increasing."""
        return self.removed if self.percolated.size == 0 else union(self.removed, self.percolated)

    @cached_property
    def n_overlap(self) -> int:
        """Links that were lost and regrown at once."""
        return int(n_common(self.lost, self.regrown))

    @property
    def tells_more(self) -> bool:
        """Whether the lists say more than the two masks do."""
        return self.percolated.size > 0 or self.n_overlap > 0

    @property
    def has_changes(self) -> bool:
        """Whether any link was lost or regrown."""
        return self.lost.size + self.regrown.size > 0

    @cached_property
    def kept(self) -> np.ndarray:
        """Links between loss and regrowth: what the regrowth saw, were all the losses known."""
        return difference(self.before.positions, self.lost)

    @cached_property
    def gone(self) -> np.ndarray:
        """Links before that are none after."""
        return difference(self.lost, self.regrown) if self.n_overlap else self.lost

    @cached_property
    def come(self) -> np.ndarray:
        """Links after that were none before."""
        return difference(self.regrown, self.lost) if self.n_overlap else self.regrown

    @property
    def n_offered(self) -> int:
        """Absent links that could become one of the regrown ones.

        All that are absent after the losses; where only the masks are known, all that were absent before.
        """
        n_present = self.before.n_links - (self.lost.size if self.has_events else 0)
        return self.before.n_possible - n_present


def walk(trajectory: Trajectory) -> Iterator[tuple[Snapshot, tuple[Step, ...]]]:
    """Each snapshot, read once, with the steps that led to it: one a block, none for the first snapshot.

    Events count as such when they lead from one mask to the next (they do not where updates in between were left out)
    and from the first update on in which they say more than the masks in some block: those that
    :func:`sparsegraph.record` finds in a foreign loop are differences of masks under another name and never do.

    Raises
    ------
    GraphError
        If the snapshots are not of one network.
    """
    before: Snapshot | None = None
    tell_more = False
    for snapshot in trajectory:
        if before is None:
            yield snapshot, ()
        else:
            _check(before, snapshot)
            steps = tuple(map(_step, before.blocks, snapshot.blocks))
            tell_more = tell_more or any(step.tells_more for step in steps)
            yield snapshot, steps if tell_more else tuple(replace(step, has_events=False) for step in steps)
        before = snapshot


def basis_of(n_changes: int, n_with_events: int) -> str:
    """Where losses and gains come from, given the number of steps with changes and of those of them with events."""
    if n_changes == 0:
        return "no changes"
    if n_with_events == 0:
        return "mask differences"
    n_bare = n_changes - n_with_events
    return "events" if n_bare == 0 else f"events; mask differences at {n_bare} of {n_changes} updates"


def _check(before: Snapshot, after: Snapshot) -> None:
    left, right = ([(block.name, block.mask.shape) for block in snapshot.blocks] for snapshot in (before, after))
    if left != right:
        raise GraphError(
            f"snapshots {before.number} and {after.number} are of different networks: blocks {left} and {right}; "
            "follow the snapshots of one run"
        )


def _step(old: BlockState, new: BlockState) -> Step:
    before, after = old.mask, new.mask
    if new.events is not None:
        removed, percolated, regrown = map(_increasing, _lists(new.events))
        told = Step(before, after, removed, percolated, regrown, has_events=True)
        if _leads(told):
            return told
    gone, come = difference(before.positions, after.positions), difference(after.positions, before.positions)
    return Step(before, after, gone, NO_LINKS, come, has_events=False)


def _lists(events: LinkEvents) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return events.removed, events.percolated, events.regrown


def _increasing(positions: np.ndarray) -> np.ndarray:
    return positions if bool((np.diff(positions) > 0).all()) else np.unique(positions)


def _leads(step: Step) -> bool:
    """Whether the events make the second mask of the first; they do not where updates between were left out."""
    if step.kept.size != step.before.n_links - step.lost.size:
        return False
    if step.kept.size + step.regrown.size != step.after.n_links:
        return False
    return bool(np.array_equal(union(step.kept, step.regrown), step.after.positions))
