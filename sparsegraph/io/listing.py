"""Which checkpoints or runs a path stands for."""

from __future__ import annotations

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


def checkpoints_in(path: Path) -> list[Path]:
    """The checkpoints that a path stands for: itself, or those of a folder, by name.

    A folder with a shard index is one checkpoint, and so is that of a run: its final snapshot.  Files of a folder that
    are no checkpoint are passed over.

    Raises
    ------
    LoadError
        If a folder holds no checkpoint.
    """
    if not path.is_dir():
        return [path]
    if is_run(path) or damage(path):
        return [path]
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    if any(entry.name.endswith(".index.json") for entry in entries):
        return [path]
    found = [entry for entry in entries if _is_one(entry)]
    if not found:
        raise LoadError(f"{path}: a folder without a checkpoint; expected at least one file that holds weights")
    return found


def runs_in(path: Path) -> list[Path]:
    """The runs that a path stands for: itself, or those of a folder that is none, by name.

    Raises
    ------
    LoadError
        If a folder is no run and holds none.
    """
    if not path.is_dir() or is_run(path) or damage(path):
        return [path]
    found = [entry for entry in sorted(path.iterdir()) if entry.is_dir() and (is_run(entry) or damage(entry))]
    if not found:
        raise LoadError(f"{path}: a folder that is no run and holds none; expected one with a {CONFIG}")
    return found


def _is_one(entry: Path) -> bool:
    return (
        is_run(entry) or bool(damage(entry))
        if entry.is_dir()
        else entry.is_file() and (entry.suffix in SUFFIXES or is_checkpoint(entry))
    )
