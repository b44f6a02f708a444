"""What every choice says of the degrees, as a table from ``results.csv``, and the degrees with their laws as a picture.

python analyses/power_law_or_not/table.py [RUNS... -o figures/power_law_or_not]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from capped import LAWS, fit_law
from measure import XMIN_OF_003, samples

from sparsegraph.evolution.cohorts import Cohort, cohorts_of
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.papers.methods import label_of
from sparsegraph.plotting.palette import OTHERS, colour_of
from sparsegraph.plotting.panels import PAGE, grid, letters
from sparsegraph.plotting.style import STYLE, save_pictures

HERE = Path(__file__).parent
SHOWN = {"power_law": "power law", "log_normal": "log-normal", "stretched_exponential": "stretched exponential"}


def passed(part: pd.DataFrame, *, cap: str, rule: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Which fits their p keeps; of these those with alpha in (2, 3]; of these those that no other law beats."""
    kept = part["p_value"] > (0.95 if rule == "survival" else 0.1)
    inside = kept & part["alpha"].between(2, 3, inclusive="right")
    beaten = part["better"].fillna("").ne("") if cap == "none" else part["delta_aic"] > 4
    return kept, inside, inside & ~beaten


def markdown(table: pd.DataFrame, moment: str) -> str:
    """A row a method, set of neurons and choice; over seeds."""
    lines = [
        "| method | data | neurons | xmin | cap | rule | alpha | tail | p keeps | and in (2, 3] | not beaten | best |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    keys = ["profile", "data", "neurons", "choice", "cap", "rule"]
    for key, part in table[table["moment"] == moment].groupby(keys, sort=False):
        n = len(part)
        kept, inside, unbeaten = passed(part, cap=key[4], rule=key[5])
        best = part["best"].dropna()
        told = ", ".join(f"{SHOWN.get(law, law.replace('_', ' '))} {m}" for law, m in best.value_counts().items())
        alpha = f"{part['alpha'].min():.1f} to {part['alpha'].max():.1f}"
        tail = f"{part['n_tail'].median():.0f}"
        method = label_of(key[0].partition("-")[2])
        numbers = [f"{kept.sum()} of {n}", f"{inside.sum()} of {n}", f"{unbeaten.sum()} of {n}", told or "-"]
        lines.append("| " + " | ".join([method, *map(str, key[1:]), alpha, tail, *numbers]) + " |")
    return "\n".join(lines)


def counts(table: pd.DataFrame) -> str:
    """A row a choice, over all runs, moments and sets of neurons: how many samples pass."""
    lines = ["| xmin | cap | rule | samples | p keeps | and in (2, 3] | not beaten |", "|---|---|---|---|---|---|---|"]
    capped = table["cap"].where(table["cap"] == "none", "the layer's")
    for key, part in table.groupby([table["choice"], capped, table["rule"]]):
        kept, inside, unbeaten = passed(part, cap=key[1], rule=key[2])
        lines.append(f"| {' | '.join(key)} | {len(part)} | {kept.sum()} | {inside.sum()} | {unbeaten.sum()} |")
    return "\n".join(lines)


def picture(cohorts: list[Cohort], output: Path) -> None:
    """Shares of neurons with at least so many links, and the laws fitted from 110 to the cap; first hidden layer."""
    canvas, panels = grid(1, len(cohorts), width=PAGE, height=2.4)
    with mpl.rc_context(STYLE):
        for axes, cohort in zip(panels[0], cohorts, strict=True):
            _, sample, cap = samples(cohort.runs[0].topology[-1].graph)[0]
            values, counts = np.unique(sample[sample > 0], return_counts=True)
            at_least = counts[::-1].cumsum()[::-1] / len(sample)
            axes.loglog(values, at_least, "o", color=colour_of(cohort.method), markersize=2)
            support = np.arange(XMIN_OF_003, cap + 1, dtype=float)
            share = (sample >= XMIN_OF_003).mean()
            for colour, (law, words) in zip(OTHERS, SHOWN.items(), strict=False):
                fit = fit_law(law, sample, XMIN_OF_003, cap)
                shape = LAWS[law][0](support, np.array(fit.parameters))
                chances = np.exp(shape - shape.max())
                above = share * chances[::-1].cumsum()[::-1] / chances.sum()
                axes.plot(support, above, color=colour, linewidth=1.2, label=words)
            axes.set_ylim(0.5 / len(sample), 1.3)
            axes.set_xlabel("links of the neuron, k")
            axes.set_ylabel("share with at least k" if axes is panels[0, 0] else "")
        panels[0, 0].legend(fontsize=6.5, loc="lower left")
        letters(list(panels[0]), [cohort.label for cohort in cohorts])
    save_pictures(canvas, output / "laws")


def main() -> None:
    """Print the table of the end; draw from runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="*")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--moment", default="end")
    chosen = parser.parse_args()
    table = pd.read_csv(HERE / "results.csv")
    print(f"{markdown(table, chosen.moment)}\n\nall moments\n\n{counts(table)}")
    if chosen.output:
        found = cohorts_of(path for folder in chosen.runs for path in runs_in(folder)).alike()
        profiles = [f"survival-{rule}" for rule in ("random", "gradient", "momentum")]
        picture(list(found.select(profiles)), chosen.output)


if __name__ == "__main__":
    main()
