"""Whether a run went on after the last snapshot that tells its weights."""

from __future__ import annotations

from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.runs.config_file import read_config
from sparsegraph.io.runs.history_file import read_history
from sparsegraph.io.runs.layout import HISTORY, SNAPSHOTS, TOPOLOGY, is_run, numbers_in


def behind(directory: Path) -> str:
    """How far a run went on after its last snapshot with weights, in a sentence; empty where that is its end."""
    if not is_run(directory):
        return ""
    snapshots, topologies = numbers_in(directory, SNAPSHOTS), numbers_in(directory, TOPOLOGY)
    last, furthest = max(snapshots, default=0), max(*topologies, recorded_step(directory) or 0, 0)
    if not snapshots or furthest <= last:
        return ""
    return (
        f"this run was stopped or is not finished: it went on to number {furthest}, its last snapshot with weights has "
        f"number {last} and is what is told here; train on (train --resume, of its own runs), or follow its topology"
    )


def recorded_step(directory: Path) -> int | None:
    """Step of the last record of the trainer's own runs, whose snapshots are numbered by steps; None of others."""
    try:
        if "steps_per_epoch" not in read_config(directory).configuration:
            return None
        records = read_history(directory / HISTORY)
    except LoadError:  # what is damaged is told by who reads it
        return None
    step = records[-1].get("step") if len(records) else None
    return step if type(step) is int else None
