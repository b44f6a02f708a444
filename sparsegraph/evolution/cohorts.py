"""Runs alike but for their seed: what figures, findings and tables average over."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

from sparsegraph.evolution.learning import epochs_done
from sparsegraph.evolution.method import Method, method_of
from sparsegraph.io.runs.run import Run, open_run
from sparsegraph.papers.methods import label_of
from sparsegraph.papers.titles import QUICK, SPARSITY, epochs_of, family_of, without_family

_OF_ITS_OWN = ("data", "epochs")
"""What was asked for, and is told beside the changes."""
_ON_GIVEN = ("sst", "from-checkpoint")
"""Profiles that always train on the topology of another run."""


@dataclass(frozen=True)
class Member:
    """A run and what its configuration and history tell of it.

    Parameters
    ----------
    run : Run
    profile : str
        Profile or recipe without ``-quick``; the folder's name for a run of somebody's own loop.
    data : str or None
    seed : int or None
    changes : mapping
        What was asked to differ from the profile, but for data, epochs and seed.
    epochs : int
        That it has done.
    asked : int
        That it was to do.
    """

    run: Run
    profile: str
    data: str | None
    seed: int | None
    changes: Mapping[str, Any]
    epochs: int
    asked: int

    @property
    def family(self) -> str | None:
        """The paper's family of profiles, such as "survival"."""
        return family_of(self.profile)


@dataclass(frozen=True)
class Cohort:
    """Runs alike but for their seed.

    Parameters
    ----------
    members : tuple of Member
        By seed; all have done as many epochs.
    """

    members: tuple[Member, ...]

    @property
    def _first(self) -> Member:
        return self.members[0]

    @property
    def profile(self) -> str:
        """Profile without ``-quick``."""
        return self._first.profile

    @property
    def family(self) -> str | None:
        """The paper's family of profiles, such as "survival"."""
        return self._first.family

    @property
    def method(self) -> str:
        """The profile without its family, such as "ch3l3"."""
        return without_family(self.profile)

    @property
    def data(self) -> str | None:
        """Name of the data set."""
        return self._first.data

    @property
    def changes(self) -> Mapping[str, Any]:
        """What was asked to differ from the profile."""
        return self._first.changes

    @property
    def epochs(self) -> int:
        """That each of the runs has done."""
        return self._first.epochs

    @property
    def kind(self) -> str:
        """All that makes runs comparable but for their length: profile, data and changes."""
        return _kind(self._first)

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """Of the runs."""
        return tuple(member.seed for member in self.members)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs themselves, by seed."""
        return tuple(member.run for member in self.members)

    @property
    def planned(self) -> int | None:
        """How long the paper trains, as :func:`sparsegraph.papers.titles.epochs_of` knows it."""
        return epochs_of(self.profile)

    @property
    def is_full(self) -> bool:
        """Whether the runs are at least as long as the paper's."""
        return self.planned is not None and self.epochs >= self.planned

    @property
    def scale(self) -> str:
        """How long the runs are in words: "full: 100 epochs", "quick: 10 of 100 epochs", "20 epochs"."""
        if self.planned is None:
            return f"{self.epochs} epochs"
        return f"full: {self.epochs} epochs" if self.is_full else f"quick: {self.epochs} of {self.planned} epochs"

    @property
    def label(self) -> str:
        """Method and changes as figures print them, without data."""
        return ", ".join([label_of(self.method), *(f"{name} {_told(value)}" for name, value in self.changes.items())])


@dataclass(frozen=True)
class Cohorts:
    """The cohorts among some runs; those of one kind differ in their length.

    Parameters
    ----------
    cohorts : tuple of Cohort
        In the order of their first runs.
    left_out : tuple of (str, str)
        Paths of runs that are in none, and why.
    """

    cohorts: tuple[Cohort, ...]
    left_out: tuple[tuple[str, str], ...] = field(default=())

    def select(self, profiles: Sequence[str], *, data: str | None = None) -> tuple[Cohort, ...]:
        """The cohorts of these profiles, without changes, in the order of the profiles; of one data set or of any."""
        return tuple(
            cohort
            for profile in profiles
            for cohort in self.cohorts
            if cohort.profile == profile and not cohort.changes and data in (None, cohort.data)
        )

    def varied(self, profile: str, *names: str, data: str | None = None) -> tuple[Cohort, ...]:
        """The cohorts of a profile that differ from it in exactly these options."""
        return tuple(
            cohort
            for cohort in self.cohorts
            if cohort.profile == profile and set(cohort.changes) == set(names) and data in (None, cohort.data)
        )

    def changed(self, profiles: Sequence[str], changes: Mapping[str, Any]) -> tuple[Cohort, ...]:
        """The cohorts of these profiles that differ from them in exactly these options and values."""
        found = (cohort for profile in profiles for cohort in self.varied(profile, *changes))
        return tuple(cohort for cohort in found if dict(cohort.changes) == dict(changes))

    def alike(self, compared: Callable[[Cohort], bool] = lambda cohort: False) -> Cohorts:
        """One length for each kind: that of most kinds that are compared on its data; of several the longest.

        Neither accuracies nor areas of nets that trained unequally long may stand side by side.

        Parameters
        ----------
        compared : callable
            Whether a cohort is among those compared; without it every kind has its longest runs.
        """
        found = {(cohort.kind, cohort.data, cohort.epochs) for cohort in self.cohorts if compared(cohort)}
        n_kinds = Counter((data, epochs) for _, data, epochs in found)
        chosen: dict[str, Cohort] = {}
        for cohort in sorted(self.cohorts, key=lambda one: (n_kinds[one.data, one.epochs], one.epochs)):
            chosen[cohort.kind] = cohort
        return replace(self, cohorts=tuple(cohort for cohort in self.cohorts if chosen[cohort.kind] is cohort))

    def without(self, paths: Collection[Path], why: str) -> Cohorts:
        """These cohorts without some runs, which are named among those left out; one that loses all its runs is gone.

        Parameters
        ----------
        paths : collection of Path
        why : str
            In words: "without topology snapshots".
        """
        kept = [tuple(member for member in one.members if member.run.path not in paths) for one in self.cohorts]
        pairs = zip(self.cohorts, kept, strict=True)
        rest = (one if len(some) == len(one.members) else Cohort(some) for one, some in pairs if some)
        gone = [str(member.run.path) for one in self.cohorts for member in one.members if member.run.path in paths]
        return Cohorts(tuple(rest), (*self.left_out, *((path, why) for path in gone)))

    @property
    def left_out_words(self) -> str:
        """How many are in none, by the reason: "2 (not finished: 60 of 300 epochs)"; empty where all are in one."""
        return "; ".join(f"{n} ({why})" for why, n in Counter(why for _, why in self.left_out).items())

    @property
    def data(self) -> tuple[str, ...]:
        """The data sets, each once."""
        return tuple(dict.fromkeys(cohort.data for cohort in self.cohorts if cohort.data is not None))


