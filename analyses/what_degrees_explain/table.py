"""The tables of this folder's README, and ``results.csv``, from what ``measure.py`` wrote.

python analyses/what_degrees_explain/table.py results
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
NETS = ("start", "random", "gradient", "ch3-l3")
NULLS = ("degree", "er")

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
AREAS = {
    "strongest": ("strongest links first", ".122; RLR .112"),
    "weakest": ("weakest first", ".869; RLR .912"),
    "random": ("random failure", ".374; RLR .339"),
    "shuffled": ("weights shuffled", ".255; RLR .225"),
    "noise": ("Gaussian noise", ".189; RLR .233"),
}


def rows(folder: Path) -> pd.DataFrame:
    """One row a net, null model and number."""
    found = []
    for path in sorted(folder.glob("*_seed*_*_*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for row in content["rows"]:
            plain = {key: None if isinstance(value, dict) else value for key, value in row.items()}
            name = f"{plain.pop('measure')}.{plain.pop('number')}"
            del plain["p_holm"]  # would be over one tier only
            about = {key: content[key] for key in ("rule", "seed", "stage", "null", "n_null")}
            found.append(about | {"number": name} | plain)
    return pd.DataFrame(found)


def told(folder: Path) -> list[dict[str, Any]]:
    """What each run tells without a null model."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*_run.json"))]


def cell(table: pd.DataFrame, net: str, number: str) -> str:
    """The value, and z against both null models; a dash where the null model fixes the number."""
    of_net = table[(table.rule == net) & (table.number == number)].set_index("null")
    if of_net.empty:
        return ""
    value = of_net.observed.iloc[0]
    if pd.isna(value):
        return "undefined"
    scores = [of_net.z.get(null) for null in NULLS]
    marks = ["-" if score is None or pd.isna(score) else f"{score:+.0f}" for score in scores]
    return f"{value:.4g} ({'; '.join(marks)})"


def compared(table: pd.DataFrame) -> str:
    """Markdown: value (z against degrees kept; z against Erdos-Renyi) of each net, and the paper's."""
    lines = [f"| | {' | '.join(NETS)} | paper (CH3-L3) |", "|---|" + "---|" * (len(NETS) + 1)]
    for number, (label, paper) in NUMBERS.items():
        cells = [cell(table, net, number) for net in NETS]
        lines.append(f"| {label} | {' | '.join(cells)} | {paper} |")
    return "\n".join(lines)


def explained(table: pd.DataFrame) -> str:
    """Markdown: how much of the change since the start nets with the same degrees show."""
    drawn = table[(table.null == "degree")].set_index(["rule", "number"])
    lines = ["| | " + " | ".join(NETS[1:]) + " |", "|---|" + "---|" * (len(NETS) - 1)]
    for number, (label, _) in NUMBERS.items():
        if ("start", number) not in drawn.index or pd.isna(drawn.z.get(("start", number))):
            continue
        start = drawn.observed[("start", number)]
        cells = []
        for net in NETS[1:]:
            if (net, number) not in drawn.index:
                cells.append("")
                continue
            change = drawn.observed[(net, number)] - start
            cells.append(f"{change:+.3g}, of which {drawn.null_mean[(net, number)] - start:+.3g}")
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def areas(runs: list[dict[str, Any]]) -> str:
    """Markdown: accuracy, areas under perturbation and ranks, mean and standard deviation over seeds."""
    lines = ["| | " + " | ".join(NETS[1:]) + " | paper (CH3-L3) |", "|---|" + "---|" * len(NETS)]
    rows = [("accuracy", "accuracy", "-", ".3f")]
    rows += [(name, f"area, {label}", paper, ".3f") for name, (label, paper) in AREAS.items()]
    rows += [
        ("effective_rank", "effective rank, sum", "308; RLR 2064", ".0f"),
        ("stable_rank", "stable rank, sum", "43; RLR 135", ".0f"),
    ]
    for name, label, paper, form in rows:
        cells = []
        for net in NETS[1:]:
            values = np.array([(run | run["areas"])[name] for run in runs if run["rule"] == net])
            spread = f" ± {values.std(ddof=1):{form}}" if values.size > 1 else ""
            cells.append(f"{values.mean():{form}}{spread}")
        lines.append(f"| {label} | {' | '.join(cells)} | {paper} |")
    return "\n".join(lines)


def attachment(runs: list[dict[str, Any]]) -> str:
    """Markdown: exponents of gain, mean over seeds with the largest standard error of one."""
    lines = ["| block, neurons | " + " | ".join(NETS[1:]) + " |", "|---|" + "---|" * (len(NETS) - 1)]
    found: dict[tuple[str, str], dict[str, list[tuple[float, float]]]] = {}
    for run in runs:
        for block in run["trajectory"]["attachment"]["per_block"]:
            if "undefined" in block["attachment"]:  # the readout, which never changes
                continue
            for side in ("source", "target"):
                kernel = block["attachment"][side]
                key = (block["block"], kernel["neurons"])
                found.setdefault(key, {}).setdefault(run["rule"], []).append(
                    (kernel["exponent"], kernel["standard_error"])
                )
    for (block, layer), by_rule in found.items():
        cells = []
        for net in NETS[1:]:
            pairs = [pair for pair in by_rule.get(net, []) if not any(isinstance(value, dict) for value in pair)]
            values, errors = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
            cells.append(f"{values.mean():.2f} ± {errors.max():.2f}" if pairs else "undefined")
        lines.append(f"| {block}, {layer} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the tables, and write the rows behind them."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    table, runs = rows(folder), told(folder)
    table.to_csv(HERE / "results.csv", index=False, float_format="%.6g")
    flat = [
        {key: run[key] for key in ("rule", "seed", "accuracy", "effective_rank", "stable_rank")} | run["areas"]
        for run in runs
    ]
    pd.DataFrame(flat).to_csv(HERE / "runs.csv", index=False, float_format="%.6g")
    for made in (compared(table), explained(table), areas(runs), attachment(runs)):
        print(made, end="\n\n")


if __name__ == "__main__":
    main()
