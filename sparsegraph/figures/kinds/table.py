"""Kind: a table of numbers, ours above the paper's, drawn as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

from sparsegraph.figures.beside import Beside
from sparsegraph.plotting.style import FAINT, FIT, INK, STYLE

if TYPE_CHECKING:
    import pandas as pd

_ROW, _COLUMN, _FIRST = 0.40, 1.15, 1.7
_MARKS = {"differs": "≠", "agrees": "=", "one seed": "", "other data": "", "no number": ""}

HOW = (
    "Ours in black (mean ± standard deviation over seeds), the paper's in grey below; = within two standard errors of "
    "the difference, ≠ beyond; no mark from one seed."
)
HOW_OVER_DATA = (
    "Ours in black (the mean over data sets for each seed, then mean ± standard deviation over seeds), the paper's in "
    "grey below; no mark, for the paper's means are over other data sets."
)
"""What the numbers and their marks mean, for captions."""


def draw_table(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[str, str], Beside],
    *,
    digits: int = 2,
    marks: Mapping[tuple[str, str], str] | None = None,
) -> Figure:
    """A picture of a table.

    Parameters
    ----------
    rows, columns : sequence of str
        Their labels, in order.
    cells : mapping
        By row and column; what is missing is left empty.
    digits : int
        After the point.
    marks : mapping, optional
        What stands behind numbers, by row and column, in place of how they compare with the paper's.
    """
    width = _FIRST + _COLUMN * len(columns)
    height = _ROW * (len(rows) + 1) + 0.1
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height))
        figure.set_layout_engine("none")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        for place, column in enumerate(columns):
            x = _FIRST + _COLUMN * (place + 0.95)
            axes.text(x, 0.5 * _ROW, column, ha="right", va="center", fontsize=8, weight="bold", color=INK)
        axes.axhline(_ROW * 0.95, color=INK, linewidth=0.8)
        for line, row in enumerate(rows, start=1):
            axes.text(0.06, (line + 0.5) * _ROW, row, va="center", fontsize=8, color=INK)
            axes.axhline(_ROW * (line + 0.98), color="#e3e3e3", linewidth=0.5)
            for place, column in enumerate(columns):
                if (cell := cells.get((row, column))) is not None:
                    mark = _MARKS[cell.word] if marks is None else marks.get((row, column), "")
                    _draw_cell(axes, cell, (_FIRST + _COLUMN * (place + 0.95), line * _ROW), digits, mark)
    return figure


def _draw_cell(axes: mpl.axes.Axes, cell: Beside, at: tuple[float, float], digits: int, mark: str) -> None:
    x, top = at
    digits = _fewer(digits, cell)
    colour = FIT if cell.word == "differs" else INK
    ours = "-" if cell.mean is None else f"{cell.mean:.{digits}f}"
    spread = "" if cell.deviation is None else f" ± {cell.deviation:.{digits}f}"
    y = top + (0.5 if cell.paper is None else 0.32) * _ROW
    axes.text(x, y, f"{ours}{spread} {mark}".rstrip(), ha="right", va="center", fontsize=8, color=colour)
    if cell.paper is not None:
        told = f"{cell.paper.value:.{digits}f}" + (
            "" if cell.paper.spread is None else f" ± {cell.paper.spread:.{digits}f}"
        )
        axes.text(x, top + 0.72 * _ROW, told, ha="right", va="center", fontsize=6.5, color=FAINT)


def _fewer(digits: int, cell: Beside) -> int:
    """As many digits after the point, fewer for numbers above 100, so that columns keep apart."""
    largest = max(abs(cell.mean or 0.0), 0.0 if cell.paper is None else abs(cell.paper.value))
    return max(0, digits - (2 if largest > 100 else 1 if largest >= 10 and digits > 2 else 0))


def table_frame(cells: Mapping[tuple[str, str], Beside]) -> pd.DataFrame:
    """The table as rows: ours, the paper's, difference, its standard error and the word."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "row": row,
                "column": column.replace("\n(", " (").replace("\n", ", "),
                "ours": cell.mean,
                "standard_deviation": cell.deviation,
                "n": len(cell.ours),
                "paper": None if cell.paper is None else cell.paper.value,
                "paper_spread": None if cell.paper is None else cell.paper.spread,
                "paper_table": None if cell.paper is None else cell.paper.table,
                "difference": cell.difference,
                "standard_error": cell.standard_error,
                "word": cell.word,
            }
            for (row, column), cell in cells.items()
        ]
    )
