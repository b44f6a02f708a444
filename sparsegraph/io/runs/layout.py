"""Where what lies in a run directory."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from sparsegraph.errors import LoadError

RUN = "sparsegraph-run"
RUN_VERSION = 1
CONFIG = "config.json"
HISTORY = "history.jsonl"
RESUME = "resume.npz"
SNAPSHOTS = "snapshots"
TOPOLOGY = "topology"
SUFFIX = {SNAPSHOTS: ".pt", TOPOLOGY: ".npz"}
CONFIG_BYTES = 25 * 1024**2

_NUMBER = re.compile(r"\d{6,12}")
_AT = re.compile(r"(.+)@(.*)")


def numbered(directory: Path, kind: str, number: int) -> Path:
    """Place of a snapshot or topology snapshot."""
    return directory / kind / f"{number:06d}{SUFFIX[kind]}"


def numbers_in(directory: Path, kind: str) -> tuple[int, ...]:
    """Numbers of the files of one kind, increasing; other files are passed over."""
    folder = directory / kind
    if not folder.is_dir():
        return ()
    names = (entry.stem for entry in folder.iterdir() if entry.suffix == SUFFIX[kind])
    found = {int(name) for name in names if _NUMBER.fullmatch(name)}
    return tuple(sorted(number for number in found if numbered(directory, kind, number).exists()))


def is_run(directory: Path) -> bool:
    """Whether a directory holds the configuration of a run; says nothing of whether it is whole."""
    config = directory / CONFIG
    if not config.is_file() or config.stat().st_size > CONFIG_BYTES:
        return False
    try:
        content: Any = json.loads(config.read_bytes())
    except (ValueError, RecursionError, OSError):
        return False
    return isinstance(content, dict) and content.get("format") == RUN


def run_at(name: str | os.PathLike[str]) -> tuple[Path, str]:
    """``RUN@N`` to run and what follows the last "@"; any other name, "@" or not, to itself and nothing.

    A file or folder of that very name goes first.
    """
    found = _AT.fullmatch(os.fspath(name))
    if found is None or Path(name).exists() or not is_run(Path(found[1])):
        return Path(name), ""
    return Path(found[1]), found[2]


def damage(directory: Path) -> str:
    """What is wrong with the configuration of a directory that holds the other files of a run; empty if nothing is."""
    of_run = (directory / RESUME).is_file() or any(numbers_in(directory, kind) for kind in SUFFIX)
    if not of_run or is_run(directory):
        return ""
    state = "damaged" if (directory / CONFIG).exists() else "missing"
    return (
        f"holds a run whose {CONFIG} is {state}: put it back from a copy to go on; each snapshot can still be read by "
        f"itself, in {SNAPSHOTS}"
    )


def final_snapshot(directory: Path) -> Path:
    """The last snapshot of a run.

    Raises
    ------
    LoadError
        If it has none.
    """
    found = numbers_in(directory, SNAPSHOTS)
    if not found:
        raise LoadError("a run without a snapshot; train further, or name a checkpoint")
    return numbered(directory, SNAPSHOTS, found[-1])
