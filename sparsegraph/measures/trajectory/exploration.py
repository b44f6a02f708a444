"""Exploration: how much of all possible links a training run ever tried, and how much of it in earnest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.kernels.link_ages import carried
from sparsegraph.measures.trajectory.catalogue import register
from sparsegraph.measures.trajectory.moments import Moment, Moments, moment_of, moments_of
from sparsegraph.measures.trajectory.steps import Step, basis_of, walk
from sparsegraph.result import Result, Undefined


@dataclass(frozen=True)
class Explored(Result):
    """Exploration of one block, or of several together; one entry a snapshot.

    Parameters
    ----------
    n_possible : int
        Possible links.
    rate : tuple of float
        ITOP rate R_s: share of the possible links that were there at any time so far.
    gain : tuple of float
        Share of the possible links that were tried for the first time since the snapshot before.
    random : tuple of float
        Expected rate, had every regrowth drawn the same number of links uniformly among the absent ones.
    relative : float
        Final gain over the start as a share of the random one's: (R - R_0) / (random - R_0).
    reliable : float
        Share of the possible links that were grown and then survived the asked number of updates at a stretch;
        undefined where the trajectory is too short for any to.
    masks, basis : str
        Which masks the union is of; "events" or "mask differences" for what a random regrowth is offered.
    """

    n_possible: int
    rate: tuple[float, ...]
    gain: tuple[float, ...]
    random: tuple[float, ...]
    relative: float | Undefined
    reliable: float | Undefined
    masks: str
    basis: str


@dataclass(frozen=True)
class BlockExplored(Explored):
    """Exploration of one block."""

    block: str


@dataclass(frozen=True)
class Exploration(Result):
    """Exploration of all possible links.

    Parameters
    ----------
    at : Moments
        Of all snapshots.
    pooled : Explored
        Over all blocks that ever change; undefined if none does.
    per_block : tuple of BlockExplored
        Empty if there are too many possible links.
    unchanged : tuple of str
        Blocks without any change, such as a dense readout; left out of ``pooled``.
    reliable_after : int
        Updates after the one that grew it which a link must survive to count as reliably explored.
    unit : str
        What these updates are.
    """

    at: Moments
    pooled: Explored | Undefined
    per_block: tuple[BlockExplored, ...] | Undefined
    unchanged: tuple[str, ...]
    reliable_after: int
    unit: str


@register("exploration", main=("pooled.rate",), over_time=("*.rate", "*.gain", "*.random"), every_update=True)
def exploration(trajectory: Trajectory, *, reliable_after: int = 5, largest: int = 2_000_000_000) -> Exploration:
    """Share of the possible links ever tried (ITOP rate), against a uniformly random regrowth.

    ``R_s(t) = |union of the masks up to t| / possible links``; for uniform regrowth
    ``E[1 - R_s(t)] = (1 - R_s(0)) product over updates u <= t of (1 - g_u / A_u)`` with g_u links regrown among A_u
    absent ones.

    Parameters
    ----------
    trajectory : Trajectory
        Such as ``open_run(path).topology``.  Where a snapshot holds the mask of all links that ever were, it is used.
    reliable_after : int
        At least 1.
    largest : int
        Up to this many possible links in all blocks; one byte is kept for each.

    Returns
    -------
    Exploration

    Raises
    ------
    DataError
        If ``reliable_after`` or ``largest`` is below 1.
    GraphError
        If the snapshots are not of one network.

    Notes
    -----
    O(snapshots x links + possible links).  From snapshots that leave updates out the rate is a lower bound, and the
    random one, which sees fewer updates too, is one of the same kind.

    The random rate needs no assumption about the removal: a link that was never tried is absent at every update, and a
    uniform draw of g among A absent links takes it with probability g / A.  With a constant share zeta removed
    at density d this is ``1 - (1 - d) (1 - zeta d / (1 - d + zeta d))^t``, since what was just removed is on offer too;
    where it is not, ``zeta d / (1 - d)``.

    A link grown by one update and removed by the next survived none.  How many it must survive to be reliably explored
    is not settled in the literature; links grown in the last updates cannot have survived so many yet.

    References
    ----------
    S. Liu, L. Yin, D. C. Mocanu, M. Pechenizkiy, Do we actually need dense over-parameterization? In-time
    over-parameterization in sparse training, ICML 2021, equation 3 (R_s) and section 3 (reliable exploration).

    Examples
    --------
    >>> from sparsegraph.graph.mask import Mask
    >>> from sparsegraph.graph.trajectory import Snapshot
    >>> masks = [Mask((2, 4), np.array(links)) for links in ([0, 1, 2, 4], [0, 1, 3, 5], [0, 2, 3, 4])]
    >>> run = Trajectory((0, 1, 2), lambda i: Snapshot(i, (BlockState("a", masks[i]),), update=i))
    >>> result = exploration(run, reliable_after=1).pooled
    >>> result.rate, result.random, result.reliable
    ((0.5, 0.75, 0.75), (0.5, 0.75, 0.875), 0.125)
    """
    for name, value in (("reliable_after", reliable_after), ("largest", largest)):
        if value < 1:
            raise DataError(f"{name} is {value}; at least 1 is needed")
    times: list[Moment] = []
    tried: list[Tried] = []
    n_possible = 0
    for snapshot, steps in walk(trajectory):
        times.append(moment_of(snapshot))
        if not times[1:]:
            n_possible = sum(mask.n_possible for mask in snapshot.masks)
            tried = [Tried.begin(block) for block in snapshot.blocks] if n_possible <= largest else []
        for own, step, block in zip(tried, steps, snapshot.blocks, strict=False):
            own.advance(step, block, reliable_after)
    return _result(moments_of(times), tried, reliable_after, n_possible if n_possible > largest else None)


@dataclass
class Tried:
    """Which links of a block were ever there, which lived long enough, and the births of those present.

    Parameters
    ----------
    block : str
    is_tried, is_reliable : ndarray of bool, shape (possible links,)
    positions, born : ndarray
        Present links and the step at which each was born.
    n_tried : list of int
        At each snapshot.
    untried : list of float
        Expected share of links that a random regrowth would not have tried by each snapshot.
    n_unseen : int
        Tried links that only a cumulative mask knows of.
    """

    block: str
    is_tried: np.ndarray
    is_reliable: np.ndarray
    positions: np.ndarray
    born: np.ndarray
    n_tried: list[int]
    untried: list[float]
    n_cumulative: int = 0
    n_unseen: int = 0
    n_changes: int = 0
    n_with_events: int = 0

    @classmethod
    def begin(cls, block: BlockState) -> Tried:
        """The links of the first snapshot."""
        mask = block.mask
        is_tried, is_reliable = np.zeros(mask.n_possible, np.bool_), np.zeros(mask.n_possible, np.bool_)
        is_tried[mask.positions] = True
        made = cls(block.name, is_tried, is_reliable, mask.positions, np.zeros(mask.n_links, np.int32), [], [])
        made.n_tried.append(mask.n_links + made._enter_cumulative(block))
        made.untried.append(1.0 - mask.density)
        return made

    def advance(self, step: Step, block: BlockState, reliable_after: int) -> None:
        """Enter what was grown, and judge what died."""
        now = len(self.n_tried)
        n_new = int((~self.is_tried[step.come]).sum())
        self.is_tried[step.come] = True
        self.positions, self.born, died = carried(self.positions, self.born, step.gone, step.come, now)
        survived = now - died - 1  # the update that removed it is none of them
        self.is_reliable[step.gone[(died > 0) & (survived >= reliable_after)]] = True
        self.n_tried.append(self.n_tried[-1] + n_new + self._enter_cumulative(block))
        share = step.regrown.size / step.n_offered if step.n_offered else 0.0
        self.untried.append(self.untried[-1] * (1.0 - share))
        self.n_changes += step.has_changes
        self.n_with_events += step.has_changes and step.has_events

    def n_reliable(self, reliable_after: int) -> int:
        """Links that were grown and survived long enough, those alive at the end among them."""
        alive = self.positions[(self.born > 0) & (len(self.n_tried) - 1 - self.born >= reliable_after)]
        return int(self.is_reliable.sum() + (~self.is_reliable[alive]).sum())

    def _enter_cumulative(self, block: BlockState) -> int:
        if block.cumulative is None:
            return 0
        unseen = block.cumulative.positions[~self.is_tried[block.cumulative.positions]]
        self.is_tried[unseen] = True
        self.n_cumulative += 1
        self.n_unseen += unseen.size
        return int(unseen.size)


def _result(at: Moments, tried: list[Tried], reliable_after: int, too_many: int | None) -> Exploration:
    none = Undefined("no link was ever lost or regrown")
    blocks: tuple[BlockExplored, ...] | Undefined
    blocks = tuple(BlockExplored(**_explored([own], reliable_after), block=own.block) for own in tried)
    if too_many:
        none = blocks = Undefined(f"{too_many} possible links are more than largest allows")
    moving = [own for own in tried if own.n_changes]
    return Exploration(
        at=at,
        pooled=Explored(**_explored(moving, reliable_after)) if moving else none,
        per_block=blocks,
        unchanged=tuple(own.block for own in tried if not own.n_changes),
        reliable_after=reliable_after,
        unit="updates" if at.numbers and at.is_every_update else "steps between snapshots",
    )


def _explored(blocks: list[Tried], reliable_after: int) -> dict[str, Any]:
    """The fields of :class:`Explored` for some blocks together."""
    possible = np.array([own.is_tried.size for own in blocks])
    n_possible = int(possible.sum())
    rate = np.array([own.n_tried for own in blocks]).sum(axis=0) / n_possible
    random = 1.0 - possible @ np.array([own.untried for own in blocks]) / n_possible
    n_cumulative = max(own.n_cumulative for own in blocks)
    return {
        "n_possible": n_possible,
        "rate": tuple(rate.tolist()),
        "gain": tuple(np.diff(rate).tolist()),
        "random": tuple(random.tolist()),
        "relative": _relative(rate, random, sum(own.n_unseen for own in blocks)),
        "reliable": _reliable(blocks, reliable_after, n_possible),
        "masks": f"all snapshots, and the cumulative masks of {n_cumulative}" if n_cumulative else "all snapshots",
        "basis": basis_of(sum(own.n_changes for own in blocks), sum(own.n_with_events for own in blocks)),
    }


def _reliable(blocks: list[Tried], reliable_after: int, n_possible: int) -> float | Undefined:
    n_steps = len(blocks[0].n_tried) - 1
    if n_steps <= reliable_after:  # a link of the first step has seen one less
        return Undefined(f"no grown link can survive {reliable_after} updates in a run of {n_steps}")
    return sum(own.n_reliable(reliable_after) for own in blocks) / n_possible


def _relative(rate: np.ndarray, random: np.ndarray, n_unseen: int) -> float | Undefined:
    if n_unseen:
        return Undefined("the rate knows links from cumulative masks, the random one from snapshots only")
    if random[-1] - rate[0] <= 0.0:
        return Undefined("nothing was left to explore, or no link was regrown")
    return float((rate[-1] - rate[0]) / (random[-1] - rate[0]))
