"""Dense nets pruned to 99 % after their training: accuracy, areas under the five perturbations, ranks.

    SPARSEGRAPH_DATA=DATA python analyses/sulyok_structure_and_robustness/pruned.py runs/sulyok_structure_and_robustness

Of every run of ``sulyok-dense`` the last snapshot is pruned as the profile ``sulyok-dense-pruned`` would have
done, which trains the same net.  Writes ``results/pruned.csv``: a row a run, beside the dense net's own accuracy.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

import sparsegraph as sg
from sparsegraph.data.load import load_data
from sparsegraph.evolution.cohorts import member_of
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.perturb.network import Network
from sparsegraph.perturb.robustness import robustness
from sparsegraph.training.pruning import pruned_snapshot
from sparsegraph.training.request import resolve
from sparsegraph.training.run import requested
from sparsegraph.training.starting import plan_for

RESULTS = Path(__file__).parent / "results"
DENSE, PRUNED = "sulyok-dense", "sulyok-dense-pruned"


def row_of(path: Path) -> dict[str, Any]:
    """One dense run, pruned."""
    run = sg.open_run(path)
    profile = resolve(replace(requested(path), profile=PRUNED))
    data = load_data(profile.data, split=profile.split, normalise="standard")
    pruned = pruned_snapshot(run.final, plan_for(profile, data), data)
    network = Network.from_snapshot(pruned)
    tested = robustness(network, data.test.images.reshape(len(data.test), -1), data.test.labels)
    ranks = sg.measure(network.graph, "rank")
    return {
        "cell": path.name,
        "data": member_of(run).data,
        "links": sum(pruned.meta["pruned_after"]["links"]),
        "dense_accuracy": run.history[-1]["test"]["accuracy"],
        "accuracy": tested.accuracy,
        **{f"area.{curve.perturbation}": curve.area.mean for curve in tested.curves},
        "effective_rank": ranks.sum.effective_rank,
        "stable_rank": ranks.sum.stable_rank,
    }


def main() -> None:
    """Prune and measure all dense runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=RESULTS / "pruned.csv")
    chosen = parser.parse_args()
    dense = [path for path in runs_in(chosen.runs) if member_of(sg.open_run(path)).profile == DENSE]
    table = pd.DataFrame([row_of(path) for path in dense])
    table.to_csv(chosen.output, index=False, float_format="%.5g")
    print(table.T.to_string())


if __name__ == "__main__":
    main()
