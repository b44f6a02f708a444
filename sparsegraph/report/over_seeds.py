"""Runs over their seeds in few lines: the mean of each main number at first and at last, with its standard error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph.report.evolution import conventions_lines, is_shown, name_of
from sparsegraph.report.learning import learning_line
from sparsegraph.report.numbers import significant, with_error

if TYPE_CHECKING:
    import pandas as pd


def over_seeds_page(table: pd.DataFrame, *, learning: pd.DataFrame | None = None) -> RenderableType:
    """A table a recipe, of what :func:`sparsegraph.evolution.over_seeds.over_seeds` found.

    Parameters
    ----------
    table : DataFrame
    learning : DataFrame, optional
        Of :func:`sparsegraph.evolution.learning_frame.learning_frame`: a line for each recipe that it knows.
    """
    return Group(*_page(table, learning))


def _page(table: pd.DataFrame, learning: pd.DataFrame | None) -> Iterator[RenderableType]:
    for recipe, rows in table.groupby("recipe", sort=False):
        n_runs = int((rows["n"] + rows["n_undefined"]).max())
        how = f"{n_runs} runs: mean ± standard error" if n_runs > 1 else "1 run: no error can be told"
        yield Text(f"{recipe}  ", style="bold").append(how, style="dim not bold")
        if learning is not None:
            learned = learning[learning["recipe"].fillna(learning["run"]) == recipe]
            yield from [Text(learning_line(learned))] if len(learned) else []
        yield _first_and_last(rows)
        yield from conventions_lines(rows)
        yield Text("")


def _first_and_last(rows: pd.DataFrame) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown.add_column("", overflow="fold")
    for column in ("first", "last", "runs", "times", "missing"):
        shown.add_column(column, justify="right", no_wrap=True)
    for (measure, layer, field), found in rows.groupby(["measure", "layer", "field"], sort=False):
        if not is_shown(measure, layer, field):
            continue
        ordered = found.sort_values(["snapshot", "epoch"], kind="stable")
        runs = sorted({int(n) for n in found["n"] + found["n_undefined"]})
        ends = (_cell(ordered.iloc[place]) for place in (0, -1))
        told = str(runs[0]) if len(runs) == 1 else f"{runs[0]} to {runs[-1]}"
        missing = int(found["n_undefined"].sum())
        shown.add_row(name_of(measure, layer, field), *ends, told, f"{len(found):,}", str(missing or ""))
    return shown


def _cell(row: pd.Series) -> str:
    if row["n"] == 0:
        return "-"
    return significant(row["mean"]) if row["n"] == 1 else with_error(row["mean"], row["standard_error"])
