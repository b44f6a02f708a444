"""A figure or table of a paper: what it shows, what it needs, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sparsegraph.evolution.cohorts import Cohort, options_in_words
from sparsegraph.figures.material import Material
from sparsegraph.io.names import listed
from sparsegraph.papers.titles import PAPERS, Paper

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Canvas


Choice = tuple[str, Cohort]
"""A cohort, and what it is called in a drawing."""


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
        So many of them at least, by runs that differ from their profile in nothing; with ``varied``, so many cohorts.
    varied : tuple of str
        Options in which the runs must differ from their profile, such as "start".
    data : tuple of str
        Data sets whose samples it shows or reads, such as "mnist".
    what : str
        In words, where the profiles do not tell it: "with start=bsw and several beta".
    shows_first : bool
        Whether it shows the first of the profiles that is there, and no more.
    """

    profiles: tuple[str, ...] = ()
    least: int = 1
    varied: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    what: str = ""
    shows_first: bool = False

    @property
    def words(self) -> str:
        """One phrase."""
        if not self.profiles:
            return f"images of {' or '.join(self.data)}" if self.data else "no runs"
        profiles = (" or " if self.shows_first else " ").join(self.profiles)
        varied = [f"of several {', '.join(self.varied)}"] if self.varied and not self.what else []
        return ", ".join([f"runs of {profiles}", *varied, *([self.what] if self.what else [])])

    def missing(self, material: Material) -> str | None:
        """What runs lack in words; None where enough is there."""
        if self.varied:
            return self._missing_varied(material)
        n_found = len(self.profiles) - len(self._absent(material))
        if n_found >= min(self.least, len(self.profiles)):
            return None
        return f"needs {self.words}; {self._state(material)}"

    def not_shown(self, material: Material) -> str:
        """Which profiles the drawing lacks and what is there of them, in words; empty where it shows all it can."""
        return "" if self.shows_first else self._state(material)

    def compares(self, cohort: Cohort) -> bool:
        """Whether these runs are among those that the drawing lays side by side."""
        return cohort.profile in self.profiles and (not cohort.changes or self._is_shown(cohort))

    def _absent(self, material: Material) -> list[str]:
        """The profiles without a run that would be shown."""
        found = {cohort.profile for cohort in material.cohorts.cohorts if self._is_shown(cohort)}
        return [profile for profile in self.profiles if profile not in found]

    def _is_shown(self, cohort: Cohort) -> bool:
        return set(self.varied) <= set(cohort.changes) if self.varied else not cohort.changes

    def _state(self, material: Material) -> str:
        """What is there of the absent profiles: none, or only runs whose options were changed."""
        absent = self._absent(material)
        changed: dict[str, dict[str, None]] = {}
        for cohort in material.cohorts.cohorts:
            if cohort.profile in absent and cohort.changes:
                changed.setdefault(cohort.profile, {})[options_in_words(cohort.changes)] = None
        none = [profile for profile in absent if profile not in changed]
        varied = f" {self.what}" if self.varied and self.what else ""
        told = [f"there are none of {', '.join(none)}{varied}"] if none else []
        if changed:
            options = list(dict.fromkeys(option for options in changed.values() for option in options))
            told.append(f"there are runs of {', '.join(changed)}, but with changed options: {listed(options, 3, '; ')}")
        return ", and ".join(told)

    def _missing_varied(self, material: Material) -> str | None:
        found = [
            cohort for cohort in material.cohorts.cohorts if cohort.profile in self.profiles and self._is_shown(cohort)
        ]
        if len(found) >= self.least:
            return None
        told = f"{len(found)} of the {self.least} kinds are there" if found else "there are none"
        return f"needs {self.words}; {told}"


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
