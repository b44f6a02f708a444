"""Kind: a table of words, such as methods side by side or the steps of an algorithm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.plotting.panels import PAGE
from sparsegraph.plotting.style import FAINT, INK, STYLE

Row = Sequence[str]
Rows = Sequence[Row] | Callable[[Material], Sequence[Row]]

_SIZE, _LINE, _GAP, _PAD = 7.0, 0.128, 0.12, 0.09
"""Of letters in points; of lines, between columns and around rows in inches."""
_BOLD = 1.15
"""Bold letters are wider by so much."""
_RULE = "#e3e3e3"


def words(
    material: Material,
    *,
    columns: Sequence[str],
    rows: Rows,
    widths: Sequence[float] | None = None,
    faint: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Drawn:
    """A table of words as wide as a page, its cells wrapped.

    Parameters
    ----------
    material : Material
    columns : sequence of str
        Their heads.
    rows : sequence of rows, or function that makes them of the material
        A row has one text for each column; blanks before a text indent it, all its lines alike.
    widths : sequence of float, optional
        Of the columns, relative to each other; by default alike.
    faint : sequence of str
        Columns in grey, such as what a paper says beside ours.
    notes : sequence of str
        For the caption.
    """
    import pandas as pd

    found = [tuple(map(str, row)) for row in (rows(material) if callable(rows) else rows)]
    canvas = draw_words(columns, found, widths=widths, faint=faint)
    data = pd.DataFrame([[cell.strip() for cell in row] for row in found], columns=list(columns))
    return Drawn(canvas, data, notes=tuple(notes))


def draw_words(
    columns: Sequence[str], rows: Sequence[Row], *, widths: Sequence[float] | None = None, faint: Sequence[str] = ()
) -> Figure:
    """The picture; see :func:`words`.

    Raises
    ------
    ValueError
        If a row has not one cell for each column.
    """
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row of {len(row)} cells under {len(columns)} columns: {row}")
    shares = list(widths or [1.0] * len(columns))
    room = PAGE - _GAP * (len(columns) + 1)
    inches = [room * share / sum(shares) for share in shares]
    lefts = [_GAP * (place + 1) + sum(inches[:place]) for place in range(len(columns))]
    heads = [list(wrapped(head, width / _BOLD)) for head, width in zip(columns, inches, strict=True)]
    body = [[list(wrapped(cell, width)) for cell, width in zip(row, inches, strict=True)] for row in rows]
    lines = [heads, *body]
    heights = [_LINE * max(len(cell) for cell in row) + _PAD for row in lines]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(PAGE, sum(heights) + _PAD))
        figure.set_layout_engine("none")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0, PAGE)
        axes.set_ylim(sum(heights) + _PAD, 0)
        axes.set_axis_off()
        top = 0.0
        for place, (row_lines, height) in enumerate(zip(lines, heights, strict=True)):
            for column, left, cell in zip(columns, lefts, row_lines, strict=True):
                _write(axes, cell, left, top, FAINT if place and column in faint else INK, bold=place == 0)
            top += height
            axes.axhline(top, color=_RULE if place else INK, linewidth=0.5 if place else 0.8)
    return figure


def wrapped(text: str, width: float) -> Iterator[str]:
    """Lines of at most so many inches at the size of these tables, broken at blanks; the indent of a text is kept.

    A word that is wider than a line has a line of its own.
    """
    for paragraph in text.split("\n"):
        indent = paragraph[: len(paragraph) - len(paragraph.lstrip(" "))]
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and _inches(indent + longer) > width:
                yield indent + line
                line = word
            else:
                line = longer
        yield indent + line


def _write(axes: Axes, lines: Sequence[str], left: float, top: float, colour: str, *, bold: bool) -> None:
    for place, line in enumerate(lines):
        indent = _inches(line[: len(line) - len(line.lstrip(" "))])
        y = top + _PAD / 2 + _LINE * (place + 0.5)
        weight = "bold" if bold else "normal"
        # Dollar signs are money here, not mathematics.
        axes.text(left + indent, y, line.strip().replace("$", r"\$"), fontsize=_SIZE, color=colour, weight=weight,
                  va="center_baseline")  # fmt: skip


@cache
def _inches(text: str) -> float:
    """Width of a text; blanks at its ends count."""
    font = get_font(findfont(FontProperties()))
    font.set_size(_SIZE, 72)
    return float(sum(font.load_char(ord(letter)).linearHoriAdvance for letter in text)) / 65536 / 72
