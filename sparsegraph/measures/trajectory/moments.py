"""When the snapshots of a trajectory were taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.result import Result


class Moment(NamedTuple):
    """When one snapshot was taken."""

    number: int
    update: int | None
    epoch: int | None


@dataclass(frozen=True)
class Moments(Result):
    """Where snapshots stand in their run, one entry a snapshot.

    Parameters
    ----------
    numbers : tuple of int
        As the run counts its snapshots.
    updates, epochs : tuple of int or None
        Topology updates and epochs done by then; None where the run does not say.
    """

    numbers: tuple[int, ...]
    updates: tuple[int | None, ...]
    epochs: tuple[int | None, ...]

    @property
    def unit(self) -> str:
        """What :attr:`times` count: "update" where every snapshot says how many were done, else "number"."""
        return "number" if any(update is None for update in self.updates) else "update"

    @property
    def times(self) -> tuple[int, ...]:
        """Updates done by each snapshot, or the numbers of the snapshots where the run does not count updates."""
        known = tuple(update for update in self.updates if update is not None)
        return known if self.unit == "update" else self.numbers

    @property
    def is_every_update(self) -> bool:
        """Whether there is a snapshot of every update from the first to the last."""
        return self.unit == "update" and self.times == tuple(range(self.times[0], self.times[0] + len(self.times)))


def moment_of(snapshot: Snapshot) -> Moment:
    """When a snapshot was taken; unlike the snapshot itself it holds no links."""
    return Moment(snapshot.number, snapshot.update, snapshot.epoch)


def moments_of(taken: Iterable[Moment]) -> Moments:
    """Several of them together."""
    numbers, updates, epochs = zip(*taken, strict=True) if (taken := list(taken)) else ((), (), ())
    return Moments(numbers, updates, epochs)
