"""The hyperbolic disk in every way that 002 names: how far layers and communities of trained nets lie apart there.

    python analyses/disks.py analyses/what_makes_it_percolate runs/what_makes_it_percolate --only epochs=100

Enters ``results/disks.csv``: a row a run, moment (start or end), graph (raw or percolated), pre-weighting and
dimension reduction, with the angular separability of layers and of communities.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import Any, get_args

import pandas as pd

import sparsegraph as sg
from sparsegraph.graph.percolation import percolate
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.kernels.hyperbolic import Reduction
from sparsegraph.kernels.pre_weighting import Weighting
from sparsegraph.orphans import in_processes

KEYS = ["cell", "moment", "graph"]
DISKS = list(itertools.product(get_args(Weighting), get_args(Reduction)))


def rows_of(net: tuple[Path, str, str]) -> list[dict[str, Any]]:
    """One net in every disk: of a run, at a moment, raw or percolated."""
    path, moment, which = net
    run = sg.open_run(path)
    graph = (run[0] if moment == "start" else run.final).graph
    if which == "percolated":
        graph = percolate(graph).graph
    rows = []
    for weighting, reduction in DISKS:
        found = sg.measure(graph, "hyperbolic", seed=0, weighting=weighting, reduction=reduction)
        numbers = {
            name: None if isinstance(part.index, sg.Undefined) else float(part.index)
            for name, part in (("layers", found.layers), ("communities", found.communities))
        }
        rows.append({"cell": path.name, "moment": moment, "graph": which, "disk": f"{weighting}-{reduction}"} | numbers)
    return rows


def main() -> None:
    """Embed what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analysis", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--only", default="", help="only runs whose name has this in it")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    path = chosen.analysis / "results" / "disks.csv"
    path.parent.mkdir(exist_ok=True)
    table = pd.read_csv(path) if path.exists() else pd.DataFrame(columns=KEYS)
    had = set(map(tuple, table[KEYS].to_numpy()))
    runs = [run for run in runs_in(chosen.runs) if chosen.only in run.name]
    wanted = itertools.product(runs, ("start", "end"), ("raw", "percolated"))
    missing = [each for each in wanted if (each[0].name, *each[1:]) not in had]
    for rows in in_processes(rows_of, missing, n_jobs=chosen.jobs):
        print(*(rows[0][key] for key in KEYS), flush=True)
        table = pd.concat([table, pd.DataFrame(rows)], ignore_index=True) if len(table) else pd.DataFrame(rows)
        table.to_csv(path, index=False, float_format="%.4f")
    if table.empty:
        raise SystemExit(f"{chosen.runs}: no run has {chosen.only!r} in its name")
    table[["layers", "communities"]] = table[["layers", "communities"]].astype(float)
    ends = table.groupby(["moment", "graph", "disk"])[["layers", "communities"]].agg(["min", "max"])
    print(ends.round(2).to_string())


if __name__ == "__main__":
    main()
