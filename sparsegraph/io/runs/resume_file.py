"""The rolling resume file: everything that a run needs to go on bit for bit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.runs.archive import read_archive, write_archive
from sparsegraph.io.runs.layout import RESUME

MAGIC = "sparsegraph-resume"
VERSION = 1


@dataclass(frozen=True)
class Written:
    """How far a run had come when the resume file was written.

    Parameters
    ----------
    snapshot, topology : int, optional
        Highest numbers by then.
    records : int
        Lines of the history.
    topologies : int
        Number of topology snapshots.
    """

    snapshot: int | None = None
    topology: int | None = None
    records: int = 0
    topologies: int = 0


@dataclass(frozen=True)
class ResumePoint:
    """What a resume file holds: the arrays and plain values of the loop, and how far the run's files reach."""

    arrays: Mapping[str, np.ndarray]
    meta: Mapping[str, Any]
    written: Written = Written()


def write_resume(directory: str | os.PathLike[str], point: ResumePoint) -> None:
    """Replace the resume file of a run, completely or not at all."""
    head = {"format": MAGIC, "format_version": VERSION, "meta": point.meta, "written": vars(point.written)}
    write_archive(Path(directory) / RESUME, head, point.arrays)


def read_resume(directory: str | os.PathLike[str]) -> ResumePoint | None:
    """The resume point of a run; None if none was written yet.

    Raises
    ------
    LoadError
        If the file is damaged or of a newer version.
    """
    path = Path(directory) / RESUME
    if not path.exists():
        return None
    head, arrays = read_archive(path, MAGIC, VERSION)
    meta, written = head.get("meta"), head.get("written")
    if not isinstance(meta, dict) or not isinstance(written, dict) or set(written) != set(vars(Written())):
        raise LoadError(f"{path}: a resume file without its remarks; it is damaged: start the run anew elsewhere")
    counts = (written["records"], written["topologies"])
    numbers = [n for n in (written["snapshot"], written["topology"]) if n is not None]
    if any(type(n) is not int or n < 0 for n in (*counts, *numbers)):
        raise LoadError(f"{path}: a resume file with counts that are none; it is damaged: start the run anew elsewhere")
    return ResumePoint(arrays, meta, Written(**written))
