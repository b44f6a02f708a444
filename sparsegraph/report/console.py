"""Where pages are printed."""

from __future__ import annotations

import io
import sys

from rich.console import Console, RenderableType

NARROWEST = 80
PIPED_WIDTH = 100


def show(page: RenderableType) -> None:
    """Print a page on stdout: the terminal's width, at least 80 columns; piped, 100 columns of plain text.

    Words are printed as they are, whatever brackets a file puts into its names.
    """
    if not sys.stdout.isatty():
        sys.stdout.write(plain_text(page))
        return
    console = Console(highlight=False, markup=False, emoji=False)
    if console.width < NARROWEST:
        console = Console(highlight=False, markup=False, emoji=False, width=NARROWEST)
    console.print(page)


def plain_text(page: RenderableType) -> str:
    """A page as text of 100 columns, without colour and without blanks at the ends of lines."""
    console = Console(
        file=io.StringIO(), width=PIPED_WIDTH, color_system=None, highlight=False, markup=False, emoji=False
    )
    with console.capture() as capture:
        console.print(page)
    return "".join(line.rstrip() + "\n" for line in capture.get().splitlines())
