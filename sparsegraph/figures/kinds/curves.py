"""Kind: numbers over the epochs, a curve a method with its band over seeds; a row a number, a column a data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.axes import Axes

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.evolution.over_seeds import over_seeds
from sparsegraph.figures.figure import Choice, Drawn
from sparsegraph.figures.material import Material
from sparsegraph.papers.data_sets import data_title, in_order
from sparsegraph.plotting.palette import OTHERS, colour_of
from sparsegraph.plotting.panels import grid, label_ends, letters
from sparsegraph.plotting.style import STYLE, percent_axis

if TYPE_CHECKING:
    import pandas as pd

HISTORY = "history"


@dataclass(frozen=True)
class Series:
    """A number over time.

    Parameters
    ----------
    field : str
        Of the measure, or of the history: "test.accuracy", "anp.whole".
    label : str
        Of the axis, with the unit.
    measure : str
        Name of a measure, or "history".
    layer : str
    percent, log : bool
        How the axis is scaled; in per cent the number is a share.
    within : (float, float), optional
        What the number can be: bands are cut to it.  Of shares [0, 1].
    reference : float, optional
        A dotted line, such as a threshold.
    skip : float
        Share of the training at the start that does not decide the range of the axis.
    steps : bool
        Whether it is constant within an epoch, as a learning rate is.
    """

    field: str
    label: str
    measure: str = HISTORY
    layer: str = ""
    percent: bool = False
    log: bool = False
    within: tuple[float, float] | None = None
    reference: float | None = None
    skip: float = 0.0
    steps: bool = False


@dataclass(frozen=True)
class Line:
    """One curve: its place in the column ``cohort``, and how it is drawn."""

    place: int
    cohort: Cohort
    name: str
    colour: str


@dataclass(frozen=True)
class Measuring:
    """How measures are followed: every N-th snapshot only, options, and what that means, for the caption."""

    every: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


def curves(
    material: Material,
    *,
    profiles: Sequence[str],
    series: Sequence[Series],
    measuring: Measuring = Measuring(),
    choose: Callable[[Material], Sequence[Choice]] | None = None,
) -> Drawn:
    """Curves of all cohorts of these profiles that were given.

    Parameters
    ----------
    material : Material
    profiles : sequence of str
        In the order of their colours' importance: the first lies on top.
    series : sequence of Series
        One row of panels each.
    measuring : Measuring
        How the measures among them are followed.
    choose : callable, optional
        Chooses and names cohorts instead of the profiles.
    """
    import pandas as pd

    named = choose(material) if choose else [(one.label, one) for one in material.cohorts.select(profiles)]
    cohorts = tuple(cohort for _, cohort in named)
    table = _numbers(material, cohorts, series, measuring)
    data_sets = in_order(cohort.data or "" for cohort in cohorts)
    canvas, panels = grid(len(series), len(data_sets), height=2.1)
    drawn = []
    with mpl.rc_context(STYLE):
        for row, one in enumerate(series):
            for column, data in enumerate(data_sets):
                lines = [line for line in _lines(named) if (line.cohort.data or "") == data]
                drawn.append(draw_series(panels[row, column], table, lines, one))
                panels[row, column].set_xlabel("epoch" if row == len(series) - 1 else "")
                panels[row, column].set_ylabel(one.label if column == 0 else "")
        letters(list(panels[0]), [data_title(data) for data in data_sets])
    bands = "Bands: Student's 95 % interval of the mean over seeds." if any(len(c.runs) > 1 for c in cohorts) else ""
    return Drawn(canvas, pd.concat(drawn, ignore_index=True), cohorts, tuple(filter(None, [bands, measuring.note])))


def _lines(named: Sequence[Choice]) -> list[Line]:
    """The curves: a name has the colour of its method, or one of its own where that is taken."""
    colours: dict[str, str] = {}
    for name, cohort in named:
        if name not in colours:
            own = colour_of(cohort.method, len(colours))
            free = (one for one in (own, *OTHERS) if one not in colours.values())
            colours[name] = next(free, own)
    return [Line(place, cohort, name, colours[name]) for place, (name, cohort) in enumerate(named)]


def _numbers(
    material: Material, cohorts: Sequence[Cohort], series: Sequence[Series], measuring: Measuring
) -> pd.DataFrame:
    """All that the series show, from histories and measures."""
    import pandas as pd

    measures = list(dict.fromkeys(one.measure for one in series if one.measure != HISTORY))
    found = [material.history(cohorts)] if any(one.measure == HISTORY for one in series) else []
    if measures:
        found.append(material.follow(cohorts, measures, every=measuring.every, options=measuring.options, fields="all"))
    return pd.concat(found, ignore_index=True)


def draw_series(axes: Axes, table: pd.DataFrame, lines: Sequence[Line], series: Series) -> pd.DataFrame:
    """One panel; returns the numbers shown, tidy.

    Parameters
    ----------
    axes : Axes
    table : DataFrame
        With a column ``cohort``.
    lines : sequence of Line
    series : Series
    """
    import pandas as pd

    wanted = (table["measure"] == series.measure) & (table["field"] == series.field) & (table["layer"] == series.layer)
    bounds = series.within or ((0.0, 1.0) if series.percent else (None, None))
    shown, ends = [], []
    for line in reversed(lines):
        mean = over_seeds(table[wanted & (table["cohort"] == line.place)]).dropna(subset=["mean"]).sort_values("epoch")
        if mean.empty:
            continue
        axes.plot(mean["epoch"], mean["mean"], color=line.colour, drawstyle="steps-mid" if series.steps else "default")
        low, high = (mean[end].clip(*bounds) for end in ("low", "high"))
        axes.fill_between(mean["epoch"], low, high, color=line.colour, alpha=0.18, linewidth=0)
        ends.append((float(mean["epoch"].iloc[-1]), float(mean["mean"].iloc[-1]), line.name, line.colour))
        shown.append(mean.assign(method=line.name, data=line.cohort.data, scale=line.cohort.scale))
    if series.percent:
        percent_axis(axes.yaxis)
    if series.skip and ends:
        late = pd.concat(shown).query("epoch > epoch.max() * @series.skip")
        spread = late["mean"].max() - late["mean"].min()
        if spread > 0:
            axes.set_ylim(late["mean"].min() - 0.1 * spread, late["mean"].max() + 0.1 * spread)
    if series.log:
        axes.set_yscale("log")
    if series.reference is not None:
        axes.axhline(series.reference, color="#8a8a8a", linewidth=0.7, linestyle=":", zorder=0)
    label_ends(axes, ends)
    return pd.concat(shown, ignore_index=True) if shown else pd.DataFrame(columns=["method", "data", "epoch", "mean"])
