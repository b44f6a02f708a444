"""The matrix of policies as a table and a picture, from ``results``.

    python analyses/what_makes_it_percolate/table.py -o figures/what_makes_it_percolate

Prints Markdown: a row a policy, means over seeds.  Overlap is the mean over the last ten epochs of the share of regrown
links that were removed in the same update.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd

from sparsegraph.plotting.panels import PAGE, grid
from sparsegraph.plotting.style import STYLE, save_pictures

HERE = Path(__file__).parent
POLICY = ("start_weights", "new_weights", "regrown_at_once")
DEFAULTS = {"regrowth": "ch3_l3", "by_sign": "False", "start": "er", "hidden": "1000x3"}
BLOCK = (*DEFAULTS, "epochs", "data")
NUMBERS = {
    "accuracy": "accuracy (%)",
    "anp": "ANP (%)",
    "overlap": "overlap",
    "frozen": "overlap >= 0.9 at epoch",
    "cap": "CAP, times the start's",
    "effective_rank": "effective rank",
    "n": "seeds",
}


def policies() -> pd.DataFrame:
    """One row a run: its policy and its numbers."""
    cells = pd.read_csv(HERE / "results" / "cells.csv", dtype={"changes": str}).fillna({"changes": ""})
    history = pd.read_csv(HERE / "results" / "history.csv")
    measures = pd.read_csv(HERE / "results" / "measures.csv")
    asked = [dict(pair.split("=") for pair in text.split()) for text in cells["changes"]]
    table = pd.concat([cells, pd.DataFrame([DEFAULTS | one for one in asked])], axis=1)
    table = table.loc[:, ~table.columns.duplicated(keep="last")]
    for name in ("accuracy", "anp"):
        table[name] = 100 * table[name]
    own = history.dropna(subset=["overlap"]).groupby("cell")
    table["overlap"] = table["cell"].map(own["overlap"].apply(lambda values: values.tail(10).mean()))
    table["frozen"] = table["cell"].map(
        own[["epoch", "overlap"]].apply(lambda part: part.loc[part["overlap"] >= 0.9, "epoch"].min())
    )
    paths = measures.dropna(subset=["credit_paths.log10_total"]).sort_values("update").groupby("cell")
    grown = paths["credit_paths.log10_total"].agg(lambda values: values.iloc[-1] - values.iloc[0])
    table["cap"] = 10 ** table["cell"].map(grown)
    ranks = measures.dropna(subset=["rank.sum.effective_rank"]).sort_values("update").groupby("cell")
    table["effective_rank"] = table["cell"].map(ranks["rank.sum.effective_rank"].last())
    return table


def means(table: pd.DataFrame) -> pd.DataFrame:
    """Over seeds; the epoch of freezing over the runs that froze, if most did."""
    keys = [*BLOCK, *POLICY]
    found = table.groupby(keys, dropna=False)
    result = found[["accuracy", "anp", "overlap", "cap", "effective_rank"]].mean()
    most = found["frozen"].agg(lambda values: values.median() if values.notna().mean() > 0.5 else np.nan)
    return result.assign(frozen=most, n=found.size()).reset_index()


def markdown(part: pd.DataFrame) -> str:
    """A table of one block of the matrix."""
    lines = [f"| {' | '.join([*POLICY, *NUMBERS.values()])} |", "|" + "---|" * (len(POLICY) + len(NUMBERS))]
    for row in part.itertuples():
        frozen = "-" if pd.isna(row.frozen) else f"{row.frozen:.0f}"
        numbers = [f"{row.accuracy:.2f}", f"{row.anp:.1f}", f"{row.overlap:.2f}", frozen, f"{row.cap:.1f}"]
        numbers += [f"{row.effective_rank:.0f}", str(row.n)]
        lines.append("| " + " | ".join([*(getattr(row, name) for name in POLICY), *numbers]) + " |")
    return "\n".join(lines)


def picture(table: pd.DataFrame, output: Path) -> None:
    """Active neurons, overlap and accuracy of every policy: a point a run, a row a policy."""
    shown = (
        ("anp", "active neurons (%)"),
        ("overlap", "overlap, last ten epochs"),
        ("accuracy", "accuracy (%)"),
    )
    own = table[(table["by_sign"] == "False") & (table["hidden"] == "1000x3") & (table["epochs"] == 40)]
    rows = sorted(set(map(tuple, own[list(POLICY)].to_numpy())), reverse=True)
    place = {row: i for i, row in enumerate(rows)}
    canvas, panels = grid(1, 3, width=PAGE, height=0.19 * len(rows) + 0.8)
    with mpl.rc_context(STYLE):
        for axes, (name, label) in zip(panels[0], shown, strict=True):
            for regrowth, colour, words in (("ch3_l3", "#009e73", "CH3-L3"), ("uniform", "#0072b2", "random")):
                part = own[own["regrowth"] == regrowth]
                if part.empty:
                    continue
                y = [place[tuple(row)] for row in part[list(POLICY)].to_numpy()]
                axes.plot(part[name], y, "o", color=colour, markersize=3, alpha=0.8, label=words)
            axes.set_xlabel(label)
            axes.set_yticks(range(len(rows)))
            axes.set_yticklabels([", ".join(row) for row in rows] if axes is panels[0, 0] else [])
            axes.grid(axis="y", linewidth=0.3)
            axes.set_ylim(-0.6, len(rows) - 0.4)
        panels[0, 0].set_ylabel("start weights, new links, regrown at once")
        canvas.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=7)
    save_pictures(canvas, output / "policies")


def main() -> None:
    """Print the tables; draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    table = policies()
    for key, part in means(table).groupby(list(BLOCK)):
        print("\n" + ", ".join(f"{name} {value}" for name, value in zip(BLOCK, key, strict=True)) + "\n")
        print(markdown(part))
    if chosen.output:
        picture(table, chosen.output)


if __name__ == "__main__":
    main()
