"""Is it a power law?  The degrees of trained nets under every choice that the papers leave open.

    python analyses/power_law_or_not/measure.py RUNS... --jobs 2

For each run: start, quarters and end; hidden neurons pooled and layer by layer; xmin chosen, 110 (003) or the smallest
degree; without and with the cap that a finite layer sets.  Writes ``results.csv`` beside itself (or the file of
``-o``), a row a choice, and passes over runs that are in it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from capped import LAWS, CappedFit, fit_law, p_value, select_xmin

import sparsegraph as sg
from sparsegraph.evolution.cohorts import member_of
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.measures.degree import degrees
from sparsegraph.orphans import in_processes

RESULTS = Path(__file__).with_name("results.csv")
XMIN_OF_003 = 110
REPLICAS, REPLICAS_RESELECTED = 200, 100
SMALLEST_TAIL = 50


def rows_of(path: Path) -> list[dict[str, Any]]:
    """All fits of one run."""
    run = sg.open_run(path)
    member = member_of(run)
    last = len(run.topology) - 1
    found = []
    for part in range(5):
        snapshot = run.topology[round(part * last / 4)]
        key = {
            "run": f"{path.name}",
            "profile": member.profile,
            "data": member.data,
            "seed": member.seed,
            "moment": ("start", "1/4", "1/2", "3/4", "end")[part],
        }
        graph = snapshot.graph
        found += [key | row for row in _uncapped(graph)]
        for neurons, sample, cap in samples(graph):
            rng = np.random.default_rng([member.seed or 0, part, len(sample)])
            found += [key | {"neurons": neurons} | row for row in _capped(sample, cap, rng)]
    return found


def samples(graph: sg.LayeredGraph) -> list[tuple[str, np.ndarray, int]]:
    """Total degrees of each hidden layer, with the most links that one of its neurons can have."""
    total = degrees(graph).total
    sizes = [layer.size for layer in graph.layers]
    found = []
    for i in graph.hidden_layers:
        own = total[graph.offsets[i] : graph.offsets[i + 1]]
        partners = sum(
            sizes[block.source] * (block.target == i) + sizes[block.target] * (block.source == i)
            for block in graph.blocks
        )
        found.append((graph.layers[i].name, own, int(partners)))
    return found


def _uncapped(graph: sg.LayeredGraph) -> list[dict[str, Any]]:
    """The package's own fit under three choices: of pooled hidden neurons and of each hidden layer."""
    choices: list[tuple[str, dict[str, Any]]] = [
        ("chosen", {}),
        ("110", {"xmin": XMIN_OF_003}),
        ("110", {"xmin": XMIN_OF_003, "rule": "survival"}),
    ]
    hidden = {graph.layers[i].name for i in graph.hidden_layers}
    rows = []
    for choice, options in choices:
        fit = sg.measure(graph, "powerlaw", seed=0, **options)
        for neurons, one in [("hidden, pooled", fit), *((o.layer, o) for o in fit.per_layer if o.layer in hidden)]:
            numbers = {
                name: _number(getattr(one, name)) for name in ("alpha", "xmin", "n_tail", "ks_distance", "p_value")
            }
            better = [name for name, other in one.alternatives.items() if getattr(other, "favours", "") == name]
            rows.append(
                {"neurons": neurons, "choice": choice, "cap": "none", "rule": options.get("rule", "csn")}
                | numbers
                | {"verdict": str(one.verdict), "better": " ".join(better)}
            )
    return rows


def _capped(sample: np.ndarray, cap: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """The five laws between xmin and the cap."""
    rows = []
    positive = sample[sample > 0]
    for choice in ("chosen", str(XMIN_OF_003), "smallest"):
        row: dict[str, Any] = {"choice": choice, "cap": cap, "rule": "csn"}
        xmin = {"chosen": None, str(XMIN_OF_003): XMIN_OF_003, "smallest": int(positive.min())}[choice]
        if (xmin is not None and int((sample >= xmin).sum()) < SMALLEST_TAIL) or len(np.unique(positive)) < 10:
            rows.append(row | {"verdict": "too few", "n_tail": int((sample >= (xmin or 1)).sum())})
            continue
        power = select_xmin(sample, cap) if xmin is None else fit_law("power_law", sample, xmin, cap)
        replicas = REPLICAS_RESELECTED if xmin is None else REPLICAS
        p = p_value(sample, power, reselect=xmin is None, replicas=replicas, rng=rng)
        fits = {law: fit_law(law, sample, power.xmin, cap) for law in LAWS}
        best = min(fits.values(), key=lambda fit: fit.aic)
        p_best = p if best.law == "power_law" else p_value(sample, best, reselect=False, replicas=REPLICAS, rng=rng)
        rows.append(
            row
            | {
                "alpha": power.parameters[0],
                "xmin": power.xmin,
                "n_tail": power.n_tail,
                "ks_distance": power.ks_distance,
                "p_value": p,
                "verdict": _verdict(p, power, best),
                "best": best.law,
                "delta_aic": power.aic - best.aic,
                "p_best": p_best,
            }
        )
    return rows


def _verdict(p: float, power: CappedFit, best: CappedFit) -> str:
    """Rejected by its own p, or beaten: by an information criterion lower by 4 (odds of 7 to 1)."""
    if p <= 0.1:
        return "rejected"
    if power.aic - best.aic > 4:
        return f"{best.law} better"
    return "plausible" if 2 < power.parameters[0] <= 3 else "plausible, but alpha outside (2, 3]"


def _number(value: Any) -> float | None:
    return None if isinstance(value, sg.Undefined) else float(value)


def main() -> None:
    """Fit what is not fitted yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    before = pd.read_csv(chosen.output) if chosen.output.exists() else pd.DataFrame({"run": []})
    paths = [path for folder in chosen.runs for path in runs_in(folder) if path.name not in set(before["run"])]
    table = before
    for rows in in_processes(rows_of, paths, n_jobs=chosen.jobs):
        table = pd.concat([table, pd.DataFrame(rows)], ignore_index=True)
        table.to_csv(chosen.output, index=False, float_format="%.5g")
    print(f"{len(paths)} runs fitted, {len(table)} rows in {chosen.output.name}")


if __name__ == "__main__":
    main()
