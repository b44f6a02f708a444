"""The matrix of policies as a table and a picture, from ``results``.

    python analyses/what_makes_it_percolate/table.py -o figures/what_makes_it_percolate

Prints the tables of the README: a row a policy, means over seeds.  Overlap is the mean over the last ten epochs of the
share of regrown links that were removed in the same update; numbers of paths (CAP) are averaged by logarithms.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
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
WORDS = {"kaiming": "Kaiming", "swi": "SWI", "zero": "0", "hundredth": "0.01", "reinit": "anew"}
RULES = {"CH3-L3": ("ch3_l3", "False"), "CH3-L3, removal by sign": ("ch3_l3", "True"), "random": ("uniform", "False")}
DRAWN = (
    {"marker": "o", "color": "#009e73", "markersize": 3.5},
    {"marker": "|", "color": "#d55e00", "markersize": 6},
    {"marker": "o", "color": "#0072b2", "markersize": 5.5, "markerfacecolor": "none", "markeredgewidth": 0.7},
)
HEAD = (
    *("first weights", "new links", "regrown at once", "accuracy (%)", "ANP (%)", "overlap", ">= 0.9 at epoch"),
    *("CAP", "effective rank", "seeds"),
)


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
    result = found[["accuracy", "anp", "overlap", "effective_rank"]].mean()
    most = found["frozen"].agg(lambda values: values.median() if values.notna().mean() > 0.5 else np.nan)
    paths = found["cap"].agg(lambda values: np.exp(np.log(values).mean()))
    return result.assign(frozen=most, cap=paths, n=found.size()).reset_index()


def markdown(part: pd.DataFrame) -> str:
    """A table of one block of the matrix."""
    lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
    for row in part.itertuples():
        frozen = "-" if pd.isna(row.frozen) else f"{row.frozen:.0f}"
        numbers = [f"{row.accuracy:.1f}", f"{row.anp:.1f}", f"{row.overlap:.2f}", frozen, f"{row.cap:.1f}"]
        numbers += [f"{row.effective_rank:.0f}", str(row.n)]
        lines.append("| " + " | ".join([*_in_words(getattr(row, name) for name in POLICY), *numbers]) + " |")
    return "\n".join(lines)


def picture(table: pd.DataFrame, output: Path) -> None:
    """Active neurons, overlap and error of every policy: a point a run, a row a policy."""
    shown = (("anp", "active neurons (%)"), ("overlap", "overlap, last ten epochs"), ("error", "test error (%)"))
    own = table[(table["hidden"] == "1000x3") & (table["epochs"] == 40)].assign(error=100 - table["accuracy"])
    rows = sorted(set(map(tuple, own[list(POLICY)].to_numpy())), reverse=True)
    place = {row: i for i, row in enumerate(rows)}
    canvas, panels = grid(1, 3, width=PAGE, height=0.19 * len(rows) + 0.8)
    with mpl.rc_context(STYLE):
        for axes, (name, label) in zip(panels[0], shown, strict=True):
            for (words, rule), drawn in zip(RULES.items(), DRAWN, strict=True):
                part = own[(own["regrowth"] == rule[0]) & (own["by_sign"] == rule[1])]
                y = [place[tuple(row)] for row in part[list(POLICY)].to_numpy()]
                axes.plot(part[name], y, label=words, linestyle="", **drawn)
            axes.set_xlabel(label)
            axes.set_yticks(range(len(rows)))
            axes.set_yticklabels([", ".join(_in_words(row)) for row in rows] if axes is panels[0, 0] else [])
            axes.grid(axis="y", linewidth=0.3)
            axes.set_ylim(-0.6, len(rows) - 0.4)
        panels[0, 2].set_xscale("log")
        panels[0, 2].set_xticks([3, 10, 30], ["3", "10", "30"])
        panels[0, 2].minorticks_off()
        panels[0, 0].set_ylabel("first weights, new links, regrown at once")
        canvas.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=7)
    save_pictures(canvas, output / "policies")


def _in_words(values: Iterable[str]) -> list[str]:
    return [WORDS.get(value, value) for value in values]


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
