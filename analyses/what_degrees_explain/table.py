"""What degrees alone explain: nets beside others with the same degrees, at the start, the quarters and the end.

    python analyses/what_degrees_explain/table.py -o figures/what_degrees_explain

Prints Markdown.  From ``results`` of this folder (gradient regrowth) and of RG2 (random regrowth and CH3-L3, MNIST):
``nulls.csv``, which ``analyses/nulls.py`` writes, ``measures.csv``, and ``exponents.csv`` of all nine runs, from
``preferential_attachment/measure.py -o``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib as mpl
import pandas as pd

from sparsegraph.plotting.palette import colour_of
from sparsegraph.plotting.panels import PAGE, grid, letters
from sparsegraph.plotting.style import STYLE, save_pictures

HERE = Path(__file__).resolve().parent
SOURCES = (HERE, HERE.parent / "esml_epitopological_learning")
RULES = {"random": "set", "gradient": "gradient", "ch3-l3": "esml"}
"""Regrowth, and the method whose colour it has."""
MOMENTS = ("start", "1/4", "1/2", "3/4", "end")

# number -> label, and what ESML against SET or the start has: 002 section 4.2, figure 2 and appendix K; 001's table
NUMBERS = {
    "powerlaw.grid_whole.alpha": ("gamma, the papers' grid", "2.32; SET and start 10 (the grid's end)"),
    "powerlaw.alpha": ("alpha, exact, hidden neurons", "-"),
    "hyperbolic.layers.index": ("ASI of the layers", "1; SET and start 0.6"),
    "hyperbolic.communities.index": ("ASI of communities", "-"),
    "modularity.modularity": ("modularity", "above SET (plot)"),
    "modularity.bipartite.modularity": ("bipartite modularity", "-"),
    "structural_consistency.all_pairs.mean": ("structural consistency", "above SET (plot)"),
    "path_length.mean": ("mean path length", "below SET (plot)"),
    "credit_paths.log10_total": ("log10 CAP", "6.96; SET 5.89"),
    "credit_paths.hub_ratio_all": ("hub-CAP", "0.390; SET 0.007"),
    "activity.anp_rate": ("ANP, all counted neurons", "0.31 (CHT)"),
    "rank.sum.effective_rank": ("effective rank, sum", "308; RLR 2064"),
    "rank.sum.stable_rank": ("stable rank, sum", "43; RLR 135"),
}
SHOWN = (
    *("credit_paths.log10_total", "credit_paths.hub_ratio_all", "path_length.mean"),
    *("modularity.modularity", "structural_consistency.all_pairs.mean", "hyperbolic.layers.index"),
)


def _read(name: str) -> pd.DataFrame:
    """The rows of all runs on MNIST, with the rule and the seed of each."""
    table = pd.concat([pd.read_csv(source / "results" / name) for source in SOURCES], ignore_index=True)
    table = table[table["cell"].str.contains("_mnist_")]
    told = table["cell"].map(rule_of)
    return table.assign(rule=told, seed=table["cell"].str.extract(r"_seed(\d+)$", expand=False).astype(int))


def rule_of(cell: str) -> str:
    """Of a run, by its name."""
    if "regrowth=gradient" in cell:
        return "gradient"
    return "ch3-l3" if cell.startswith("esml-esml") else "random"


def nulls() -> pd.DataFrame:
    """One row a rule, seed, moment, null model and number."""
    table = _read("nulls.csv")
    return table.assign(number=table["measure"] + "." + table["number"])


def fixed() -> pd.DataFrame:
    """Numbers that degrees fix, of which there is no null model: a row a rule, seed, moment and number."""
    table = _read("measures.csv")
    ends = table.groupby("cell")["update"].transform("max")
    table = table.assign(moment=(table["update"] == 0).map({True: "start"}).mask(table["update"] == ends, "end"))
    names = [name for name in NUMBERS if name.startswith("powerlaw.")]
    keys = ["rule", "seed", "moment"]
    return table.dropna(subset=["moment"]).melt(keys, names, var_name="number", value_name="observed")


def compared(table: pd.DataFrame) -> str:
    """At the start and the end, mean and standard deviation over seeds; z against degrees kept and Erdos-Renyi."""
    lines = [f"| | start | {' | '.join(RULES)} | paper (CH3-L3) |", "|---|" + "---|" * (len(RULES) + 2)]
    for number, (label, paper) in NUMBERS.items():
        own = table[table["number"] == number]
        start = own[(own["moment"] == "start") & (own["rule"] == "random")]
        ends = [own[(own["moment"] == "end") & (own["rule"] == rule)] for rule in RULES]
        lines.append(f"| {label} | {' | '.join(map(_cell, [start, *ends]))} | {paper} |")
    return "\n".join(lines)


def _cell(part: pd.DataFrame) -> str:
    if part["observed"].isna().all():
        return "-"
    values = part.groupby("seed")["observed"].first()
    marks = []
    for null in ("degree", "er"):
        z = part.loc[part["null"] == null, "z"] if "null" in part else pd.Series(dtype=float)
        marks.append("-" if z.isna().all() else f"{z.mean():+.0f}")
    return f"{values.mean():.4g} ± {values.std():.2g} ({'; '.join(marks)})"


def explained(table: pd.DataFrame) -> str:
    """How much of the change since the start nets with the same degrees show; means over seeds."""
    kept = table[table["null"] == "degree"]
    lines = [f"| | {' | '.join(RULES)} |", "|---|" + "---|" * len(RULES)]
    for number, (label, _) in NUMBERS.items():
        own = kept[kept["number"] == number]
        if own.empty:
            continue
        wide = own.pivot(index=["rule", "seed"], columns="moment", values=["observed", "null_mean"])
        change = pd.DataFrame({name: wide[name, "end"] - wide[name, "start"] for name in ("observed", "null_mean")})
        means = change.groupby("rule").mean()
        cells = [f"{means['observed'][rule]:+.3g}, of which {means['null_mean'][rule]:+.3g}" for rule in RULES]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def attachment() -> str:
    """Exponents of the gain of new links, mean and standard deviation over seeds; and their share of all."""
    table = pd.read_csv(HERE / "results" / "exponents.csv")
    table = table.assign(rule=table["run"].map(rule_of))
    new = table[table["kind"] == "new_links"].groupby(["block", "side", "rule"])["exponent"].agg(["mean", "std"])
    lines = [f"| block, side | {' | '.join(RULES)} |", "|---|" + "---|" * len(RULES)]
    for block, side in dict.fromkeys(zip(table["block"], table["side"], strict=True)):
        told = ["{:.2f} ± {:.2f}".format(*new.loc[(block, side, rule)]) for rule in RULES]
        lines.append(f"| {block}, {side} | {' | '.join(told)} |")
    events = table.pivot_table(index="block", columns=["rule", "kind"], values="n_events", aggfunc="sum")
    for block in events.index:
        share = [
            100 * events.loc[block, (rule, "new_links")] / events.loc[block, (rule, "attachment")] for rule in RULES
        ]
        lines.append(f"| {block}, new links of all gained (%) | {' | '.join(f'{one:.1f}' for one in share)} |")
    return "\n".join(lines)


def picture(table: pd.DataFrame, output: Path) -> None:
    """A panel a number: a line a run, dashed the mean of nets with its degrees."""
    canvas, panels = grid(2, 3, width=PAGE, height=2.0)
    table = table[table["null"] == "degree"].sort_values("epoch")
    with mpl.rc_context(STYLE):
        for axes, number in zip(panels.ravel(), SHOWN, strict=True):
            for (rule, _), run in table[table["number"] == number].groupby(["rule", "seed"]):
                colour = colour_of(RULES[str(rule)])
                axes.plot(run["epoch"], run["observed"], "o-", color=colour, markersize=2.5, label=rule)
                axes.plot(run["epoch"], run["null_mean"], "--", color=colour, label=f"{rule}, degrees alone")
            axes.set_ylabel(NUMBERS[number][0])
            axes.set_xlabel("epoch" if axes in panels[-1] else "")
        handles = dict(zip(*reversed(panels[0, 0].get_legend_handles_labels()), strict=True))
        order = [name for rule in RULES for name in (rule, f"{rule}, degrees alone") if name in handles]
        canvas.legend([handles[name] for name in order], order, loc="outside lower center", ncols=3, fontsize=7)
        letters(list(panels.ravel()), [""] * panels.size)
    save_pictures(canvas, output / "quarters")


def main() -> None:
    """Print the tables; draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    table = nulls()
    for made in (compared(pd.concat([fixed(), table], ignore_index=True)), explained(table), attachment()):
        print(made, end="\n\n")
    print("runs:", table.groupby("rule")["seed"].nunique().to_dict())
    if chosen.output:
        picture(table, chosen.output)


if __name__ == "__main__":
    main()
