"""What all views share: the table with its title and remarks, and how a value becomes a cell or a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.table import Table

from sparsegraph.report.numbers import percent, significant
from sparsegraph.result import Undefined

Cell = str | float | int | Undefined | None


class Titled(NamedTuple):
    """A table under the name of its measure and its conventions; below it why cells are empty."""

    title: str
    note: str
    table: Table
    remarks: tuple[str, ...]


def table(title: str, note: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Titled:
    """A table whose first column is words and whose others are numbers."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for i, column in enumerate(columns):
        made.add_column(column, justify="right" if i else "left", header_style="dim", overflow="fold", no_wrap=i > 0)
    reasons: dict[str, None] = {}
    for row in rows:
        made.add_row(*(_cell(value, reasons) for value in row))
    return Titled(title, note, made, tuple(f"-: {reason}" for reason in reasons))


def _cell(value: Cell, reasons: dict[str, None]) -> str:
    match value:
        case None:
            return ""
        case Undefined(reason):
            reasons[reason] = None
            return "-"
        case str():
            return value
    return significant(value)


def share_cell(value: float | Undefined) -> str | Undefined:
    """A share for a table, as a percentage."""
    return value if isinstance(value, Undefined) else percent(value)


def of_kernels(meaning: str) -> str:
    """What the weights are, where they are not simply weights."""
    return "" if meaning == "weights" else f"{meaning}; "


def number(value: float | Undefined, digits: int = 3) -> str:
    """A number for a sentence, or "undefined (reason)"."""
    return str(value) if isinstance(value, Undefined) else significant(value, digits)


def counted(n: int, many: str, one: str) -> str:
    """A number of things."""
    return f"{n:,} {one if n == 1 else many}"


def share(value: float | Undefined) -> str:
    """A share for a sentence as a percentage, or "undefined (reason)"."""
    return str(value) if isinstance(value, Undefined) else percent(value)
