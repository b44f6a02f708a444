"""From a number over time to a single one: its last value, that at a share of the training, its trend ..."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from scipy import stats

from sparsegraph.evolution.learning import area_across_epochs, epochs_to_share
from sparsegraph.result import Undefined

ENDS = 2
"""Snapshots enough for what looks at the first and the last only."""
SOME = 24
"""Snapshots enough for a trend."""


@dataclass(frozen=True)
class Series:
    """A number over the training of one run.

    Parameters
    ----------
    share : ndarray of float, shape (n,)
        Of the optimiser's steps done, from 0 to 1.
        Where the number is defined.
    epoch, update : ndarray of float, shape (n,)
        NaN where not known.
    values : ndarray of float, shape (n,)
    absent : ndarray of float
        Shares at which it was looked for and is undefined.
    """

    share: np.ndarray
    epoch: np.ndarray
    update: np.ndarray
    values: np.ndarray
    absent: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Moment:
    """What makes one number of a series.

    Parameters
    ----------
    words : str
        Such as "at 25 % of the training"; empty for the end.
    points : int or None
        Number of snapshots that suffice, None for all of them.
    take : callable
        ``take(series) -> float or Undefined``, of at least one value.
    """

    words: str
    points: int | None
    take: Callable[[Series], float | Undefined]

    def of(self, series: Series) -> float | Undefined:
        """The number of a series; undefined where it has no value."""
        return self.take(series) if series.values.size else Undefined("no value in the training")


def _value(series: Series, share: float) -> float | Undefined:
    """The value nearest to a share of the training; undefined where one that is undefined was nearer."""
    away = np.abs(series.share - share)
    place = int(away.argmin()) if share < 1 else -1
    if series.absent.size and np.abs(series.absent - share).min() < away[place]:
        where = {0.0: "at the start", 1.0: "at the end"}.get(share, f"at {_percent(share)} of the training")
        return Undefined(f"undefined {where}")
    return float(series.values[place])


LAST = Moment("", ENDS, partial(_value, share=1.0))
"""At the end of the training."""

FIRST = Moment("at the start", ENDS, partial(_value, share=0.0))
"""Before the training."""


def at(share: float) -> Moment:
    """At a share of the training: the value nearest to it.

    Examples
    --------
    >>> time = np.array([0.0, 0.5, 1.0])
    >>> at(0.4).of(Series(time, 10 * time, time, np.array([1.0, 2.0, 3.0])))
    2.0
    """
    return Moment(f"at {_percent(share)} of the training", None, partial(_value, share=share))


def after_update(update: int) -> Moment:
    """After so many topology updates."""

    def take(series: Series) -> float | Undefined:
        before, after = np.flatnonzero(series.update <= update), np.flatnonzero(series.update >= update)
        if not before.size or not after.size:
            return Undefined(f"no snapshot around update {update}")
        between = (series.absent > series.share[before[-1]]) & (series.absent < series.share[after[0]])
        return Undefined(f"undefined around update {update}") if between.any() else float(series.values[before[-1]])

    return Moment(f"after {update} updates", None, take)


def mean(start: float = 0.0, stop: float = 1.0) -> Moment:
    """Mean over a part of the training: of the snapshots in which the number is defined."""

    def take(series: Series) -> float | Undefined:
        values = series.values[_within(series, start, stop)]
        return float(values.mean()) if values.size else Undefined("no value in this part of the training")

    return Moment(f"mean{_part(start, stop)}", None, take)


def trend(start: float = 0.0, stop: float = 1.0) -> Moment:
    """Kendall's tau-b with time over a part of the training: 1 for what only rises, -1 for what only falls.

    Snapshots in which the number is undefined are left out.

    References
    ----------
    H. B. Mann, "Nonparametric tests against trend", Econometrica 13, 1945.

    Examples
    --------
    >>> time = np.array([0.0, 0.5, 1.0])
    >>> trend().of(Series(time, 10 * time, time, np.array([3.0, 2.0, 1.0])))
    -1.0
    """

    def take(series: Series) -> float | Undefined:
        inside = _within(series, start, stop)
        values = series.values[inside]
        if values.size < 3:
            return Undefined(f"{values.size} values, 3 needed for a trend")
        still = (values == values[0]).all()
        return 0.0 if still else float(stats.kendalltau(series.share[inside], values).statistic)

    return Moment(f"trend{_part(start, stop)}", SOME, take)


def change(since: float = 0.0) -> Moment:
    """Last value less that at a share of the training."""

    def take(series: Series) -> float | Undefined:
        before, after = _value(series, since), _value(series, 1.0)
        if isinstance(before, Undefined):
            return before
        return after if isinstance(after, Undefined) else after - before

    words = f"since {_percent(since)} of the training" if since else "since the start"
    return Moment(f"change {words}", None if since else ENDS, take)


def first_reach(level: float) -> Moment:
    """The first epoch at which a level is reached."""

    def take(series: Series) -> float | Undefined:
        reached = np.flatnonzero(series.values >= level)
        return float(series.epoch[reached[0]]) if reached.size else Undefined(f"{level:g} is never reached")

    return Moment(f"first epoch with at least {level:g}", None, take)


def epochs_to(share: float) -> Moment:
    """Epochs to a share of the last value."""

    def take(series: Series) -> float | Undefined:
        found = epochs_to_share(series.values, share, epochs=series.epoch)
        return found if isinstance(found, Undefined) else float(found)

    return Moment(f"epochs to {_percent(share)} of the last", None, take)


ACROSS_EPOCHS = Moment(
    "area across the epochs (AAE)", None, lambda series: area_across_epochs(series.values, epochs=series.epoch)
)
"""Mean over the epochs by trapezoids."""

TOTAL = Moment("in all", None, lambda series: float(series.values.sum()))
"""Sum over the epochs."""


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _within(series: Series, start: float, stop: float) -> np.ndarray:
    return (series.share >= start) & (series.share <= stop)


def _part(start: float, stop: float) -> str:
    return "" if (start, stop) == (0.0, 1.0) else f" from {_percent(start)} to {_percent(stop)} of the training"
