"""How far the weights of the convolutional nets went, and how many channels they kept.

    python analyses/survival_accuracy_tables/convnet_weights.py RUNS   # of RG5, with their snapshots

Writes ``results/convnet_weights.csv``: of each net at the end its test accuracy, the share of its hidden channels that
are active (raw masks percolated), and the standard deviation of its weights (of a kernel the L1 norm; readout counted).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

import sparsegraph as sg
from sparsegraph.evolution.cohorts import Member, member_of
from sparsegraph.io.runs.listing import runs_in

RESULTS = Path(__file__).parent / "results" / "convnet_weights.csv"


def row_of(one: Member) -> dict[str, Any]:
    """The net of a run at the end."""
    net = one.run.final.graph
    return {
        "profile": one.profile,
        "data": one.data,
        "seed": one.seed,
        "accuracy": one.run.history[-1]["test"]["accuracy"],
        "active_hidden": sg.measure(net, "activity").anp_rate_hidden,
        "weights_std": sg.measure(net, "weights").whole.std,
    }


def main() -> None:
    """Write the table, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    members = [member_of(sg.open_run(path)) for path in runs_in(parser.parse_args().runs) if "convnet" in path.name]
    table = pd.DataFrame([row_of(one) for one in members]).sort_values(["data", "profile", "seed"])
    table.to_csv(RESULTS, index=False, float_format="%.5g")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
