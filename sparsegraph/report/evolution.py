"""A run over time in few lines: the main numbers at its first and at its last snapshot."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph.evolution.histories import HISTORY, is_main
from sparsegraph.evolution.plan import entry_of, needs_every_update
from sparsegraph.io.names import listed
from sparsegraph.measures.trajectory.catalogue import TrajectoryMeasure
from sparsegraph.report.comparison import shortest_names
from sparsegraph.report.learning import learning_line
from sparsegraph.report.numbers import significant

if TYPE_CHECKING:
    import pandas as pd


def evolution_page(table: pd.DataFrame, *, every: int = 1, learning: pd.DataFrame | None = None) -> RenderableType:
    """A table a run, of what :func:`sparsegraph.evolution.follow.follow` found with that ``every``.

    Parameters
    ----------
    table : DataFrame
    every : int
    learning : DataFrame, optional
        Of :func:`sparsegraph.evolution.learning_frame.learning_frame`: a line for each run that it knows.
    """
    return Group(*_page(table, every, learning))


def _page(table: pd.DataFrame, every: int, learning: pd.DataFrame | None) -> Iterator[RenderableType]:
    paths = list(dict.fromkeys(table["run"]))
    for path, name in zip(paths, shortest_names(paths), strict=True):
        of_run = table[table["run"] == path]
        yield Text(name, style="bold")
        if learning is not None and (learning["run"] == path).any():
            yield Text(learning_line(learning[learning["run"] == path]))
        yield _first_and_last(of_run)
        reasons = _reasons(of_run)
        for reason, names in list(reasons.items())[:_MOST_REASONS]:
            yield Text(f"- ({listed(list(names), 2)}): {reason}", style="dim")
        if len(reasons) > _MOST_REASONS:
            yield Text(f"-: and {len(reasons) - _MOST_REASONS} more reasons, in the table", style="dim")
        yield from (Text(words, style="dim") for words in _left_out(of_run, every))
        yield from conventions_lines(of_run)
        yield Text("")


_MOST_REASONS = 3


def _reasons(of_run: pd.DataFrame) -> dict[str, dict[str, None]]:
    """Why numbers are missing, and which of those shown."""
    found: dict[str, dict[str, None]] = {}
    for (measure, layer, field), rows in of_run.groupby(["measure", "layer", "field"], sort=False):
        for reason in rows["undefined"].dropna().unique() if is_shown(measure, layer, field) else ():
            found.setdefault(reason, {})[name_of(measure, layer, field)] = None
    return found


def _left_out(of_run: pd.DataFrame, every: int) -> Iterator[str]:
    """Measures of single updates that were given snapshots with several updates between them."""
    for measure, rows in of_run.groupby("measure", sort=False):
        if measure != HISTORY and needs_every_update(entry_of(measure)):
            updates = sorted(set(rows["update"].dropna()))
            most = max((after - before for before, after in itertools.pairwise(updates)), default=0)
            if most > every:
                yield f"{measure}: up to {most:,} updates from one snapshot to the next, seen as one"


def conventions_lines(rows: pd.DataFrame) -> Iterator[Text]:
    """What the numbers shown depend on, a line for all measures that share it."""
    measured = rows[rows["measure"] != HISTORY]
    for conventions, alike in measured.groupby("conventions", sort=False):
        yield Text(f"in {', '.join(alike['measure'].unique())}: {conventions}", style="dim")


def _first_and_last(of_run: pd.DataFrame) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("", overflow="fold")
    for column in ("first", "last", "least", "most", "times", "missing"):
        shown.add_column(column, justify="right", no_wrap=True)
    for (measure, layer, field), rows in of_run.groupby(["measure", "layer", "field"], sort=False):
        if not is_shown(measure, layer, field):
            continue
        values = rows.sort_values("snapshot", kind="stable")["value"]
        ends = (values.iloc[0], values.iloc[-1], values.min(), values.max())
        missing = int(values.isna().sum())
        shown.add_row(name_of(measure, layer, field), *map(_cell, ends), f"{len(rows):,}", str(missing or ""))
    return shown


def name_of(measure: str, layer: str, field: str) -> str:
    """A number in a few words."""
    return f"{measure}.{field.removeprefix('per_block.')}" + (f" of {layer}" if layer else "")


def is_shown(measure: str, layer: str, field: str) -> bool:
    """Whether a number is one of those that people compare."""
    if measure == HISTORY:
        return is_main(layer, field)
    entry = entry_of(measure)
    if not isinstance(entry, TrajectoryMeasure):
        return field in entry.main
    length = field.count(".") + 1  # of a part that is undefined as a whole there is no more
    return any(fnmatchcase(field, ".".join(pattern.split(".")[:length])) for pattern in entry.main)


def _cell(value: float) -> str:
    return "-" if value != value else significant(value)  # NaN is how pandas says missing
