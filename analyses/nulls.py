"""Null models around the nets of an analysis: at the start, the quarters and the end of runs.

    python analyses/nulls.py analyses/esml_epitopological_learning runs/esml_epitopological_learning --only mnist_seed0

Enters ``results/nulls.csv``: a row a run, moment, null model and number, with mean and deviation of the draws, z
and p.  ``degree``: every neuron keeps its degree in every block; ``er``: only the number of links is kept.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

import sparsegraph as sg
from sparsegraph.io.runs.listing import runs_in

MOMENTS = ("start", "1/4", "1/2", "3/4", "end")
KEYS = ["cell", "moment", "null", "tier"]


@dataclass(frozen=True)
class Tier:
    """Measures that cost about the same.

    Parameters
    ----------
    measures : tuple of str
    n_null : int
        Draws; where there are few, z is the evidence.
    moments, nulls : tuple of str
        When, and against what.
    options : dict
        Of the measures, for observed and drawn nets alike.
    """

    measures: tuple[str, ...]
    n_null: int
    moments: tuple[str, ...] = MOMENTS
    nulls: tuple[str, ...] = ("degree", "er")
    options: dict[str, Any] = field(default_factory=dict)


TIERS = {
    "quick": Tier(("path_length", "credit_paths", "activity", "assortativity", "kshell"), 100),
    "geometry": Tier(("modularity", "hyperbolic"), 20, nulls=("degree",), options={"n_runs": 5}),
    "slow": Tier(("structural_consistency",), 10, ("start", "end"), ("degree",), {"n_repeats": 3}),
    "ranks": Tier(("rank",), 20, ("start", "end"), ("degree",)),
}
"""A random start is itself a draw of ``er``: that null is for the quick ones.  Weights lie at the start and the end."""


def rows_of(path: Path, moment: str, null: str, name: str, *, n_jobs: int) -> list[dict[str, Any]]:
    """One run at one moment against one null model."""
    run, tier = sg.open_run(path), TIERS[name]
    snapshot = _snapshot(run, moment)
    options = tier.options or None
    found = sg.significance_of(
        snapshot.graph, tier.measures, null=null, n_null=tier.n_null, seed=0, options=options, n_jobs=n_jobs
    )
    key = {"cell": path.name, "moment": moment, "epoch": snapshot.epoch, "null": null, "tier": name}
    return [key | row for row in found.to_frame().drop(columns="undefined").to_dict("records")]


def _snapshot(run: sg.Run, moment: str) -> Any:
    """The net then: with its weights at the start and the end, else its topology."""
    if moment in ("start", "end"):
        return run[0] if moment == "start" else run.final
    return run.topology[round(MOMENTS.index(moment) * (len(run.topology) - 1) / 4)]


def main() -> None:
    """Measure what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analysis", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--only", default="", help="only runs whose name has this in it")
    parser.add_argument("--tiers", nargs="*", choices=list(TIERS), default=list(TIERS))
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    path = chosen.analysis / "results" / "nulls.csv"
    path.parent.mkdir(exist_ok=True)
    table = pd.read_csv(path) if path.exists() else pd.DataFrame(columns=KEYS)
    had = set(map(tuple, table[KEYS].to_numpy()))
    runs = [run for run in runs_in(chosen.runs) if chosen.only in run.name]
    for run, name in itertools.product(runs, chosen.tiers):
        tier = TIERS[name]
        moments = tier.moments if len(sg.open_run(run).topology) > 1 else MOMENTS[:1]  # a static net is what it was
        for key in itertools.product([run.name], moments, tier.nulls, [name]):
            if key in had:
                continue
            print(*key, flush=True)
            rows = rows_of(run, key[1], key[2], name, n_jobs=chosen.jobs)
            table = pd.concat([table, pd.DataFrame(rows)], ignore_index=True) if len(table) else pd.DataFrame(rows)
            table.to_csv(path, index=False, float_format="%.5g")


if __name__ == "__main__":
    main()
