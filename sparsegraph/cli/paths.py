"""Paths from the command line."""

from __future__ import annotations

from pathlib import Path

import typer


def path_from(text: str) -> Path:
    """A path; an empty word, such as an unset variable leaves behind, is none (``Path("")`` would be the folder)."""
    if not text:
        raise typer.BadParameter("an empty path; name a file or a folder")
    return Path(text)
