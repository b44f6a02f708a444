"""A run over time in few lines: the main numbers at its first and at its last snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph.evolution.plan import entry_of
from sparsegraph.measures.trajectory.catalogue import TrajectoryMeasure
from sparsegraph.report.comparison import shortest_names
from sparsegraph.report.numbers import significant

if TYPE_CHECKING:
    import pandas as pd


def evolution_page(table: pd.DataFrame) -> RenderableType:
    """A table a run, of what :func:`sparsegraph.evolution.follow.follow` found."""
    return Group(*_page(table))


def _page(table: pd.DataFrame) -> Iterator[RenderableType]:
    paths = list(dict.fromkeys(table["run"]))
    for path, name in zip(paths, shortest_names(paths), strict=True):
        of_run = table[table["run"] == path]
        yield Text(name, style="bold")
        yield _first_and_last(of_run)
        reasons = dict.fromkeys(of_run["undefined"].dropna())
        for reason in list(reasons)[:_MOST_REASONS]:
            yield Text(f"-: {reason}", style="dim")
        if len(reasons) > _MOST_REASONS:
            yield Text(f"-: and {len(reasons) - _MOST_REASONS} more reasons, in the table", style="dim")
        yield Text("")


_MOST_REASONS = 3


def _first_and_last(of_run: pd.DataFrame) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("", overflow="fold")
    for column in ("first", "last", "least", "most", "snapshots", "missing"):
        shown.add_column(column, justify="right", no_wrap=True)
    for (measure, layer, field), rows in of_run.groupby(["measure", "layer", "field"], sort=False):
        if not _is_main(measure, field):
            continue
        values = rows.sort_values("snapshot")["value"]
        ends = (values.iloc[0], values.iloc[-1], values.min(), values.max())
        missing = int(values.isna().sum())
        name = f"{measure}.{field.removeprefix('per_block.')}" + (f" of {layer}" if layer else "")
        shown.add_row(name, *map(_cell, ends), f"{len(rows):,}", str(missing or ""))
    return shown


def _is_main(measure: str, field: str) -> bool:
    entry = entry_of(measure)
    if isinstance(entry, TrajectoryMeasure):
        return any(fnmatchcase(field, pattern) for pattern in entry.main)
    return field in entry.main


def _cell(value: float) -> str:
    return "-" if value != value else significant(value)  # NaN is how pandas says missing
