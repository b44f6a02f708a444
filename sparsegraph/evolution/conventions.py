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
from sparsegraph.measures.conventions import conventions_in_words, fixed_words

NOTED = "as the run noted it"
"""Of the history: whoever trained the run decided it."""


def conventions_of(target: Target, settings: Settings) -> str:
    """Conventions of one measure, such as ``"raw mask; readout counted; seed 0; degree: total; rule=csn"``.

    The graph always; what becomes of the readout, and whatever else the results say of themselves; the seed where the
    measure draws; its options, given or not.
    """
    return "; ".join(_told(target, settings))


def _told(target: Target, settings: Settings) -> Iterator[str]:
    entry = entry_of(target.measure)
    options = known_options(entry, settings.options)
    words = fixed_words(entry)
    yield "percolated mask" if settings.percolated else "raw mask"
    if "readout" in entry.options:
        policy = options.pop("readout", AUTO)
        words["readout"] = _readout(
            target.run, target.kind, target.first, tuple(policy) if isinstance(policy, list) else policy
        )
    if "readout" in words:
        yield words.pop("readout")
    if entry.stochastic:
        yield f"seed {settings.seed}"
    yield from conventions_in_words(entry, words, options)


@lru_cache(maxsize=64)
def _readout(run: Path, kind: str, first: SnapshotHead, policy: ReadoutPolicy) -> str:
    """What a policy does to a run: decided on its first snapshot, which is read for it."""
    return choose_readout(Reader().snapshot(run, kind, first).graph, policy).convention
