"""Which runs a path stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.runs.layout import CONFIG, damage, is_run


def runs_in(path: Path) -> list[Path]:
    """The runs that a path stands for: itself, or those of a folder that is none, by name.

    Runs may lie one folder deeper, as several seeds of ``sparsegraph train`` do.  Hidden folders are passed
    over, unless they are the path itself.

    Raises
    ------
    LoadError
        If a folder is no run and holds none.
    """
    if not path.is_dir() or is_of_run(path):
        return [path]
    found = [run for entry in entries(path) for run in runs_at(entry)]
    if not found:
        raise LoadError(
            f"{path}: a folder that is no run and holds none, nor do the folders in it; expected one with a {CONFIG}"
        )
    return found


def runs_at(entry: Path) -> Iterator[Path]:
    """The entry of a folder if it is a run, else the runs in it."""
    if is_of_run(entry):
        yield entry
    elif entry.is_dir():
        yield from filter(is_of_run, entries(entry))


def is_of_run(path: Path) -> bool:
    """Whether a path is a run, or was one before it was damaged."""
    return path.is_dir() and (is_run(path) or bool(damage(path)))


def entries(folder: Path) -> list[Path]:
    """What lies in a folder, by name, but for hidden things; numbers in names count: epoch_2 comes before epoch_10."""
    return sorted((entry for entry in folder.iterdir() if not entry.name.startswith(".")), key=_natural)


def _natural(entry: Path) -> tuple[list[str | int], str]:
    words = re.split(r"([0-9]+)", entry.name)
    return [int(word) if place % 2 else word for place, word in enumerate(words)], entry.name
