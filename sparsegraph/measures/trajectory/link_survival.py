"""Link survival: how long links live, and whether the young ones die first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.kernels.link_ages import carried
from sparsegraph.measures.trajectory.catalogue import register
from sparsegraph.measures.trajectory.moments import Moment, Moments, moment_of, moments_of
from sparsegraph.measures.trajectory.steps import Step, basis_of, walk
from sparsegraph.result import Result, Undefined

AtOnce = Literal["survives", "dies"]


@dataclass(frozen=True)
class Survival(Result):
    """Survival of one kind of links by Kaplan and Meier.

    Parameters
    ----------
    n_links, n_deaths : int
        Links of this kind that ever were (one that is grown twice counts twice), and those that died; the others were
        alive at the end or are too young.
    ages : tuple of int
        Ages, in updates, at which any died.
    surviving : tuple of float
        Share of links that live longer than each of these ages.
    longest : int
        Largest age that any of them was watched to, dead or alive; undefined median lives are longer than that.
    median : int
        Smallest age beyond which at most half survive.
    """

    n_links: int
    n_deaths: int
    longest: int
    ages: tuple[int, ...]
    surviving: tuple[float, ...]
    median: int | Undefined


@dataclass(frozen=True)
class LinkLives(Result):
    """Lives of the links of one block, or of several.

    Parameters
    ----------
    start, grown : Survival
        Links of the first snapshot, and links grown later.
    mean_age, median_age : float
        Of the links at the end, in updates; links of the first snapshot count from there.
    start_share : float
        Share of the links at the end that were there at the start and all the time since.
    young_hazard, old_hazard : float
        Share of links that die in an update, of those grown in the update before and of all older ones, over all
        updates.
    hazard_ratio : float
        Young to old within the same updates (Mantel and Haenszel), so that a schedule of the number of links removed
        does not matter; above 1 the newcomers die first.
    basis : str
        "events" or "mask differences".
    """

    start: Survival
    grown: Survival
    mean_age: float | Undefined
    median_age: float | Undefined
    start_share: float | Undefined
    young_hazard: float | Undefined
    old_hazard: float | Undefined
    hazard_ratio: float | Undefined
    basis: str


@dataclass(frozen=True)
class BlockLinkLives(LinkLives):
    """Lives of the links of one block."""

    block: str


@dataclass(frozen=True)
class LinkSurvival(Result):
    """Lives of all links.

    Parameters
    ----------
    at : Moments
        Of all snapshots.
    pooled : LinkLives
        Over all blocks that ever change; undefined if none does.
    per_block : tuple of BlockLinkLives
    unchanged : tuple of str
        Blocks without any change; left out of ``pooled``.
    at_once, unit : str
        Conventions: what becomes of a link that is removed and regrown in one update, and what an age counts.
    """

    at: Moments
    pooled: LinkLives | Undefined
    per_block: tuple[BlockLinkLives, ...]
    unchanged: tuple[str, ...]
    at_once: str
    unit: str


@register("link_survival", main=("pooled.mean_age", "pooled.start_share", "pooled.hazard_ratio"), every_update=True)
def link_survival(trajectory: Trajectory, *, at_once: AtOnce = "survives") -> LinkSurvival:
    """Ages and survival curves of links, and the hazard of newborn links against that of old ones.

    ``S(a) = product over ages x <= a of (1 - deaths at x / links that reached x)``, links that are alive at the end
    being censored at the age they have then.

    Parameters
    ----------
    trajectory : Trajectory
        Such as ``open_run(path).topology``, which has every update.
    at_once : {"survives", "dies"}
        Whether a link that is removed and regrown in the same update lives on or is another link afterwards.

    Returns
    -------
    LinkSurvival

    Raises
    ------
    DataError
        If ``at_once`` is none of these.
    GraphError
        If the snapshots are not of one network.

    Notes
    -----
    O(snapshots x links).  Ages count steps between snapshots, which are updates where there is a snapshot of each.
    ``young_hazard`` and the curves mix updates that remove many links with those that remove few; the hazard ratio
    does not.  Links of the first snapshot count as old.  As an update removes a given number of links, lives are not
    independent, and no standard errors are given.

    References
    ----------
    E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, Journal of the American Statistical
    Association 53 (1958) 457.
    N. Mantel, W. Haenszel, Statistical aspects of the analysis of data from retrospective studies of disease, Journal
    of the National Cancer Institute 22 (1959) 719.

    Examples
    --------
    >>> from sparsegraph.graph.line import BlockState
    >>> from sparsegraph.graph.mask import Mask
    >>> from sparsegraph.graph.trajectory import Snapshot
    >>> masks = [Mask((2, 3), np.array(links)) for links in ([0, 1, 2, 4], [0, 1, 3, 5], [0, 2, 3, 4])]
    >>> run = Trajectory((0, 1, 2), lambda i: Snapshot(i, (BlockState("a", masks[i]),), update=i))
    >>> lives = link_survival(run).pooled
    >>> lives.start.ages, lives.start.surviving, lives.start.median
    ((1, 2), (0.5, 0.25), 1)
    >>> lives.grown.n_links, lives.grown.surviving, lives.mean_age
    (4, (0.5,), 0.75)
    """
    if at_once not in get_args(AtOnce):
        raise DataError(f"at_once is {at_once!r}; it is one of {', '.join(get_args(AtOnce))}")
    times: list[Moment] = []
    lives: list[Lives] = []
    for snapshot, steps in walk(trajectory):
        times.append(moment_of(snapshot))
        if not times[1:]:
            lives = [Lives(b.name, b.mask.positions, np.zeros(b.mask.n_links, np.int32)) for b in snapshot.blocks]
            continue
        for own, step in zip(lives, steps, strict=True):
            own.advance(step, len(times) - 1, at_once)
    at, now = moments_of(times), len(times) - 1
    moving = [own for own in lives if own.n_changes]
    tables = [own.table(now) for own in lives]
    pooled = _joined([table for own, table in zip(lives, tables, strict=True) if own.n_changes])
    n_changes = sum(own.n_changes for own in moving)
    told = basis_of(n_changes, sum(own.n_with_events for own in moving))
    return LinkSurvival(
        at=at,
        pooled=LinkLives(**_told(pooled), basis=told) if pooled else Undefined("no link was ever lost or regrown"),
        per_block=tuple(
            BlockLinkLives(**_told(table), basis=basis_of(own.n_changes, own.n_with_events), block=own.block)
            for own, table in zip(lives, tables, strict=True)
        ),
        unchanged=tuple(own.block for own in lives if not own.n_changes),
        at_once=f"a link removed and regrown in the same update {'lives on' if at_once == 'survives' else 'dies'}",
        unit="updates" if times and at.is_every_update else "steps between snapshots",
    )


class Table(NamedTuple):
    """Numbers of links by age in updates; those of several blocks may be joined.

    Parameters
    ----------
    start_deaths, grown_deaths : ndarray of int64
        Links of the start and grown ones that died at each age.
    start_alive, grown_alive : ndarray of int64
        Those alive at the end.
    hazards : ndarray of int64, shape (updates, 4)
        Young links and deaths among them, old links and deaths among them.
    """

    start_deaths: np.ndarray
    grown_deaths: np.ndarray
    start_alive: np.ndarray
    grown_alive: np.ndarray
    hazards: np.ndarray


@dataclass
class Lives:
    """The present links of a block with the step at which each was born, and the deaths so far."""

    block: str
    positions: np.ndarray
    born: np.ndarray
    start_deaths: list[int] = field(default_factory=lambda: [0])
    grown_deaths: list[np.ndarray] = field(default_factory=list)
    hazards: list[tuple[int, int, int, int]] = field(default_factory=list)
    n_changes: int = 0
    n_with_events: int = 0

    def advance(self, step: Step, now: int, at_once: AtOnce) -> None:
        """Bury the dead and enter the newborn."""
        lost, gained = (step.gone, step.come) if at_once == "survives" else (step.lost, step.regrown)
        newest = now - 1 if now > 1 else now  # the links of the start are not young
        n_links, n_young = self.born.size, int((self.born == newest).sum())
        self.positions, self.born, died = carried(self.positions, self.born, lost, gained, now)
        n_young_deaths = int((died == newest).sum())
        self.hazards.append((n_young, n_young_deaths, n_links - n_young, died.size - n_young_deaths))
        self.start_deaths.append(int((died == 0).sum()))
        self.grown_deaths.append(np.bincount(now - died[died > 0]))
        self.n_changes += step.has_changes
        self.n_with_events += step.has_changes and step.has_events

    def table(self, now: int) -> Table:
        """All that is known at the end."""
        grown_deaths = np.zeros(now + 1, np.int64)
        for counts in self.grown_deaths:
            grown_deaths[: counts.size] += counts
        is_start = self.born == 0
        return Table(
            np.array(self.start_deaths),
            grown_deaths,
            np.bincount(np.full(int(is_start.sum()), now), minlength=now + 1),
            np.bincount(now - self.born[~is_start], minlength=now + 1),
            np.array(self.hazards, np.int64).reshape(-1, 4),
        )


def _joined(tables: list[Table]) -> Table | None:
    if not tables:
        return None
    return Table(
        start_deaths=np.sum([table.start_deaths for table in tables], axis=0),
        grown_deaths=np.sum([table.grown_deaths for table in tables], axis=0),
        start_alive=np.sum([table.start_alive for table in tables], axis=0),
        grown_alive=np.sum([table.grown_alive for table in tables], axis=0),
        hazards=np.concatenate([table.hazards for table in tables]),
    )


def _told(table: Table) -> dict[str, Any]:
    alive = table.start_alive + table.grown_alive
    n_alive = int(alive.sum())
    none = Undefined("no links at the end")
    young, young_deaths, old, old_deaths = table.hazards.T
    both = np.maximum(young + old, 1)
    weighed = float((old_deaths * young / both).sum())
    no_update, no_old = Undefined("no such links before any update"), Undefined("no old link died beside a young one")
    ages = np.arange(alive.size)
    return {
        "start": _survival(table.start_deaths, table.start_alive),
        "grown": _survival(table.grown_deaths, table.grown_alive),
        "mean_age": float(ages @ alive) / n_alive if n_alive else none,
        "median_age": float(np.median(np.repeat(ages, alive))) if n_alive else none,
        "start_share": int(table.start_alive.sum()) / n_alive if n_alive else none,
        "young_hazard": int(young_deaths.sum()) / int(young.sum()) if young.sum() else no_update,
        "old_hazard": int(old_deaths.sum()) / int(old.sum()) if old.sum() else no_update,
        "hazard_ratio": float((young_deaths * old / both).sum()) / weighed if weighed else no_old,
    }


def _survival(deaths: np.ndarray, alive: np.ndarray) -> Survival:
    """Kaplan and Meier from deaths and censorings by age; who is censored at an age was at risk at it."""
    n_links = int(deaths.sum() + alive.sum())
    reached = n_links - np.concatenate([[0], np.cumsum(deaths + alive)[:-1]])
    ages, watched = np.flatnonzero(deaths), np.flatnonzero(deaths + alive)
    longest = int(watched[-1]) if n_links else 0
    surviving = np.cumprod(1.0 - deaths[ages] / reached[ages])
    half = ages[surviving <= 0.5 + 1e-12]
    if half.size:
        median: int | Undefined = int(half[0])
    elif n_links:
        median = Undefined("more than half survive as long as they were watched")
    else:
        median = Undefined("there are no such links")
    return Survival(n_links, int(deaths.sum()), longest, tuple(ages.tolist()), tuple(surviving.tolist()), median)
