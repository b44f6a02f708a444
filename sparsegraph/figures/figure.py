"""A figure or table of a paper: what it shows, what it needs, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sparsegraph.evolution.cohorts import Cohort, Member, options_in_words
from sparsegraph.figures.material import Material
from sparsegraph.io.names import listed
from sparsegraph.io.runs.numbers_file import read_numbers
from sparsegraph.io.runs.run import Run
from sparsegraph.papers.titles import PAPERS, Paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Canvas


Choice = tuple[str, Cohort]
"""A cohort, and what it is called in a drawing."""

Kept = Literal["", "topology", "weights", "any"]
"""Snapshots of a run that a figure reads."""

_KEPT = {"topology": "topology snapshots", "weights": "snapshots of weights", "any": "snapshots"}


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawing with the numbers behind it.

    Parameters
    ----------
    canvas : matplotlib Figure
    data : DataFrame
        Every number that the drawing shows, one row each.
    cohorts : tuple of Cohort
        Those that it shows.
    notes : tuple of str
        Conventions, and what is left out and why: sentences for the caption.
    extras : mapping
        Further files by ending, such as ``".gif"``, each a function that writes to a path, completely or not at all.
    """

    canvas: Canvas
    data: pd.DataFrame
    cohorts: tuple[Cohort, ...] = ()
    notes: tuple[str, ...] = ()
    extras: Mapping[str, Callable[[Path], None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Needs:
    """What a figure is drawn from.

    Parameters
    ----------
    profiles : tuple of str
        Profiles whose runs it shows; empty for a figure that needs no training.
    least : int
        So many of them at least, by runs that differ from their profile in nothing; with ``varied``, so many cohorts;
        with ``choose``, so many names.
    varied : tuple of str
        Options in which the runs must differ from their profile, such as "start".
    data : tuple of str
        Data sets whose samples it shows or reads, such as "mnist".
    what : str
        In words, where the profiles do not tell it: "with start=bsw and several beta".
    shows_first : bool
        Whether it shows the first of the profiles that is there, and no more.
    snapshots : {"", "topology", "weights", "any"}
        Which snapshots it reads of each run; none where histories suffice.  Runs without them are left out.
    numbers : tuple of str
        Numbers that stand in for snapshots where a run keeps all of them, by their names in its file of numbers.
    choose : callable, optional
        What the drawing finds in a material, named: cohorts that differ in certain values of an option, or that meet
        others on their data.  By default those of the profiles, as ``varied`` tells.
    """

    profiles: tuple[str, ...] = ()
    least: int = 1
    varied: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    what: str = ""
    shows_first: bool = False
    snapshots: Kept = ""
    numbers: tuple[str, ...] = ()
    choose: Callable[[Material], Sequence[Choice]] | None = None

    @property
    def words(self) -> str:
        """One phrase."""
        if not self.profiles:
            return f"images of {' or '.join(self.data)}" if self.data else "no runs"
        profiles = (" or " if self.shows_first else " ").join(self.profiles)
        varied = [f"of several {', '.join(self.varied)}"] if self.varied and not self.what else []
        kept = [f"with {_KEPT[self.snapshots]}"] if self.snapshots else []
        return ", ".join([f"runs of {profiles}", *varied, *([self.what] if self.what else []), *kept])

    def missing(self, material: Material) -> str | None:
        """What runs lack in words, their snapshots apart; None where enough is there."""
        as_told = bool(self.choose or self.varied)
        least = self.least if as_told else min(self.least, len(self.profiles))
        n_found = len({name for name, _ in self._found(material)})
        if n_found >= least:
            return None
        absent = self._absent(self._of_profiles(material))
        if not self.varied and len(self.profiles) - len(absent) < least:
            return f"needs {self.words}; {self._state(material, absent)}"
        return f"needs {self.words}; " + (f"{n_found} of the {least} kinds are there" if n_found else "there are none")

    def bare(self, material: Material) -> str:
        """Which runs lack the snapshots that it is drawn from, and what to do, in words."""
        bare = [member.run for member in self._bare(material)]
        names = listed([run.path.name for run in bare], 2)
        restored = ", restored from tables," if all("restored" in run.environment for run in bare) else ""
        has = "has" if len(bare) == 1 else "have"
        return f"needs {self.words}; {names}{restored} {has} none: train again, or give the runs as they were trained"

    def usable(self, material: Material) -> Material:
        """Without the runs that it would show but that lack the snapshots it is drawn from; they are left out."""
        bare = {member.run.path for member in self._bare(material)}
        if not bare:
            return material
        told = f"without {_KEPT[self.snapshots]}"
        return replace(material, cohorts=material.cohorts.without(bare, told))

    def not_shown(self, material: Material) -> str:
        """Which profiles the drawing lacks and what is there of them, in words; empty where it shows all it can."""
        there = [*self._found(material), *([] if self.varied else self._of_profiles(material))]
        kept = f" with {_KEPT[self.snapshots]}" if self.snapshots else ""
        return "" if self.shows_first else self._state(material, self._absent(there), kept)

    def compares(self, cohort: Cohort) -> bool:
        """Whether these runs are among those that the drawing lays side by side."""
        return cohort.profile in self.profiles and (not cohort.changes or self._is_shown(cohort))

    def _found(self, material: Material) -> list[Choice]:
        """What the drawing shows, named so that different things have different names."""
        return list(self.choose(material)) if self.choose else self._of_profiles(material)

    def _of_profiles(self, material: Material) -> list[Choice]:
        """The runs that the profiles and the varied options tell."""
        shown = [one for one in material.cohorts.cohorts if one.profile in self.profiles and self._is_shown(one)]
        return [(one.kind if self.varied else one.profile, one) for one in shown]

    def _is_shown(self, cohort: Cohort) -> bool:
        return set(self.varied) <= set(cohort.changes) if self.varied else not cohort.changes

    def _absent(self, found: Sequence[Choice]) -> list[str]:
        """The profiles of which nothing was found."""
        return [profile for profile in self.profiles if profile not in {cohort.profile for _, cohort in found}]

    def _state(self, material: Material, absent: Sequence[str], kept: str = "") -> str:
        """What is there of the absent profiles: none (that kept something), or only runs whose options were changed."""
        changed: dict[str, dict[str, None]] = {}
        for cohort in material.cohorts.cohorts:
            if cohort.profile in absent and cohort.changes:
                changed.setdefault(cohort.profile, {})[options_in_words(cohort.changes)] = None
        none = [profile for profile in absent if profile not in changed]
        varied = f" {self.what}" if self.varied and self.what else ""
        told = [f"there are none of {', '.join(none)}{varied}{kept}"] if none else []
        if changed:
            options = list(dict.fromkeys(option for options in changed.values() for option in options))
            told.append(f"there are runs of {', '.join(changed)}, but with changed options: {listed(options, 3, '; ')}")
        return ", and ".join(told)

    def _bare(self, material: Material) -> list[Member]:
        """Those of the runs shown that lack its snapshots."""
        members = [member for _, cohort in self._found(material) for member in cohort.members] if self.snapshots else []
        return [member for member in members if not _has(member.run, self.snapshots, self.numbers)]


def _has(run: Run, kept: Kept, numbers: tuple[str, ...]) -> bool:
    """Whether a run has any snapshot of that kind, or the numbers that stand in for it."""
    places = {"topology": (run.topology,), "weights": (run.snapshots,), "any": (run.topology, run.snapshots), "": ()}
    return any(places[kept]) or (bool(numbers) and set(numbers) <= read_numbers(run.path).keys())


@dataclass(frozen=True)
class Figure:
    """One entry of the catalogue.

    Parameters
    ----------
    id : str
        Such as "survival-7".
    paper : str
        Key of ``PAPERS``.
    place : str
        In the paper: "figure 7", "table A2".
    shows : str
        What the drawing shows, in a sentence.
    draw : callable
        ``draw(material) -> Drawn``: a kind with its parameters.
    needs : Needs
    kind : {"figure", "table", "video"}
    impossible : str
        Why it cannot be drawn here ("needs a GPU: ..."); then ``draw`` is never called.
    """

    id: str
    paper: str
    place: str
    shows: str
    draw: Callable[[Material], Drawn] | None
    needs: Needs = field(default_factory=Needs)
    kind: Literal["figure", "table", "video"] = "figure"
    impossible: str = ""

    @property
    def source(self) -> Paper:
        """The paper."""
        return PAPERS[self.paper]


def impossible(id: str, paper: str, place: str, shows: str, why: str) -> Figure:  # noqa: A002 - what the catalogue says
    """An entry for what cannot be drawn, with the reason."""
    return Figure(id, paper, place, shows, None, impossible=why)


def entries(*figures: Figure) -> Sequence[Figure]:
    """The figures of one paper, checked to have ids of their own."""
    names = [figure.id for figure in figures]
    if len(set(names)) < len(names):
        raise ValueError(f"two figures have one id among {names}")
    return figures
