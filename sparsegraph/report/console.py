"""Where pages are printed."""

from __future__ import annotations

import sys

from rich.console import Console

WIDTH = 80
PIPED_WIDTH = 100


def page_console() -> Console:
    """Console on stdout: the terminal's width, at least 80 columns; no colour where it is piped."""
    plain = not sys.stdout.isatty()
    console = Console(highlight=False, soft_wrap=False, width=PIPED_WIDTH if plain else None)
    if console.width < WIDTH:
        console = Console(highlight=False, width=WIDTH)
    return console
