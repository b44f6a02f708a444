"""What a page is made of: sections of blocks, each a frozen record that knows nothing of HTML but its template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

Tone = Literal["plain", "note", "warning"]


@dataclass(frozen=True)
class Block:
    """Base of all blocks; ``kind`` names the template that shows it."""

    kind: ClassVar[str]


@dataclass(frozen=True)
class Words(Block):
    """A paragraph: of the text, in small print, or of warning."""

    kind: ClassVar[str] = "words"
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Heading(Block):
    """Whose numbers follow, where there are several nets."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Points(Block):
    """Sentences, one below the other."""

    kind: ClassVar[str] = "points"
    items: tuple[str, ...]
    tone: Tone = "plain"


@dataclass(frozen=True)
class Tile:
    """One main number with what it is, and in small print the convention that it depends on."""

    name: str
    value: str
    convention: str = ""


@dataclass(frozen=True)
class Verdict(Block):
    """One net in words: its name, its shape, a few numbers and the verdicts."""

    kind: ClassVar[str] = "verdict"
    name: str
    shape: str
    tiles: tuple[Tile, ...]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Verdicts(Block):
    """The nets side by side."""

    kind: ClassVar[str] = "verdicts"
    nets: tuple[Verdict, ...]


@dataclass(frozen=True)
class Facts(Block):
    """Names and values."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """Head of a column, and whether numbers stand below it."""

    name: str
    is_number: bool = True


@dataclass(frozen=True)
class Table(Block):
    """Cells as words; below them why some are empty."""

    kind: ClassVar[str] = "table"
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Folded(Block):
    """What is seen on a click, and in print."""

    kind: ClassVar[str] = "folded"
    title: str
    content: tuple[Block, ...]


WIDE = 500
"""Pixels from which a picture is wide."""


@dataclass(frozen=True)
class Picture:
    """A drawing.

    Parameters
    ----------
    markup : str
        Inline SVG or an image, as :mod:`sparsegraph.report.html.drawing` makes it: the only markup that is trusted.
    alt : str
        What it shows, for those who do not see it.
    caption : str
    width : int
        Pixels of the screen at which its letters have their size.
    """

    markup: str = field(repr=False)
    alt: str
    caption: str
    width: int

    @property
    def is_wide(self) -> bool:
        """Whether two fill a row, where three others would."""
        return self.width > WIDE


@dataclass(frozen=True)
class Pictures(Block):
    """Drawings side by side as far as there is room."""

    kind: ClassVar[str] = "pictures"
    shown: tuple[Picture, ...]


@dataclass(frozen=True)
class Line:
    """A curve in a panel, in its pixels.

    Parameters
    ----------
    name, colour, dash : str
        Colour and dash as SVG writes them.
    points : tuple of str
        The curve: one and the same at every moment, or as many as there are moments.
    values : tuple of str
        What is said beside it at each moment.
    """

    name: str
    colour: str
    dash: str
    points: tuple[str, ...] = field(repr=False)
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Panel:
    """Curves over one axis, with a cursor that goes to ``cursor`` at each moment, or that has none."""

    title: str
    note: str
    x_label: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    cursor: tuple[float, ...]
    alt: str


@dataclass(frozen=True)
class Panels(Block):
    """Panels side by side under one slider over the moments of a training."""

    kind: ClassVar[str] = "panels"
    name: str
    moments: tuple[str, ...]
    panels: tuple[Panel, ...]
    caption: str

    @property
    def legend(self) -> tuple[Line, ...]:
        """The nets by their colours; none where there is only one."""
        most = max((panel.lines for panel in self.panels), key=len, default=())
        return most if len(most) > 1 else ()

    @property
    def data(self) -> dict[str, Any]:
        """What the script needs to move on."""
        return {
            "moments": self.moments,
            "panels": [
                {
                    "cursor": panel.cursor,
                    "lines": [{"points": line.points, "values": line.values} for line in panel.lines],
                }
                for panel in self.panels
            ],
        }


@dataclass(frozen=True)
class View(Block):
    """An interactive drawing: markup of :func:`sparsegraph.interactive.html.fragment`, and the script in it."""

    kind: ClassVar[str] = "view"
    markup: str = field(repr=False)
    script: str = field(repr=False)
    caption: str


@dataclass(frozen=True)
class Paste(Block):
    """Text to take along."""

    kind: ClassVar[str] = "paste"
    title: str
    text: str


@dataclass(frozen=True)
class Download:
    """A file within the file."""

    name: str
    media: str
    text: str = field(repr=False)
    words: str


@dataclass(frozen=True)
class Downloads(Block):
    """Files to save."""

    kind: ClassVar[str] = "downloads"
    files: tuple[Download, ...]


@dataclass(frozen=True)
class Section:
    """A part of the page; ``name`` is its anchor, ``lead`` a sentence on what is shown."""

    name: str
    title: str
    lead: str
    content: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """The whole report."""

    title: str
    n_nets: int
    sections: tuple[Section, ...]
