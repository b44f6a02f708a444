"""Whether a file can be written, asked before any work is done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sparsegraph.errors import SparseGraphError


def check_output(path: Path, endings: Iterable[str]) -> None:
    """Refuse an output that cannot be written.

    Parameters
    ----------
    path : Path
    endings : iterable of str
        Those that say a known format, such as ``".csv"``.

    Raises
    ------
    SparseGraphError
        If the ending is unknown, the folder is missing or not to be written to, or a folder has that name.
    """
    if path.suffix not in endings:
        raise SparseGraphError(f"{path}: this output ends in {', '.join(endings)}, not in {path.suffix or 'nothing'}")
    check_place(path)


def check_place(path: Path) -> None:
    """Refuse a place where no file can be written, whatever its ending; as :func:`check_output`."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise SparseGraphError(f"{path}: there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise SparseGraphError(f"{path}: a folder has this name; choose another for the file")
    if not os.access(folder, os.W_OK):
        raise SparseGraphError(f"{path}: nothing can be written to {path.parent}; choose another folder")
