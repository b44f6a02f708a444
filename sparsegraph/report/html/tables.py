"""The tables of the views as tables of the page."""

from __future__ import annotations

from collections.abc import Mapping

from sparsegraph.report.html.page import Column, Table
from sparsegraph.report.html.wording import name_of
from sparsegraph.report.views.catalogue import tables
from sparsegraph.report.views.form import Titled
from sparsegraph.result import Result


def of_view(titled: Titled) -> Table:
    """A table of a view: its cells, columns and remarks."""
    shown = titled.table
    columns = tuple(Column(str(column.header), column.justify == "right") for column in shown.columns)
    cells = [[str(cell) for cell in column.cells] for column in shown.columns]
    rows = tuple(zip(*cells, strict=True)) if cells else ()
    return Table(_title(titled.title), titled.note, columns, rows, titled.remarks)


def _title(title: str) -> str:
    """A measure's name as a title, with what follows it."""
    name, comma, rest = title.strip().partition(", ")
    return name_of(name) + comma + rest


def of_results(results: Mapping[str, Result], names: tuple[str, ...] | None = None) -> tuple[Table, ...]:
    """The tables of some results, or of all."""
    chosen = results if names is None else {name: results[name] for name in names if name in results}
    return tuple(of_view(titled) for name, result in chosen.items() for titled in tables(name, result))
