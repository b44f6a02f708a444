"""How much faster CH3-L3 learns than random regrowth, setting by setting, seed by seed.

    python analyses/speed_of_learning/table.py -o figures/speed_of_learning

From the ``results`` of this folder, of RG1 (Kaiming, learning rate 0.01) and of RG2 (Kaiming, 1e-4).
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from scipy import stats

from sparsegraph.papers.data_sets import data_title
from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.panels import PAGE, grid, letters
from sparsegraph.plotting.style import STYLE, percent_axis, save_pictures

HERE = Path(__file__).parent
SETTINGS = {
    ("kaiming", 0.01): "Kaiming, rate 0.01",
    ("swi", 0.01): "SWI, rate 0.01",
    ("kaiming", 0.0001): "Kaiming, rate 0.0001",
    ("swi", 0.0001): "SWI, rate 0.0001",
}
METHODS = {
    "sulyok-ch3l3": "ch3l3",
    "esml-esml": "ch3l3",
    "sulyok-rlr": "rlr",
    "sulyok-rlr-cr": "rlr-cr",
    "esml-set": "rlr",
}
WORDS = {
    "ch3l3": "CH3-L3",
    "rlr": "random",
    "rlr-cr": "random, chain removal",
    "narrow": "random, fewer neurons",
}


def curves() -> pd.DataFrame:
    """Accuracy epoch by epoch of every run, with its setting and method."""
    parts = []
    for folder in ("speed_of_learning", "sulyok_structure_and_robustness", "esml_epitopological_learning"):
        results = HERE.parent / folder / "results"
        if not (results / "cells.csv").exists():
            continue
        cells = pd.read_csv(results / "cells.csv", dtype={"changes": str}).fillna({"changes": ""})
        cells = cells[cells["profile"].isin(METHODS)]
        asked = [dict(pair.split("=") for pair in text.split()) for text in cells["changes"]]
        rate = 0.0001 if folder.startswith("esml") else 0.01
        cells["learning_rate"] = [float(one.get("learning_rate", rate)) for one in asked]
        cells["start_weights"] = [one.get("start_weights", "kaiming") for one in asked]
        cells["method"] = [
            "narrow" if "hidden" in one else METHODS[p] for one, p in zip(asked, cells["profile"], strict=True)
        ]
        keys = ["cell", "data", "seed", "method", "learning_rate", "start_weights", "anp"]
        parts.append(pd.read_csv(results / "history.csv").drop(columns="anp").merge(cells[keys], on="cell"))
    return pd.concat(parts, ignore_index=True)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """One row a run: area over the first epochs, epochs to 90 % of the accuracy then, the accuracy then."""
    rows = []
    for _, run in table.groupby(["cell", "learning_rate", "start_weights"]):
        first = run.iloc[0]
        run = run[run["epoch"] <= _length(first)].sort_values("epoch")
        accuracy = run["accuracy"].to_numpy()
        area = float(np.trapezoid(accuracy) / (len(accuracy) - 1))
        reached = int(run.loc[accuracy >= 0.9 * accuracy[-1], "epoch"].min())
        keys = ("data", "seed", "method", "learning_rate", "start_weights", "anp")
        rows.append({key: first[key] for key in keys} | {"aae": area, "to_90": reached, "last": accuracy[-1]})
    return pd.DataFrame(rows)


def _length(first: pd.Series) -> int:
    """Epochs that are compared: 250 where the start is so small that 50 tell nothing."""
    return 250 if (first["start_weights"], first["learning_rate"]) == ("kaiming", 0.0001) else 50


def markdown(table: pd.DataFrame) -> str:
    """CH3-L3 less each kind of random regrowth: paired by seed, mean and standard error, and p of a paired t-test."""
    lines = [
        "| start weights, rate | data | against | epochs | AAE | p | epochs to 90 % | accuracy | seeds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for (setting, words), data in itertools.product(SETTINGS.items(), ("mnist", "fashion-mnist")):
        own = table[
            (table["start_weights"] == setting[0]) & (table["learning_rate"] == setting[1]) & (table["data"] == data)
        ]
        first = own[own["method"] == "ch3l3"].set_index("seed")
        for method in ("rlr", "rlr-cr", "narrow"):
            other = own[own["method"] == method].set_index("seed")
            seeds = first.index.intersection(other.index)
            if not len(seeds):
                continue
            gap = first.loc[seeds, ["aae", "to_90", "last"]] - other.loc[seeds, ["aae", "to_90", "last"]]
            p = stats.ttest_1samp(gap["aae"], 0).pvalue if len(seeds) > 1 else float("nan")
            epochs = 250 if setting == ("kaiming", 0.0001) else 50
            told_p = "< 0.001" if p < 0.001 else f"{p:.3f}"
            numbers = [_spread(100 * gap["aae"]), told_p, _spread(gap["to_90"]), _spread(100 * gap["last"])]
            told = [words, data_title(data), WORDS[method], str(epochs), *numbers, str(len(seeds))]
            lines.append("| " + " | ".join(told) + " |")
    return "\n".join(lines)


def _spread(values: pd.Series) -> str:
    return f"{values.mean():+.2f} ± {values.sem():.2f}" if len(values) > 1 else f"{values.mean():+.2f}"


def picture(table: pd.DataFrame, output: Path) -> None:
    """Mean accuracy over seeds; a column a setting, a row a data set."""
    data_sets = [data for data in ("mnist", "fashion-mnist") if (table["data"] == data).any()]
    there = set(zip(table["start_weights"], table["learning_rate"], strict=True))
    settings = {setting: words for setting, words in SETTINGS.items() if setting in there}
    canvas, panels = grid(len(data_sets), len(settings), width=PAGE, height=2.0)
    with mpl.rc_context(STYLE):
        for (row, data), (column, setting) in itertools.product(enumerate(data_sets), enumerate(settings)):
            axes = panels[row, column]
            own = table[
                (table["start_weights"] == setting[0])
                & (table["learning_rate"] == setting[1])
                & (table["data"] == data)
            ]
            for method in ("ch3l3", "rlr", "rlr-cr", "narrow"):
                part = own[own["method"] == method]
                if part.empty:
                    continue
                part = part[part["epoch"] <= _length(part.iloc[0])]
                mean = part.groupby("epoch")["accuracy"].mean()
                colour = "#8c6d31" if method == "narrow" else colour_of(method)
                axes.plot(mean.index, mean, color=colour, linewidth=1.1, label=WORDS[method])
            if own.empty:
                axes.set_axis_off()
                continue
            percent_axis(axes.yaxis)
            axes.set_xlabel("epoch" if row == len(data_sets) - 1 else "")
            axes.set_ylabel(data_title(data) if column == 0 else "")
        handles = {}
        for axes in panels.ravel():
            handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
        canvas.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=4, fontsize=7)
        letters(list(panels[0]), list(settings.values()))
    save_pictures(canvas, output / "curves")


def main() -> None:
    """Print the table; draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    table = curves()
    print(markdown(summary(table)))
    if chosen.output:
        picture(table, chosen.output)


if __name__ == "__main__":
    main()
