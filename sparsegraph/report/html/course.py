"""The course of a run: numbers over its epochs, and the degrees of its neurons at every followed snapshot."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.evolution.learning_frame import ACCURACIES
from sparsegraph.io.runs.run import Run, open_run
from sparsegraph.measures.catalogue import number_at
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.kshell import kshell
from sparsegraph.report.analysis import Settings
from sparsegraph.result import Result, Undefined

if TYPE_CHECKING:
    import pandas as pd

MOST_SNAPSHOTS = 100
"""Snapshots of the slider; of longer runs every so many, and the last."""
MOST_FITS = 34
"""Power laws are fitted to fewer: a fit takes a third of a second."""

CHEAP = ("activity", "degree", "kshell")
FITTED = ("powerlaw",)


@dataclass(frozen=True)
class Curve:
    """A number over training: where it is known, by epoch (or by snapshot where a run counts no epochs)."""

    times: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Moment:
    """One followed snapshot.

    Parameters
    ----------
    time : float
        On the axis of the curves.
    update, step : int or None
    degrees, shells : tuple of (int, int)
        Values that occur among hidden neurons, or among all where there is no hidden layer, and how often.
    """

    time: float
    update: int | None
    step: int | None
    degrees: tuple[tuple[int, int], ...]
    shells: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Course:
    """A run over its training.

    Parameters
    ----------
    unit : {"epoch", "snapshot"}
        Of times.
    curves : mapping of str to Curve
        By the names of ``PANELS``; those without a number are missing.
    moments : tuple of Moment
    table : DataFrame
        The tidy table that the curves were taken from.
    n_snapshots : int
        Of the run, followed or not.
    method : str or None
        Profile or recipe, with what was asked to differ.
    readout : {"auto", "include", "exclude", "named"}
        In the share of active neurons.
    """

    unit: str
    curves: Mapping[str, Curve]
    moments: tuple[Moment, ...]
    table: pd.DataFrame
    n_snapshots: int
    method: str | None
    readout: str

    def wide(self) -> pd.DataFrame:
        """The table with a row a time and a column a number: history and measures side by side."""
        told = self.table.assign(
            column=[
                ".".join(filter(None, place))
                for place in zip(self.table["measure"], self.table["layer"], self.table["field"], strict=True)
            ]
        )
        known = told[told["value"].notna() & told[self.unit].notna()]
        found = known.pivot_table(index=self.unit, columns="column", values="value", aggfunc="last").reset_index()
        found.columns.name = None
        return found

    def conventions(self) -> pd.DataFrame:
        """What the columns of :meth:`wide` depend on: a row a ``measure``, by which their names begin."""
        return self.table[["measure", "conventions"]].dropna().drop_duplicates(ignore_index=True)


def course_of(
    path: Path, settings: Settings, *, final: Mapping[str, Result] | None = None, progress: Callable[[str], None]
) -> Course | None:
    """The course of a run, of the measures named in the settings; None where it has no snapshot and no history.

    ``final`` are results for the raw graph of the net that the run left, where the curves end.
    """
    from sparsegraph.evolution.method import method_of

    run = open_run(path)
    table = _table(run, settings, progress)
    if table.empty:
        return None
    unit = "epoch" if table["epoch"].notna().all() else "snapshot"
    progress("degrees over the snapshots")
    moments = tuple(_moments(run, unit))
    end = moments[-1].time if moments else -math.inf
    curves = {
        name: _led_on(curve, place, final or {}, end)
        for name, place in SERIES.items()
        if (curve := _curve(table, place, unit)).times
    }
    readout = settings.readout if isinstance(settings.readout, str) else "named"
    return Course(unit, curves, moments, table, len(_shown(run)), method_of(run.config).called, readout)


# Curve: measure, field, and the layer ("" for the whole net, "*" for the mean over blocks).
SERIES: dict[str, tuple[str, str, str]] = {
    "accuracy": ("history", ACCURACIES[0], ""),
    "active": ("activity", "anp_rate_hidden", ""),
    "alpha": ("powerlaw", "alpha", ""),
    "largest": ("degree", "hidden.total.maximum", ""),
    "shell": ("kshell", "max_shell", ""),
    "overlap": ("history", "overlap", "*"),
}


def _table(run: Run, settings: Settings, progress: Callable[[str], None]) -> pd.DataFrame:
    import pandas as pd

    from sparsegraph.evolution.follow import follow
    from sparsegraph.evolution.histories import histories

    def told(what: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(f"{what} over the snapshots: {done} of {total}")

    frames = [histories(run)] if run.history else []
    n = len(_followed(run))
    for candidates, most, options in (
        (CHEAP, MOST_SNAPSHOTS, {"readout": settings.readout}),
        (FITTED, MOST_FITS, {"replicas": 1}),
    ):
        names = [name for name in candidates if name in settings.measures]
        if n and names:
            known = options if "activity" in names or candidates is FITTED else {}
            every, words = _every(n, most), told(", ".join(names))
            frames.append(
                follow(
                    run, names, seed=settings.seed, every=every, options=known, n_jobs=settings.n_jobs, progress=words
                )
            )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _followed(run: Run) -> Any:
    return run.topology if len(run.topology) else run.snapshots


def _shown(run: Run) -> Any:
    return run.topology_and_final if len(run.topology) else run.snapshots


def _every(n: int, most: int) -> int:
    return max(1, -(-n // most))


def _curve(table: pd.DataFrame, place: tuple[str, str, str], unit: str) -> Curve:
    measure_name, field, layer = place
    of_layer = table["layer"] != "" if layer == "*" else table["layer"] == layer
    known = table[(table["measure"] == measure_name) & of_layer & table["value"].notna()]
    fields = ACCURACIES if field in ACCURACIES else (field,)
    rows = next((found for name in fields if len(found := known[known["field"] == name])), known[:0])
    if rows.empty or rows[unit].isna().any():
        return Curve((), ())
    found = rows.groupby(unit)["value"].mean() if layer == "*" else rows.groupby(unit)["value"].last()
    return Curve(tuple(map(float, found.index)), tuple(map(float, found)))


def _led_on(curve: Curve, place: tuple[str, str, str], final: Mapping[str, Result], end: float) -> Curve:
    """A curve up to the net that the run left."""
    measure_name, field, _ = place
    if measure_name not in final or curve.times[-1] >= end:
        return curve
    value = number_at(final[measure_name], field)
    return curve if isinstance(value, Undefined) else Curve((*curve.times, end), (*curve.values, float(value)))


def _moments(run: Run, unit: str) -> Any:
    trajectory = _shown(run)
    every = _every(len(trajectory), MOST_SNAPSHOTS)
    for i in range(len(trajectory)):
        snapshot = trajectory[i]  # in order, so that each file is read once
        if i % every and i != len(trajectory) - 1:
            continue
        time = float(snapshot.number if unit == "snapshot" or snapshot.epoch is None else snapshot.epoch)
        graph = snapshot.graph
        counted = graph.hidden_layers or range(len(graph.layers))
        inside = np.concatenate([np.arange(graph.offsets[i], graph.offsets[i + 1]) for i in counted])
        counts = degrees(graph).total[inside]
        shells = kshell(graph).shell[inside]
        yield Moment(time, snapshot.update, snapshot.step, _counted(counts), _counted(shells))


def _counted(values: np.ndarray) -> tuple[tuple[int, int], ...]:
    found, counts = np.unique(values, return_counts=True)
    return tuple(zip(found.tolist(), counts.tolist(), strict=True))
