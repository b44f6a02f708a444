"""Which runs speak to a claim: those of its arms, data set by data set, paired by seed and alike in length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from sparsegraph.evolution.cohorts import Cohort, Member, as_the_profile, member_of, plain_value, why_unfinished
from sparsegraph.findings.arms import Arm
from sparsegraph.io.runs.run import Run, open_run

ENOUGH_SEEDS = 3


@dataclass(frozen=True)
class Matched:
    """The runs of all arms on one data set.

    Parameters
    ----------
    data : str
    seeds : tuple of int
        That every arm has.
    members : tuple of tuple of Member
        A row a seed, a column an arm.
    """

    data: str
    seeds: tuple[int, ...]
    members: tuple[tuple[Member, ...], ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        """Epochs of the runs, each once, rising."""
        return tuple(sorted({member.epochs for row in self.members for member in row}))

    @property
    def scales(self) -> tuple[str, ...]:
        """How long the runs are, in words."""
        return tuple(dict.fromkeys(Cohort((member,)).scale for row in self.members for member in row))

    @property
    def is_full(self) -> bool:
        """Whether all runs are as long as the paper's."""
        return all(Cohort((member,)).is_full for row in self.members for member in row)


@dataclass(frozen=True)
class Evidence:
    """Finished runs.

    Parameters
    ----------
    members : tuple of Member
    left_out : tuple of (str, str)
        Paths of runs that say nothing, and why.
    """

    members: tuple[Member, ...]
    left_out: tuple[tuple[str, str], ...] = field(default=())

    def matched(self, arms: Sequence[Arm], data: Sequence[str] = ()) -> tuple[Matched, ...]:
        """The runs of these arms, on those of the data sets on which all arms have a seed in common.

        Where methods have runs of several lengths, those are taken that all arms have with at least three seeds, the
        longest of these; without such, the longest that all arms have; without such, the longest of each.

        Parameters
        ----------
        arms : sequence of Arm
        data : sequence of str
            Only these; by default all.
        """
        return self._matched(arms, data, _most_seeds)

    def on_each(self, data: Sequence[str] = ()) -> tuple[Evidence, ...]:
        """The runs of each data set by themselves, of these data sets or of all."""
        names = dict.fromkeys(member.data for member in self.members if member.data is not None)
        wanted = [name for name in names if not data or name in data]
        return tuple(Evidence(tuple(one for one in self.members if one.data == name)) for name in wanted)

    def longest(self, arms: Sequence[Arm], data: Sequence[str] = ()) -> tuple[Matched, ...]:
        """The same, but of the longest runs that all arms have, however few."""
        return self._matched(arms, data, _longest)

    def _matched(
        self, arms: Sequence[Arm], data: Sequence[str], prefer: Callable[[_Shared], tuple[int, ...]]
    ) -> tuple[Matched, ...]:
        names = dict.fromkeys(member.data for member in self.members if member.data is not None)
        found = (self._on(arms, name, prefer) for name in names if not data or name in data)
        return tuple(one for one in found if one is not None)

    def _on(self, arms: Sequence[Arm], data: str, prefer: Callable[[_Shared], tuple[int, ...]]) -> Matched | None:
        tables = [_by_length(self.members, arm, data) for arm in arms]
        if not arms or not all(tables):
            return None
        shared = [
            _Shared(epochs, tuple(sorted(set.intersection(*(set(table[epochs]) for table in tables)))))
            for epochs in set.intersection(*(set(table) for table in tables))
        ]
        choices = [one for one in shared if one.seeds]
        if choices:
            best = max(choices, key=prefer)
            rows = [tuple(table[best.epochs][seed] for table in tables) for seed in best.seeds]
            return Matched(data, best.seeds, tuple(rows))
        longest = [_longest_of_each(table) for table in tables]
        seeds = tuple(sorted(set.intersection(*(set(table) for table in longest))))
        return Matched(data, seeds, tuple(tuple(table[seed] for table in longest) for seed in seeds)) if seeds else None


@dataclass(frozen=True)
class _Shared:
    """A length that all arms have, and the seeds they share at it."""

    epochs: int
    seeds: tuple[int, ...]


def _most_seeds(shared: _Shared) -> tuple[int, ...]:
    return (min(len(shared.seeds), ENOUGH_SEEDS) // ENOUGH_SEEDS, shared.epochs)


def _longest(shared: _Shared) -> tuple[int, ...]:
    return (shared.epochs,)


def evidence_of(runs: Iterable[Run | str | PathLike[str]]) -> Evidence:
    """The runs that are finished, each seed of a method once.

    Parameters
    ----------
    runs : iterable of Run or path
        Runs or folders of single runs.

    Raises
    ------
    LoadError
        If a run cannot be opened.
    """
    members, left_out = [], []
    known: set[Any] = set()
    for given in runs:
        member = member_of(given if isinstance(given, Run) else open_run(given))
        reason = _why_left_out(member, known)
        if reason:
            left_out.append((str(member.run.path), reason))
        else:
            known.add(_identity(member))
            members.append(member)
    return Evidence(tuple(members), tuple(left_out))


def _why_left_out(member: Member, known: set[Any]) -> str:
    if reason := why_unfinished(member):
        return reason
    if member.seed is None:
        return "no seed is known"
    return f"seed {member.seed} is there already" if _identity(member) in known else ""


def _identity(member: Member) -> tuple[Any, ...]:
    return (member.profile, member.data, _plain(changes_of(member)), member.epochs, member.seed)


def _by_length(members: Iterable[Member], arm: Arm, data: str) -> dict[int, dict[int, Member]]:
    """The runs of an arm by epochs and seed."""
    found: dict[int, dict[int, Member]] = {}
    for member in _of(members, arm, data):
        if member.seed is not None:
            found.setdefault(member.epochs, {})[member.seed] = member
    return found


def is_of(member: Member, arm: Arm) -> bool:
    """Whether a run is of an arm, on whatever data."""
    return member.profile == arm.profile and _plain(changes_of(member)) == _plain(dict(arm.changes))


def _of(members: Iterable[Member], arm: Arm, data: str) -> Iterator[Member]:
    return (member for member in members if member.data == data and is_of(member, arm))


def _longest_of_each(table: Mapping[int, Mapping[int, Member]]) -> dict[int, Member]:
    """The longest runs that have at least three seeds, else the longest."""
    epochs = max(table, key=lambda one: _most_seeds(_Shared(one, tuple(table[one]))))
    return dict(table[epochs])


def changes_of(member: Member) -> dict[str, Any]:
    """What differs from the profile."""
    return dict(as_the_profile(member).changes)


def _plain(changes: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Options as text, so that 0.25 of a file and of a claim are one."""
    return tuple(sorted((name, str(plain_value(value))) for name, value in changes.items()))
