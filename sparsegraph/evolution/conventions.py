"""What the numbers of a followed measure depend on besides the run, in words: the column ``conventions``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sparsegraph.evolution.plan import AUTO, Target, entry_of
from sparsegraph.evolution.settings import Settings
from sparsegraph.evolution.work import Reader
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.io.runs.snapshot_head import SnapshotHead
from sparsegraph.measures.catalogue import known_options

NOTED = "as the run noted it"
"""Of the history: whoever trained the run decided it."""


def conventions_of(target: Target, settings: Settings) -> str:
    """Conventions of one measure, such as ``"raw mask; readout left out (dense last block fc3)"``.

    The graph is named always, the readout, the seed and options where the measure knows them.
    """
    return "; ".join(_told(target, settings))


def _told(target: Target, settings: Settings) -> Iterator[str]:
    entry = entry_of(target.measure)
    options = known_options(entry, settings.options)
    yield "percolated mask" if settings.percolated else "raw mask"
    if "readout" in entry.options:
        policy = options.pop("readout", AUTO)
        yield _readout(target.run, target.kind, target.first, tuple(policy) if isinstance(policy, list) else policy)
    if entry.stochastic:
        yield f"seed {settings.seed}"
    yield from (f"{name}={value}" for name, value in options.items())


@lru_cache(maxsize=64)
def _readout(run: Path, kind: str, first: SnapshotHead, policy: ReadoutPolicy) -> str:
    """What a policy does to a run: decided on its first snapshot, which is read for it."""
    return choose_readout(Reader().snapshot(run, kind, first).graph, policy).convention
