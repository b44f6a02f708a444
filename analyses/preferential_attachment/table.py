"""The exponents as a table, and the kernels as a picture, from ``exponents.csv`` and ``kernels.csv``.

python analyses/preferential_attachment/table.py -o figures/preferential_attachment
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd

from sparsegraph.papers.data_sets import data_title
from sparsegraph.papers.methods import label_of
from sparsegraph.papers.titles import QUICK
from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.panels import PAGE, grid, letters
from sparsegraph.plotting.style import FAINT, STYLE, save_pictures

HERE = Path(__file__).parent


def method_of(profile: str) -> str:
    """The method of a profile, such as "random"."""
    return profile.removesuffix(QUICK).partition("-")[2]


def markdown(table: pd.DataFrame) -> str:
    """Mean over seeds with the standard deviation; a row a rule, data set and block."""
    lines = [
        "| rule | data | block | new links: source | new links: target | losses: source | losses: target | seeds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (profile, data, block), part in table.groupby(["profile", "data", "block"], sort=False):
        cells = []
        for kind in ("new_links", "detachment"):
            for side in ("source", "target"):
                values = part[(part["kind"] == kind) & (part["side"] == side)]["exponent"].dropna()
                spread = f" ± {values.std():.2f}" if len(values) > 1 else ""
                cells.append(f"{values.mean():+.2f}{spread}" if len(values) else "-")
        n_seeds = part["seed"].nunique()
        lines.append(
            f"| {label_of(method_of(profile))} | {data_title(data)} | {block} | {' | '.join(cells)} | {n_seeds} |"
        )
    return "\n".join(lines)


def picture(kernels: pd.DataFrame, output: Path, profiles: list[str], name: str) -> None:
    """Rates of gaining and of losing a link against degree, of the neurons that the first block enters."""
    canvas, panels = grid(1, 2, width=PAGE, height=2.7)
    kinds = {"new_links": "an absent link is grown", "detachment": "a present link is removed"}
    with mpl.rc_context(STYLE):
        for axes, kind in zip(panels[0], kinds, strict=True):
            for profile in profiles:
                part = kernels[
                    (kernels["profile"] == profile)
                    & (kernels["kind"] == kind)
                    & (kernels["block"] == "fc1")
                    & (kernels["side"] == "target")
                    & (kernels["n_events"] >= 100)
                    & (kernels["degree"] > 0)
                ]
                method = method_of(profile)
                axes.plot(
                    part["degree"], part["rate"], "o-", color=colour_of(method), markersize=2.5, label=label_of(method)
                )
            low, high = axes.get_xlim()
            degrees = np.array([max(low, 1.0), high])
            for power in (0.0, 1.0):
                axes.plot(degrees, (degrees / 100.0) ** power, ":", color=FAINT, linewidth=0.8, zorder=0)
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.set_xlabel("links of the neuron within the block")
            axes.set_ylabel("rate, relative to all pairs")
        panels[0, 0].legend(fontsize=7)
        letters(list(panels[0]), list(kinds.values()))
    save_pictures(canvas, output / name)


def main() -> None:
    """Print the table; draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    print(markdown(pd.read_csv(HERE / "exponents.csv").sort_values(["profile", "data", "seed"])))
    if chosen.output:
        kernels = pd.read_csv(HERE / "kernels.csv")
        mlp = [f"survival-{rule}" for rule in ("random", "gradient", "momentum")]
        picture(kernels, chosen.output, mlp, "kernels")


if __name__ == "__main__":
    main()
