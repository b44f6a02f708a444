"""Null models around the nets of an analysis: at the start, the quarters and the end of runs.

    python analyses/nulls.py analyses/esml_epitopological_learning runs/esml_epitopological_learning --only mnist_seed0

Enters ``results/nulls.csv``: a row a run, moment, null model and number, with mean and deviation of the draws, z
and p.  ``degree``: every neuron keeps its degree in every block; ``er``: only the number of links is kept.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

import sparsegraph as sg
from sparsegraph.io.listing import runs_in

MOMENTS = ("start", "1/4", "1/2", "3/4", "end")
TIERS = {
    "quick": (("powerlaw", "path_length", "credit_paths", "activity", "assortativity", "kshell"), 100),
    "slow": (("modularity", "structural_consistency", "hyperbolic"), 20),
}
"""Measures, and draws: where 20 are made, z is the evidence."""
OPTIONS = {"n_repeats": 3, "n_runs": 5}


def rows_of(path: Path, place: int, null: str, tier: str, *, n_jobs: int) -> list[dict[str, Any]]:
    """One run at one moment against one null model."""
    run = sg.open_run(path)
    snapshot = run.topology[round(place * (len(run.topology) - 1) / 4)]
    names, n_null = TIERS[tier]
    options = OPTIONS if tier == "slow" else None
    found = sg.significance_of(snapshot.graph, names, null=null, n_null=n_null, seed=0, options=options, n_jobs=n_jobs)
    table = found.to_frame()
    return [
        {"cell": path.name, "moment": MOMENTS[place], "epoch": snapshot.epoch, "null": null, "tier": tier} | row
        for row in table.to_dict("records")
    ]


def main() -> None:
    """Measure what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analysis", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--only", default="", help="only runs whose name has this in it")
    parser.add_argument("--tiers", nargs="*", default=list(TIERS))
    parser.add_argument("--null", nargs="*", default=["degree", "er"])
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    path = chosen.analysis / "results" / "nulls.csv"
    path.parent.mkdir(exist_ok=True)
    table = pd.read_csv(path) if path.exists() else pd.DataFrame()
    keys = ["cell", "moment", "null", "tier"]
    had = set(map(tuple, table[keys].to_numpy())) if len(table) else set()
    for run in (run for run in runs_in(chosen.runs) if chosen.only in run.name):
        for place in range(5):
            for null in chosen.null:
                for tier in chosen.tiers:
                    key = (run.name, MOMENTS[place], null, tier)
                    if key in had:
                        continue
                    print(*key, flush=True)
                    rows = rows_of(run, place, null, tier, n_jobs=chosen.jobs)
                    table = pd.concat([table, pd.DataFrame(rows)], ignore_index=True)
                    table.to_csv(path, index=False, float_format="%.5g")


if __name__ == "__main__":
    main()
