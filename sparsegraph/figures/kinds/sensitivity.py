"""Kind: what a method reaches as one option varies; a column an option, a row a quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

import matplotlib as mpl

from sparsegraph.evolution.cohorts import Cohort, Cohorts
from sparsegraph.evolution.option_levels import level_of
from sparsegraph.figures.figure import Choice, Drawn
from sparsegraph.figures.kinds.dots import Quantity, half_interval
from sparsegraph.figures.material import Material
from sparsegraph.figures.quantities import learned
from sparsegraph.papers.data_sets import data_title
from sparsegraph.papers.titles import SPARSITY
from sparsegraph.plotting.palette import MARKERS, colour_of
from sparsegraph.plotting.panels import grid, letters, named
from sparsegraph.plotting.style import STYLE

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Option:
    """An option of a run that varies, and the label of its axis."""

    name: str
    label: str
    log: bool = False


LEAST_SPAN = 1.0
"""Of a panel's ordinate, in the unit of the quantity (per cent)."""


def sensitivity(
    material: Material, *, profile: str, options: Sequence[Option], quantities: Sequence[Quantity]
) -> Drawn:
    """Points are means over seeds, with intervals, of runs that differ from the profile in one option.

    Parameters
    ----------
    material : Material
    profile : str
    options : sequence of Option
        Columns; those that no run differs in are left out.
    quantities : sequence of Quantity
        Rows.
    """
    import pandas as pd

    varied = {option: _series(material.cohorts, profile, option) for option in options}
    options = [option for option in options if varied[option]]
    data_sets = dict.fromkeys(cohort.data or "" for option in options for cohort in varied[option])
    markers = dict(zip(data_sets, cycle(MARKERS), strict=False))
    canvas, panels = grid(len(quantities), len(options), height=1.7)
    used: list[Cohort] = []
    shown = []
    with mpl.rc_context(STYLE):
        for column, option in enumerate(options):
            chosen = varied[option]
            used += chosen
            table = _of_option(chosen, option)
            shown.append(table)
            for row, quantity in enumerate(quantities):
                axes = panels[row, column]
                for data, part in table.groupby("data", sort=False):
                    runs = part.groupby("x")[quantity.name]
                    mean, half = runs.mean(), runs.apply(half_interval)
                    colour, marker = colour_of(chosen[0].method), markers[str(data)]
                    label = data_title(str(data))
                    axes.errorbar(mean.index, mean, half, fmt=f"{marker}-", color=colour, markersize=4, label=label)
                axes.set_xscale("log" if option.log else "linear")
                axes.set_ylabel(quantity.label if column == 0 else "")
                axes.set_xlabel(option.label if row == len(quantities) - 1 else "")
                axes.margins(y=0.15)
                low, high = axes.get_ylim()
                widened = max(0.0, LEAST_SPAN - (high - low)) / 2  # a twentieth of a point is no dependence
                axes.set_ylim(low - widened, high + widened)
        letters(list(panels[0]), [option.label.partition(" (")[0] for option in options])
        if len(markers) > 1:
            panels[0, -1].legend(*named(panels[0]), fontsize=7)
    note = "Means over seeds; bars: Student's 95 % interval."
    return Drawn(canvas, pd.concat(shown, ignore_index=True), tuple(used), (note,))


def varied_in(material: Material, *, profile: str, options: Sequence[Option]) -> Sequence[Choice]:
    """The cohorts that differ from a profile in one of these options, named by it and its value."""
    found = ((option.name, cohort) for option in options for cohort in material.cohorts.varied(profile, option.name))
    return [(f"{name} {cohort.changes[name]}", cohort) for name, cohort in found]


def _series(cohorts: Cohorts, profile: str, option: Option) -> tuple[Cohort, ...]:
    """Runs that differ in this option; with them the profile as it is, where its value is known."""
    found = cohorts.varied(profile, option.name)
    if option.name != "sparsity":
        return found
    on = {cohort.data for cohort in found}
    return (*found, *(own for own in cohorts.select([profile]) if own.data in on))


def _of_option(cohorts: Sequence[Cohort], option: Option) -> pd.DataFrame:
    table = learned(cohorts)
    told = [cohorts[int(i)] for i in table["cohort"]]
    return table.assign(
        option=option.name,
        x=[level_of(cohort.changes.get(option.name, SPARSITY.get(cohort.family or ""))).number for cohort in told],
        data=[cohort.data or "" for cohort in told],
    ).drop(columns=["run"])
