"""What degrees alone explain over the training: observed numbers beside those of nets with the same degrees.

    python analyses/what_degrees_explain/quarters.py -o figures/what_degrees_explain

From ``results/nulls.csv`` of RG2, which ``analyses/nulls.py`` writes: runs of ESML and SET on MNIST.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl
import pandas as pd

from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.panels import PAGE, grid, letters
from sparsegraph.plotting.style import STYLE, save_pictures

SOURCE = Path(__file__).resolve().parents[1] / "esml_epitopological_learning" / "results" / "nulls.csv"
NUMBERS = {
    "credit_paths.log10_total": "log10 CAP",
    "credit_paths.hub_ratio_all": "hub-CAP",
    "path_length.mean": "mean path length",
    "modularity.modularity": "modularity",
    "structural_consistency.all_pairs.mean": "structural consistency",
    "hyperbolic.layers.index": "ASI of the layers",
}
METHODS = {"esml-esml": "ESML", "esml-set": "SET"}
MOMENTS = ("start", "1/4", "1/2", "3/4", "end")


def rows() -> pd.DataFrame:
    """One row a run, moment and number, against nets with the same degrees."""
    table = pd.read_csv(SOURCE)
    table = table[table["null"] == "degree"]
    table["number"] = table["measure"] + "." + table["number"]
    table["method"] = table["cell"].str.partition("_")[0]
    return table[table["number"].isin(NUMBERS)]


def markdown(table: pd.DataFrame, method: str) -> str:
    """Value, what degrees alone give, and z at each moment, means over the runs of a method."""
    own = table[table["method"] == method]
    columns = ["observed", "null_mean", "z"]
    lines = [f"| {METHODS[method]} | " + " | ".join(MOMENTS) + " |", "|---|" + "---|" * len(MOMENTS)]
    for number, label in NUMBERS.items():
        means = own[own["number"] == number].groupby("moment")[columns].mean()
        cells = [_told(means.loc[moment]) if moment in means.index else "" for moment in MOMENTS]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _told(row: pd.Series) -> str:
    if pd.isna(row["observed"]):
        return "-"
    return f"{row['observed']:.3g}, degrees {row['null_mean']:.3g} (z {row['z']:+.0f})"


def picture(table: pd.DataFrame, output: Path) -> None:
    """A panel a number: a line a run, dashed the mean of nets with its degrees."""
    canvas, panels = grid(2, 3, width=PAGE, height=2.0)
    with mpl.rc_context(STYLE):
        for axes, (number, label) in zip(panels.ravel(), NUMBERS.items(), strict=True):
            for cell, run in table[table["number"] == number].groupby("cell"):
                run = run.sort_values("epoch")
                method = str(cell).partition("_")[0]
                colour = colour_of(method.partition("-")[2])
                axes.plot(run["epoch"], run["observed"], "o-", color=colour, markersize=2.5, label=METHODS[method])
                axes.plot(run["epoch"], run["null_mean"], "--", color=colour, label=f"{METHODS[method]}, degrees alone")
            axes.set_ylabel(label)
            axes.set_xlabel("epoch" if axes in panels[-1] else "")
        handles = dict(zip(*reversed(panels[0, 0].get_legend_handles_labels()), strict=True))
        canvas.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=4, fontsize=7)
        letters(list(panels.ravel()), [""] * panels.size)
    save_pictures(canvas, output / "quarters")


def main() -> None:
    """Print the tables; draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    table = rows()
    for method in METHODS:
        n = table.loc[table["method"] == method, "cell"].nunique()
        print(markdown(table, method), f"\nruns: {n}\n")
    if chosen.output:
        picture(table, chosen.output)


if __name__ == "__main__":
    main()
