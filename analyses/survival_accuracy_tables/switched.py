"""What a switch of the regrowth rule at half of the training changes of the net: active neurons and links.

    python analyses/survival_accuracy_tables/switched.py RUNS...   # of RG4 and RG5, with their snapshots

Compares each net of table 8 with that of its first rule all through, of the same seed.  Writes
``results/switched.csv``: share of active neurons (raw masks percolated, inputs and readout counted); how many differ,
by layer; the median strength (sum of the absolute weights of the links in) of the hidden neurons that are active in one
of the two nets only, and of those active in both; the share of its links that the other net has too, and the share of
the links of the middle of its training that it still has.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sparsegraph as sg
from sparsegraph.evolution.cohorts import Member, member_of
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.percolation import active_neurons
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.listing import runs_in

RESULTS = Path(__file__).parent / "results" / "switched.csv"
_TO = "-to-"


def rows_of(members: list[Member]) -> list[dict[str, Any]]:
    """A row for each switched run whose first rule was trained with its seed on its data."""
    plain = {(one.profile, one.data, one.seed): one for one in members if not one.changes and _TO not in one.profile}
    rows = []
    for one in members:
        first = one.profile.partition(_TO)[0]
        through = plain.get((first, one.data, one.seed))
        if _TO in one.profile and not one.changes and through is not None:
            rows.append({"profile": one.profile, "data": one.data, "seed": one.seed} | compared(one, through))
    return rows


def compared(switched: Member, through: Member) -> dict[str, float]:
    """The two nets at the end, and what the switched one keeps of the half of its training."""
    here, there = switched.run.final, through.run.final
    half = max(n for n in switched.run.topology.numbers if 2 * n <= here.number)
    ours, theirs = active_neurons(here.graph), active_neurons(there.graph)
    differ = {layer.name: int((a != b).sum()) for layer, a, b in zip(here.graph.layers, ours, theirs, strict=True)}
    one, both = strengths(here, ours, theirs), strengths(there, theirs, ours)
    return {
        "active": float(np.concatenate(ours).mean()),
        **{f"n_differ_{name}": n for name, n in differ.items() if name != "output"},
        "strength_differ": _median([*one[0], *both[0]]),
        "strength_both": _median(one[1]),
        "links_in_common": shared(here.masks, there.masks),
        "links_kept_since_half": shared(switched.run.topology.load(half).masks, here.masks),
    }


def strengths(snapshot: Snapshot, own: list[np.ndarray], other: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Strength in of the hidden neurons that are active here only, and of those that are active in both nets."""
    only, both = [], []
    for block, mine, theirs in zip(snapshot.blocks[:-1], own[1:-1], other[1:-1], strict=True):
        strength = np.bincount(block.mask.target, np.abs(block.weights), block.mask.shape[1])
        only.append(strength[mine & ~theirs])
        both.append(strength[mine & theirs])
    return np.concatenate(only), np.concatenate(both)


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) else None


def shared(masks: tuple[Mask, ...], others: tuple[Mask, ...]) -> float:
    """Share of the links of some masks that others have too."""
    n_shared = sum(int(other.contains(mask.positions).sum()) for mask, other in zip(masks, others, strict=True))
    return n_shared / sum(mask.n_links for mask in masks)


def main() -> None:
    """Compare all that is there, and print means over seeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    members = [member_of(sg.open_run(path)) for folder in chosen.runs for path in runs_in(folder)]
    table = pd.DataFrame(rows_of([one for one in members if one.epochs >= one.asked]))
    if table.empty:
        raise SystemExit("no run with a switch, and none of its first rule beside it")
    table.to_csv(chosen.output, index=False, float_format="%.5g")
    shown = table.groupby(["data", "profile"]).mean(numeric_only=True).drop(columns="seed")
    print(shown.to_string(float_format="%.3g"))


if __name__ == "__main__":
    main()
