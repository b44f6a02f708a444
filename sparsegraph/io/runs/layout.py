"""Where what lies in a run directory."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
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
_FEW = 4

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


def n_records(directory: Path) -> int:
    """Lines of the history."""
    history = directory / HISTORY
    return history.read_bytes().count(b"\n") if history.is_file() else 0


def damage(directory: Path) -> str:
    """What is wrong with the configuration of a directory that holds the other files of a run; empty if nothing is."""
    of_run = (directory / RESUME).is_file() or any(numbers_in(directory, kind) for kind in SUFFIX)
    if not of_run or is_run(directory):
        return ""
    config = directory / CONFIG
    if config.exists() and not os.access(config, os.R_OK):
        return f"holds a run whose {CONFIG} you may not read; ask its owner for the right, or copy the run"
    state = "damaged" if config.exists() else "missing"
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


def snapshot_at(directory: Path, number: str) -> Path:
    """The snapshot of a run with this number, or where it has none the topology snapshot, which has no weights.

    Raises
    ------
    LoadError
        If it has neither; names some that there are.
    """
    there = {kind: numbers_in(directory, kind) for kind in (SNAPSHOTS, TOPOLOGY)}
    for kind, numbers in there.items():
        if number.isdecimal() and int(number) in numbers:
            return numbered(directory, kind, int(number))
    known = sorted({*there[SNAPSHOTS], *there[TOPOLOGY]})
    raise LoadError(f"there is no snapshot {number}; there are: {ends_of(known)}")


def ends_of(numbers: Sequence[int]) -> str:
    """The first few numbers and the last, in words.

    Examples
    --------
    >>> ends_of([0, 5]), ends_of(range(0, 100, 5))
    ('0, 5', '0, 5, 10, 15, ... (20 in all), 95')
    """
    if len(numbers) <= _FEW + 2:
        return ", ".join(map(str, numbers)) or "none"
    return f"{', '.join(map(str, numbers[:_FEW]))}, ... ({len(numbers):,} in all), {numbers[-1]}"
