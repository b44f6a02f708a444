"""Turnover: how many links each update moves, and whether it puts back what it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.kernels.sorted_sets import n_common
from sparsegraph.measures.trajectory.catalogue import register
from sparsegraph.measures.trajectory.moments import Moment, Moments, moment_of, moments_of
from sparsegraph.measures.trajectory.steps import Step, basis_of, walk
from sparsegraph.result import Result, Undefined

Share = float | Undefined


@dataclass(frozen=True)
class Turnover(Result):
    """What each update did to a set of links; one entry an update.

    Parameters
    ----------
    removed, percolated, regrown : tuple of float
        Links that the removal took, that percolation took after it, and that were regrown, each as a share of the
        links before.
    new : tuple of float
        Share of the links after that were none before.
    overlap : tuple of float
        Share of the regrown links that were lost (removed or percolated) in the same update: ``n(lost and regrown) /
        n(regrown)``.
    random_overlap : tuple of float
        Mean overlap of a regrowth that draws uniformly among the absent links: ``n(lost) /
        n(absent after the losses)``.
    jaccard, jaccard_first : tuple of float
        Links in both masks over links in either: with the mask before, and with the first mask of all.
    elm_update : int
        The first update whose overlap reaches the threshold, as :attr:`TurnoverSeries.updates` counts them.
    basis : str
        "events", or "mask differences": overlap is unknown then, and links that were removed and regrown at once are
        counted neither as removed nor as regrown.
    """

    removed: tuple[Share, ...]
    percolated: tuple[Share, ...]
    regrown: tuple[Share, ...]
    new: tuple[Share, ...]
    overlap: tuple[Share, ...]
    random_overlap: tuple[Share, ...]
    jaccard: tuple[Share, ...]
    jaccard_first: tuple[Share, ...]
    elm_update: int | Undefined
    basis: str


@dataclass(frozen=True)
class BlockTurnover(Turnover):
    """What each update did to one block."""

    block: str


@dataclass(frozen=True)
class TurnoverSeries(Result):
    """What each update did to the links.

    Parameters
    ----------
    at : Moments
        Of all snapshots; the entries of the series belong to those after the first.
    pooled : Turnover
        Over the links of all blocks that ever change; undefined if none does.
    per_block : tuple of BlockTurnover
    unchanged : tuple of str
        Blocks without any change, such as a dense readout; left out of ``pooled``.
    threshold : float
        Overlap from which an update is an epitopological local minimum (ELM).
    """

    at: Moments
    pooled: Turnover | Undefined
    per_block: tuple[BlockTurnover, ...]
    unchanged: tuple[str, ...]
    threshold: float


class Counts(NamedTuple):
    """Numbers of links in one update; those of several blocks may be added."""

    before: int
    after: int
    removed: int
    percolated: int
    lost: int
    regrown: int
    overlap: int
    offered: int
    common: int
    first: int
    common_first: int
    has_changes: int
    has_events: int


@register(
    "turnover",
    main=("pooled.regrown", "pooled.overlap", "pooled.jaccard"),
    over_time=("pooled.*", "per_block.*"),
    every_update=True,
)
def turnover(trajectory: Trajectory, *, threshold: float = 0.9) -> TurnoverSeries:
    """Links removed, percolated and regrown by each update, their overlap, and how far the masks move.

    ``overlap = |lost and regrown| / |regrown|``; ``jaccard = |A and B| / |A or B|`` of two masks.

    Parameters
    ----------
    trajectory : Trajectory
        Such as ``open_run(path).topology``, which has every update and its events.
    threshold : float
        From above 0 to 1; the overlap from which an update counts as ELM, 0.9 in the papers.

    Returns
    -------
    TurnoverSeries

    Raises
    ------
    DataError
        If ``threshold`` is not above 0 and at most 1.
    GraphError
        If the snapshots are not of one network.

    Notes
    -----
    O(snapshots x links).  As in the CHT papers' code, a link that percolation took counts as lost.  Where a run has no
    events, or events that are differences of masks (those of :func:`sparsegraph.record`), the overlap is undefined: the
    masks do not show what was removed and regrown at once.

    References
    ----------
    Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, appendix G (overlap, early stop at 0.9).
    P. Jaccard, The distribution of the flora in the alpine zone, New Phytologist 11 (1912) 37.

    Examples
    --------
    >>> from sparsegraph.graph.line import BlockState
    >>> from sparsegraph.graph.mask import LinkEvents
    >>> from sparsegraph.graph.trajectory import Snapshot
    >>> masks = [Mask((2, 3), np.array(links)) for links in ([0, 1, 4, 5], [0, 1, 2, 5])]
    >>> events = [None, LinkEvents(np.array([1, 4]), np.array([], int), np.array([1, 2]))]
    >>> run = Trajectory((0, 1), lambda i: Snapshot(i, (BlockState("a", masks[i], events=events[i]),), update=i))
    >>> result = turnover(run).per_block[0]
    >>> result.removed, result.overlap, result.random_overlap, result.jaccard
    ((0.5,), (0.5,), (0.5,), (0.6,))
    """
    if not 0.0 < threshold <= 1.0:
        raise DataError(f"threshold is {threshold}; an overlap from above 0 to 1 is needed")
    times: list[Moment] = []
    blocks: list[str] = []
    rows: list[list[Counts]] = []
    for snapshot, steps in walk(trajectory):
        times.append(moment_of(snapshot))
        if not times[1:]:
            first, blocks = snapshot.masks, [block.name for block in snapshot.blocks]
        else:
            rows.append(list(map(_counts, steps, first)))
    at = moments_of(times)
    counts = np.array(rows, np.int64).reshape(len(rows), len(blocks), len(Counts._fields))
    changing = counts[:, :, Counts._fields.index("has_changes")].sum(axis=0) > 0
    none = Undefined("no link was ever lost or regrown")
    return TurnoverSeries(
        at=at,
        pooled=Turnover(**_series(counts[:, changing].sum(axis=1), at, threshold)) if changing.any() else none,
        per_block=tuple(
            BlockTurnover(**_series(counts[:, i], at, threshold), block=name) for i, name in enumerate(blocks)
        ),
        unchanged=tuple(name for name, moves in zip(blocks, changing, strict=True) if not moves),
        threshold=threshold,
    )


def _counts(step: Step, first: Mask) -> Counts:
    return Counts(
        before=step.before.n_links,
        after=step.after.n_links,
        removed=step.removed.size,
        percolated=step.percolated.size,
        lost=step.lost.size,
        regrown=step.regrown.size,
        overlap=step.n_overlap,
        offered=step.n_offered,
        common=step.before.n_links - step.gone.size,
        first=first.n_links,
        common_first=int(n_common(first.positions, step.after.positions)),
        has_changes=int(step.has_changes),
        has_events=int(step.has_events and step.has_changes),
    )


def _series(counts: np.ndarray, at: Moments, threshold: float) -> dict[str, Any]:
    """The fields of a turnover from rows of counts, one an update."""
    n: dict[str, np.ndarray] = dict(zip(Counts._fields, counts.T, strict=True))
    no_links, no_growth = Undefined("no links before"), Undefined("no link was regrown")
    overlap = _shares(n["overlap"], n["regrown"], no_growth)
    random_overlap = _shares(n["lost"], n["offered"], Undefined("no absent links"))
    blind = n["has_changes"] > n["has_events"]  # a step of which some block's changes are but differences of masks
    if blind.any():
        blind |= not n["has_events"].any()  # then an unchanged mask proves nothing either
        what = "which links were removed and regrown at once"
        gaps = at.unit == "update" and not at.is_every_update
        unseen = Undefined(
            f"{'updates between the snapshots are left out' if gaps else 'without events'}: {what} cannot be seen"
        )
        overlap, random_overlap = (
            tuple(unseen if hidden else share for hidden, share in zip(blind, shares, strict=True))
            for shares in (overlap, random_overlap)
        )
    by_time = zip(at.times[1:], overlap, strict=True)
    reached = [time for time, share in by_time if not isinstance(share, Undefined) and share >= threshold]
    empty = Undefined("no links in either mask")
    return {
        **{name: _shares(n[name], n["before"], no_links) for name in ("removed", "percolated", "regrown")},
        "new": _shares(n["after"] - n["common"], n["after"], Undefined("no links after")),
        "overlap": overlap,
        "random_overlap": random_overlap,
        "jaccard": _shares(n["common"], n["before"] + n["after"] - n["common"], empty),
        "jaccard_first": _shares(n["common_first"], n["first"] + n["after"] - n["common_first"], empty),
        "elm_update": reached[0] if reached else _not_reached(overlap, threshold),
        "basis": basis_of(int((n["has_changes"] > 0).sum()), int((n["has_events"] > 0).sum())),
    }


def _shares(part: np.ndarray, whole: np.ndarray, reason: Undefined) -> tuple[Share, ...]:
    return tuple(int(a) / int(b) if b else reason for a, b in zip(part, whole, strict=True))


def _not_reached(overlap: Sequence[Share], threshold: float) -> Undefined:
    known = [share for share in overlap if not isinstance(share, Undefined)]
    if known:
        return Undefined(f"the overlap stays below {threshold:g}; its largest value is {max(known):.3g}")
    return next((share for share in overlap if isinstance(share, Undefined)), Undefined("no update"))
