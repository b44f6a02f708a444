"""What the tables of an analysis' README are made of: its kept runs, mean and standard deviation over seeds.

    python analyses/moments.py analyses/esml_epitopological_learning

Prints how the runs learned, what their nets measure at each moment, and, where two methods share seeds, the paired
differences of accuracy and area across the epochs (AAE) with the p of a t-test.  With ``--end`` only what runs and nets
came to, as Markdown: a row a number, a column a method and data set.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import pandas as pd
from scipy import stats

LEARNED = ["accuracy", "aae", "anp", "epochs_to_90_percent", "train_loss"]
KEYS = ["profile", "data", "changes", "epochs"]


def at_end(cells: pd.DataFrame, measures: pd.DataFrame) -> str:
    """Markdown: mean and standard deviation over seeds of each number, where it was last measured."""
    numbers = [name for name in measures if "." in name]
    last = measures.sort_values("update").groupby("cell")[numbers].last()
    table = cells.merge(last, on="cell", how="left")
    groups = dict(iter(table.groupby(["data", "profile", "changes", "epochs"])))
    heads = [" ".join(filter(None, (name, changes, data, f"({n} epochs)"))) for data, name, changes, n in groups]
    lines = [f"| | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    counts = [str(len(own)) for own in groups.values()]
    for name in [*LEARNED, *numbers]:
        lines.append(f"| {name} | " + " | ".join(_told(own[name].dropna()) for own in groups.values()) + " |")
    return "\n".join([*lines, f"| seeds | {' | '.join(counts)} |"])


def _told(values: pd.Series) -> str:
    if values.empty:
        return "-"
    return f"{values.mean():.4g} ± {values.std():.2g}" if len(values) > 1 else f"{values.mean():.4g}"


def paired(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a data set, pair of methods and quantity."""
    rows = []
    for (data, _), part in cells.groupby(["data", "epochs"]):  # nets that trained unequally long are no pairs
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
    parser.add_argument("--end", action="store_true")
    chosen = parser.parse_args()
    results = chosen.analysis / "results"
    cells = pd.read_csv(results / "cells.csv", dtype={"changes": str}).fillna({"changes": ""})
    measures = pd.read_csv(results / "measures.csv")
    if chosen.end:
        print(at_end(cells, measures))
        return
    measures = measures.merge(cells[["cell", *KEYS]], on="cell")
    with pd.option_context("display.width", 220, "display.max_columns", 60, "display.max_rows", 2000):
        print(cells.groupby(KEYS)[LEARNED].agg(["mean", "std"]).round(4).to_string())
        numbers = [name for name in measures if "." in name]
        found = measures.groupby([*KEYS, "update"])[numbers].agg(["mean", "std"])
        print(found.T.round(4).to_string())
        print(paired(cells).round(4).to_string())


if __name__ == "__main__":
    main()
