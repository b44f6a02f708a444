"""Where pages are printed."""

from __future__ import annotations

import io
import os
import sys

from rich.console import Console, RenderableType

NARROWEST = 80
PIPED_WIDTH = 100


def show(page: RenderableType) -> None:
    """Print a page on stdout: the terminal's width, at least 80 columns; piped, plain text of ``COLUMNS`` or 100.

    Words are printed as they are, whatever brackets a file puts into its names.
    """
    if not sys.stdout.isatty():
        told = os.environ.get("COLUMNS", "")
        sys.stdout.write(plain_text(page, max(int(told), NARROWEST) if told.isdecimal() else PIPED_WIDTH))
        return
    console = Console(highlight=False, markup=False, emoji=False)
    if console.width < NARROWEST:
        console = Console(highlight=False, markup=False, emoji=False, width=NARROWEST)
    console.print(page)


def plain_text(page: RenderableType, width: int = PIPED_WIDTH) -> str:
    """A page as text of so many columns, without colour and without blanks at the ends of lines."""
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        console.print(page)
    return "".join(line.rstrip() + "\n" for line in capture.get().splitlines())
