"""What the tables of an analysis' README are made of: its kept runs, mean and standard deviation over seeds.

    python analyses/moments.py analyses/esml_epitopological_learning

Prints how the runs learned, what their nets measure at each moment, and, where two methods share seeds, the paired
differences of accuracy and area across the epochs (AAE) with the p of a t-test.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import pandas as pd
from scipy import stats

LEARNED = ["accuracy", "aae", "anp", "epochs_to_90_percent", "train_loss"]
KEYS = ["profile", "data", "changes"]


def paired(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a data set, pair of methods and quantity."""
    rows = []
    for data, part in cells.groupby("data"):
        methods = {name: own.set_index("seed") for name, own in part.groupby(["profile", "changes"])}
        for (a, first), (b, second) in itertools.combinations(methods.items(), 2):
            seeds = first.index.intersection(second.index)
            for quantity in ("accuracy", "aae"):
                gap = first.loc[seeds, quantity] - second.loc[seeds, quantity]
                if len(gap) > 1:
                    p = stats.ttest_1samp(gap, 0).pvalue
                    rows.append([data, " ".join(a), " ".join(b), quantity, gap.mean(), gap.std(), p, len(gap)])
    return pd.DataFrame(rows, columns=["data", "first", "second", "quantity", "difference", "deviation", "p", "n"])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analysis", type=Path)
    results = parser.parse_args().analysis / "results"
    cells = pd.read_csv(results / "cells.csv", dtype={"changes": str}).fillna({"changes": ""})
    measures = pd.read_csv(results / "measures.csv").merge(cells[["cell", *KEYS]], on="cell")
    with pd.option_context("display.width", 220, "display.max_columns", 60, "display.max_rows", 2000):
        print(cells.groupby(KEYS)[LEARNED].agg(["mean", "std"]).round(4).to_string())
        numbers = [name for name in measures if "." in name]
        found = measures.groupby([*KEYS, "update"])[numbers].agg(["mean", "std"])
        print(found.T.round(4).to_string())
        print(paired(cells).round(4).to_string())


if __name__ == "__main__":
    main()
