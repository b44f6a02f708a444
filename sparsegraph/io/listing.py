"""Which checkpoints or runs a path stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import is_checkpoint
from sparsegraph.io.runs.layout import CONFIG, damage, is_run

SUFFIXES = frozenset(
    [
        ".pt",
        ".pth",
        ".ptmodel",
        ".tar",
        ".ckpt",
        ".bin",
        ".safetensors",
        ".npz",
        ".npy",
        ".mat",
        ".h5",
        ".hdf5",
        ".keras",
        ".onnx",
        ".pkl",
        ".pickle",
    ]
)
"""Endings that say "checkpoint": such a file is listed even if it cannot be read, so that its reader says why."""
KEPT = "kept"
"""The folder beside runs that holds what is left of others: numbers and topologies, no runs."""


def checkpoints_in(path: Path) -> list[Path]:
    """The checkpoints that a path stands for: itself, or those of a folder, by name.

    A folder with a shard index is one checkpoint, and so is that of a run: its final snapshot.  Runs may lie one folder
    deeper, see :func:`runs_in`.  What is no checkpoint is passed over.

    Raises
    ------
    LoadError
        If a folder holds no checkpoint.
    """
    if not path.is_dir():
        return [path]
    if _is_of_run(path):
        return [path]
    entries = _entries(path)
    if any(entry.name.endswith(".index.json") for entry in entries):
        return [path]
    found = [one for entry in entries for one in (_runs_at(entry) if entry.is_dir() else _file(entry))]
    if not found:
        raise LoadError(f"{path}: a folder without a checkpoint; expected at least one file that holds weights")
    return found


def runs_in(path: Path) -> list[Path]:
    """The runs that a path stands for: itself, or those of a folder that is none, by name.

    Runs may lie one folder deeper, as several seeds of ``sparsegraph train`` do.  Hidden folders and ``kept`` are
    passed over, unless they are the path itself.

    Raises
    ------
    LoadError
        If a folder is no run and holds none.
    """
    if not path.is_dir() or _is_of_run(path):
        return [path]
    found = [run for entry in _entries(path) for run in _runs_at(entry)]
    if not found:
        raise LoadError(
            f"{path}: a folder that is no run and holds none, nor do the folders in it; expected one with a {CONFIG}"
        )
    return found


def _entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.name != KEPT)


def _is_of_run(path: Path) -> bool:
    return path.is_dir() and (is_run(path) or bool(damage(path)))


def _runs_at(entry: Path) -> Iterator[Path]:
    """The entry of a folder if it is a run, else the runs in it."""
    if _is_of_run(entry):
        yield entry
    elif entry.is_dir():
        yield from filter(_is_of_run, _entries(entry))


def _file(entry: Path) -> Iterator[Path]:
    if entry.is_file() and (entry.suffix in SUFFIXES or is_checkpoint(entry)):
        yield entry
