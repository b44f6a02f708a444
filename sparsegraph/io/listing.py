"""Which checkpoints a path stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import is_checkpoint
from sparsegraph.io.runs.listing import entries, is_of_run, runs_at

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


def checkpoints_in(path: Path) -> list[Path]:
    """The checkpoints that a path stands for: itself, or those of a folder, by name.

    A folder with a shard index is one checkpoint, and so is that of a run: its final snapshot.  Runs may lie one folder
    deeper, see :func:`sparsegraph.io.runs.listing.runs_in`.  What is no checkpoint is passed over.

    Raises
    ------
    LoadError
        If a folder holds no checkpoint.
    """
    if not path.is_dir() or is_of_run(path):
        return [path]
    inside = entries(path)
    if any(entry.name.endswith(".index.json") for entry in inside):
        return [path]
    found = [one for entry in inside for one in (runs_at(entry) if entry.is_dir() else _file(entry))]
    if not found:
        raise LoadError(f"{path}: a folder without a checkpoint; expected at least one file that holds weights")
    return found


def _file(entry: Path) -> Iterator[Path]:
    if entry.is_file() and (entry.suffix in SUFFIXES or is_checkpoint(entry)):
        yield entry
