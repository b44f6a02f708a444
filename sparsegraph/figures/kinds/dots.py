"""Kind: one number a run as dots, methods side by side, with mean and interval over seeds; a panel a data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Choice, Drawn
from sparsegraph.figures.material import Material
from sparsegraph.figures.quantities import learned
from sparsegraph.intervals import half_width
from sparsegraph.papers.data_sets import data_title, in_order
from sparsegraph.papers.methods import label_of
from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.panels import grid, letters
from sparsegraph.plotting.style import FAINT, STYLE

if TYPE_CHECKING:
    import pandas as pd

MOST_UPRIGHT = 5
"""Names of more methods stand on end."""

HOW = "Dots are runs; the bar is their mean with Student's 95 % interval where there are several."


@dataclass(frozen=True)
class Quantity:
    """A column of :func:`sparsegraph.figures.quantities.learned`, and its label with the unit."""

    name: str
    label: str


def dots(
    material: Material,
    *,
    profiles: Sequence[str],
    quantities: Sequence[Quantity],
    same_epochs: bool = True,
    choose: Callable[[Material], Sequence[Choice]] | None = None,
) -> Drawn:
    """Numbers of the runs of these profiles.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
        From left to right.
    quantities : sequence of Quantity
        One row of panels each.
    same_epochs : bool
        Whether an AAE is taken over the epochs that all runs on the data have.
    choose : callable, optional
        Chooses and names cohorts instead of the profiles.
    """
    import pandas as pd

    named = choose(material) if choose else [(_tick(one), one) for one in material.cohorts.select(profiles)]
    chosen = tuple(cohort for _, cohort in named)
    data_sets = in_order(cohort.data or "" for cohort in chosen)
    canvas, panels = grid(len(quantities), len(data_sets), height=1.9 + _room_below(named) / len(quantities))
    shown, notes = [], [HOW]
    with mpl.rc_context(STYLE):
        for column, data in enumerate(data_sets):
            choices = [(name, one) for name, one in named if (one.data or "") == data]
            here = [cohort for _, cohort in choices]
            least = min(cohort.epochs for cohort in here) if same_epochs else None
            table = learned(here, n_epochs=least)
            if len({cohort.epochs for cohort in here}) > 1 and same_epochs:
                notes.append(
                    f"On {data_title(data)} the runs have different lengths: the AAE is over the first {least} "
                    "epochs, which all have, accuracies are those at the end of each."
                )
            for row, quantity in enumerate(quantities):
                draw_dots(panels[row, column], table, choices, quantity)
                panels[row, column].set_ylabel(quantity.label if column == 0 else "")
            shown.append(table.assign(data=data, method=[here[int(i)].label for i in table["cohort"]]))
        letters(list(panels[0]), [data_title(data) for data in data_sets])
    return Drawn(canvas, pd.concat(shown, ignore_index=True).drop(columns=["run"]), chosen, tuple(notes))


def _room_below(named: Sequence[Choice]) -> float:
    """Inches for names that stand on end."""
    most = max(Counter(cohort.data for _, cohort in named).values(), default=0)
    longest = max((len(line) for name, _ in named for line in name.splitlines()), default=0)
    return 0.05 * longest if most > MOST_UPRIGHT else 0.0


def draw_dots(axes: Axes, table: pd.DataFrame, choices: Sequence[Choice], quantity: Quantity) -> None:
    """One panel: a place a cohort, in their order."""
    for place, (_, cohort) in enumerate(choices):
        values = table.loc[table["cohort"] == place, quantity.name].dropna().to_numpy(float)
        if values.size == 0:
            axes.text(place, 0.5, "-", transform=axes.get_xaxis_transform(), ha="center", color=FAINT, fontsize=7)
            continue
        colour = colour_of(cohort.method, place)
        spread = np.linspace(-0.12, 0.12, values.size) if values.size > 1 else np.zeros(1)
        axes.plot(place + spread, values, "o", color=colour, markersize=3, alpha=0.6, markeredgewidth=0)
        mean = float(values.mean())
        axes.hlines(mean, place - 0.28, place + 0.28, color=colour, linewidth=1.4)
        if values.size > 1:
            half = half_interval(values)
            axes.vlines(place, mean - half, mean + half, color=colour, linewidth=0.9)
    axes.set_xlim(-0.6, len(choices) - 0.4)
    axes.set_xticks(range(len(choices)), [name for name, _ in choices])
    axes.tick_params(axis="x", length=0, labelsize=7)
    if len(choices) > MOST_UPRIGHT:
        axes.tick_params(axis="x", rotation=90)
    axes.margins(y=0.12)


def half_interval(values: np.ndarray) -> float:
    """Half of Student's 95 % interval of the mean; 0 of a single value, which has none."""
    return float(half_width(np.std(values, ddof=1), len(values))) if len(values) > 1 else 0.0


def _tick(cohort: Cohort) -> str:
    """Method, with what differs below it."""
    changes = [f"{name.replace('_', ' ')}\n{value}" for name, value in cohort.changes.items()]
    words = label_of(cohort.method).replace(", ", ",\n").replace(" with", "\nwith")
    return "\n".join([words, *changes])
