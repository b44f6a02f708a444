"""Mean and spread of the test accuracy over some epochs of an analysis's runs, from its tables.

    python analyses/between.py analyses/survival_accuracy_tables 101 150 --only 3x32x32

The spread is the standard deviation over the epochs of one run, in points.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd


def between(history: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """One row a run that has all these epochs, both ends counted: mean and standard deviation, per cent."""
    within = history[history["epoch"].between(first, last)]
    found = 100 * within.groupby("cell")["accuracy"].agg(["mean", "std"])
    return found[within.groupby("cell").size() == last - first + 1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analysis", type=Path)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--only", default="", help="only runs whose name has this in it")
    chosen = parser.parse_args()
    history = pd.read_csv(chosen.analysis / "results" / "history.csv")
    found = between(history[history["cell"].str.contains(chosen.only, regex=False)], chosen.first, chosen.last)
    print(found.round(2).to_string() if len(found) else "no run has these epochs")


if __name__ == "__main__":
    main()