def cohorts_of(runs: Iterable[Run | str | PathLike[str]]) -> Cohorts:
    """The finished runs by what they have in common but for the seed.

    A run that was stopped is not one of fewer epochs: its learning rate and its updates were planned for more.  Of two
    runs of one kind, length and seed the first counts; what does not count is named among those left out.  A sparsity
    that is the paper's own makes no other method.

    Parameters
    ----------
    runs : iterable of Run or path
        Runs or folders of single runs.

    Raises
    ------
    LoadError
        If a run cannot be opened.
    """
    groups: dict[tuple[str, int], list[Member]] = {}
    left_out: list[tuple[str, str]] = []
    for given in runs:
        member = as_the_profile(member_of(given if isinstance(given, Run) else open_run(given)))
        if reason := why_unfinished(member):
            left_out.append((str(member.run.path), reason))
        else:
            groups.setdefault((_kind(member), member.epochs), []).append(member)
    cohorts = [_cohort(members, left_out) for members in groups.values()]
    return Cohorts(tuple(cohorts), tuple(left_out))


def _cohort(members: Sequence[Member], left_out: list[tuple[str, str]]) -> Cohort:
    """One run a seed; the others are entered among those left out."""
    kept: dict[Any, Member] = {}
    for member in members:
        if member.seed is not None and member.seed in kept:
            left_out.append((str(member.run.path), f"seed {member.seed} is there already"))
        else:
            kept[member.run.path if member.seed is None else member.seed] = member
    return Cohort(tuple(sorted(kept.values(), key=lambda one: (one.seed is None, one.seed or 0))))


def why_unfinished(member: Member) -> str:
    """What a run lacks of what it was to do, in words; empty for one that is finished."""
    if member.epochs and member.epochs >= member.asked:
        return ""
    if not member.epochs:
        return "not an epoch is done"
    return f"not finished: {member.epochs} of {member.asked} epochs"


def as_the_profile(member: Member) -> Member:
    """Without a sparsity that is the profile's own: such a run is one of the profile itself."""
    if "sparsity" not in member.changes or member.changes["sparsity"] != SPARSITY.get(member.family or ""):
        return member
    return replace(member, changes={name: value for name, value in member.changes.items() if name != "sparsity"})


def member_of(run: Run) -> Member:
    """What is known of a run."""
    config = run.config
    method = method_of(config)
    profile = (method.profile or Path(run.path).name).removesuffix(QUICK)
    told = config.get("data")
    data = told.get("name") if isinstance(told, Mapping) else told if isinstance(told, str) else None
    resolved = config.get("profile")
    done = _epochs_done(run)
    planned = resolved.get("epochs", done) if isinstance(resolved, Mapping) else done
    return Member(
        run=run,
        profile=profile,
        data=data,
        seed=method.seed,
        changes=_changes(method, profile),
        epochs=done,
        asked=planned if isinstance(planned, int) else done,
    )


def _changes(method: Method, profile: str) -> dict[str, Any]:
    """What was asked to differ; of start topologies that were given only that they were: each run has its own."""
    changes = {name: plain_value(value) for name, value in method.changes.items() if name not in _OF_ITS_OWN}
    return changes | ({"topology": "given"} if method.topology and not profile.endswith(_ON_GIVEN) else {})


def plain_value(value: Any) -> Any:
    """A value of an option as one of its equals: 1.0 and 1 are the same setting.

    Examples
    --------
    >>> plain_value(1.0), plain_value(0.25), plain_value(True), plain_value("er")
    (1, 0.25, True, 'er')
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _epochs_done(run: Run) -> int:
    records = run.history
    numbers = [record.get("epoch") for record in records]
    told = [number for number in numbers if isinstance(number, int)]
    return epochs_done(told) if told and len(told) == len(numbers) else len(records)


def _kind(member: Member) -> str:
    """All that runs of one cohort have in common, their length apart."""
    return json.dumps([member.profile, member.data, dict(sorted(member.changes.items()))], default=str)


def options_in_words(changes: Mapping[str, Any]) -> str:
    """Options as sweeps and names of runs have them, by name.

    Examples
    --------
    >>> options_in_words({"sparsity": 0.95, "hidden": "100x3"})
    'hidden=100x3, sparsity=0.95'
    """
    return ", ".join(f"{name}={value}" for name, value in sorted(changes.items()))


def _told(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
