"""Kind: how often each choice of a factor gave the most accurate net, all else being equal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.axes import Axes

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.evolution.learning import win_rates as rates_of
from sparsegraph.evolution.learning_frame import learning_frame
from sparsegraph.figures.figure import Choice, Drawn
from sparsegraph.figures.material import Material
from sparsegraph.plotting.palette import COLOURS
from sparsegraph.plotting.panels import grid
from sparsegraph.plotting.style import FAINT, INK, STYLE, percent_axis

if TYPE_CHECKING:
    import pandas as pd

_BEST, _OTHER = COLOURS["mest"], "#c9c9c9"
_ASIDE = "sparsity"
"""Varied beside any factor: it defines the contest."""
_CONTEST = ["data", "sparsity", "epochs", "seed"]


@dataclass(frozen=True)
class Level:
    """A choice of the factor: runs of a profile that differ from it in exactly these options.

    Parameters
    ----------
    label : str
    profile : str
    changes : mapping
    """

    label: str
    profile: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    def found(self, material: Material) -> Iterator[Cohort]:
        """Its cohorts, of every data set and sparsity."""
        for cohort in material.cohorts.cohorts:
            changes = {name: value for name, value in cohort.changes.items() if name != _ASIDE}
            if cohort.profile == self.profile and changes == dict(self.changes):
                yield cohort


def met(material: Material, *, levels: Sequence[Level]) -> Sequence[Choice]:
    """The cohorts that win rates of these levels are of, named by their levels; none where no two levels meet."""
    results = _results({level.label: tuple(level.found(material)) for level in levels})
    told = results[results["level"].isin(_meeting(results))].drop_duplicates(["level", "place"])
    cohorts = {id(cohort): cohort for cohort in material.cohorts.cohorts}
    return [(level, cohorts[place]) for level, place in zip(told["level"], told["place"], strict=True)]


def win_rates(material: Material, *, factor: str, levels: Sequence[Level]) -> Drawn:
    """Bars of win rates, the highest in orange; runs alike in data set, sparsity, length and seed meet in a contest.

    Parameters
    ----------
    material : Material
    factor : str
        What the levels are choices of, for the axis.
    levels : sequence of Level
        Those without runs, and those whose runs do not meet the others', are left out, and named.

    Raises
    ------
    SparseGraphError
        If fewer than two levels have runs, or none meets another.
    """
    found = {level.label: tuple(level.found(material)) for level in levels}
    present = [label for label, cohorts in found.items() if cohorts]
    if len(present) < 2:
        raise SparseGraphError(
            f"a win rate of {factor} needs runs of two choices; there are {', '.join(present) or 'none'}"
        )
    results = _results(found)
    meeting = _meeting(results)
    if not meeting:
        raise SparseGraphError(f"no two choices of {factor} have runs of one data set, sparsity, length and seed")
    compared = results[results["level"].isin(meeting)]
    told = rates_of(compared.drop(columns="place"), "level")
    whole = compared[compared.groupby(_CONTEST, dropna=False)["level"].transform("size") == len(meeting)]
    data = told.assign(factor=factor, mean_accuracy=told["level"].map(whole.groupby("level")["accuracy"].mean()))
    shown = tuple(cohort for label in meeting for cohort in found[label] if id(cohort) in set(whole["place"]))
    canvas, panels = grid(1, 1, height=0.26 * len(told) + 0.5)
    with mpl.rc_context(STYLE):
        _draw(panels[0, 0], data, factor)
    alone = [label for label in present if label not in meeting]
    n_lost = sum(len(cohort.runs) for cohorts in found.values() for cohort in cohorts) - len(results)
    return Drawn(canvas, data, shown, tuple(_notes(told, found, alone, n_lost)))


def _meeting(results: pd.DataFrame) -> list[str]:
    """The most levels that meet in one contest, and of several such those that meet in most; none where no two meet."""
    contests = [frozenset(levels) for _, levels in results.groupby(_CONTEST, dropna=False, sort=False)["level"]]
    several = dict.fromkeys(one for one in contests if len(one) > 1)
    best = max(several, key=lambda some: (len(some), sum(some <= one for one in contests)), default=frozenset())
    return [level for level in results["level"].drop_duplicates() if level in best]


def _results(found: Mapping[str, Sequence[Cohort]]) -> pd.DataFrame:
    """One row a run: its level, its accuracy, and what else was varied; without runs that cannot meet others.

    Those are runs without an accuracy, and runs of unknown seed where a cohort has several.
    """
    import pandas as pd

    rows = []
    for label, cohorts in found.items():
        for cohort in cohorts:
            learned = learning_frame(cohort.runs).set_index("run")["accuracy"].to_dict()
            rows += [
                {
                    "level": label,
                    "place": id(cohort),
                    "accuracy": float(learned.get(str(member.run.path), math.nan)),
                    "data": cohort.data,
                    "sparsity": cohort.changes.get(_ASIDE),
                    "epochs": cohort.epochs,
                    "seed": member.seed,
                }
                for member in cohort.members
            ]
    table = pd.DataFrame(rows, columns=["level", "place", "accuracy", *_CONTEST]).dropna(subset=["accuracy"])
    return table[~table.duplicated(["level", *_CONTEST], keep=False)]


def _draw(axes: Axes, told: pd.DataFrame, factor: str) -> None:
    highest = told["win_rate"].max()
    places = range(len(told))
    colours = [_BEST if rate == highest else _OTHER for rate in told["win_rate"]]
    axes.barh(places, told["win_rate"], color=colours, height=0.62)
    aside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "fontsize": 7, "color": FAINT, "va": "center"}
    for place, row in zip(places, told.itertuples(), strict=True):
        axes.text(row.win_rate + 0.01, place, f"{100 * row.win_rate:.0f} %", va="center", fontsize=7, color=INK)
        axes.text(1.02, place, f"{100 * row.mean_accuracy:.2f} %", **aside)
    axes.text(1.02, -0.8, "accuracy", **aside)
    axes.set_yticks(list(places), list(told["level"]))
    axes.set_ylim(len(told) - 0.5, -0.6)
    axes.set_xlim(0, 1.25)  # so that what stands behind a bar of 100 % is not in the way of the accuracies
    axes.set_xticks([0.0, 0.5, 1.0])
    axes.spines["bottom"].set_bounds(0.0, 1.0)
    axes.tick_params(axis="y", length=0)
    percent_axis(axes.xaxis)
    axes.set_xlabel("win rate")
    axes.set_ylabel(factor)


def _notes(
    told: pd.DataFrame, found: Mapping[str, Sequence[Cohort]], alone: Sequence[str], n_lost: int
) -> Iterator[str]:
    n, left_out = int(told["n"].iloc[0]), int(told["n_left_out"].iloc[0])
    yield (
        f"{n} contests, each between runs of one data set, sparsity, length and seed; the highest test accuracy after "
        "the last epoch wins, ties share"
    )
    if left_out:
        yield f"{left_out} contests are left out, since a choice has no run in them"
    if absent := [label for label, cohorts in found.items() if not cohorts]:
        yield f"No runs of {', '.join(absent)}"
    if alone:
        yield f"Left out: {', '.join(alone)}, whose runs meet those of the other choices in no contest"
    if n_lost:
        yield f"{n_lost} runs are left out, since they have no accuracy or no seed"
    yield "Grey: mean test accuracy of a choice in these contests"
