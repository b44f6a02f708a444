"""Measures of three trained nets before and after training, beside their null models, and what their runs tell.

    python analyses/what_degrees_explain/measure.py runs/three_rules -o results --jobs 2

Writes one JSON file a run, and one a net, null model and tier, into the folder, and passes over those that are there:
stop it whenever you like.  ``table.py`` makes the tables from them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import sparsegraph as sg
from sparsegraph.measures.trajectory.catalogue import measure_trajectory

TIERS = {
    "quick": (("powerlaw", "path_length", "credit_paths", "activity"), 400),
    "geometry": (("hyperbolic",), 30),
    "slow": (("modularity", "structural_consistency", "rank"), 30),
}
"""Measures and draws: 400 draws let Holm's correction reach 0.05, the slow measures are told by z."""
OPTIONS = {"n_repeats": 3, "n_runs": 5}
"""Removals of structural consistency and runs of Leiden: fewer than by default, for observed and drawn nets alike."""


class Net(NamedTuple):
    """One net: a regrowth rule (or the start they share), a seed, its run and the snapshot."""

    rule: str
    seed: int
    stage: str
    run: Any
    snapshot: Any


def nets(folder: Path) -> Iterator[Net]:
    """Start and end of every run; runs of one seed share their start, which counts once."""
    seen = set()
    for path in sorted(folder.iterdir()):
        if not (path / "config.json").exists():
            continue
        run = sg.open_run(path)
        request = run.config["request"]
        rule = request.get("regrowth") or ("ch3-l3" if "esml" in request["profile"].split("-")[1] else "random")
        seed = request["seed"]
        if ("start", seed) not in seen:
            seen.add(("start", seed))
            yield Net("start", seed, "before", run, run[0])
        yield Net(rule, seed, "after", run, run.final)


def write(path: Path, content: dict[str, Any]) -> None:
    """The file whole or not at all."""
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(temporary, path)


def main() -> None:
    """Measure what is not measured yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--null", nargs="*", default=["degree", "er"])
    parser.add_argument("--seeds", nargs="*", type=int, default=[0])
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    for net in nets(chosen.runs):
        path = chosen.output / f"{net.rule}_seed{net.seed}_run.json"
        if net.stage == "after" and not path.exists():
            print(path.name, flush=True)
            write(path, told_by_run(net))
    cells = itertools.product(TIERS.items(), chosen.null, nets(chosen.runs))
    for (tier, (names, n_null)), null, net in cells:
        path = chosen.output / f"{net.rule}_seed{net.seed}_{null}_{tier}.json"
        if net.seed not in chosen.seeds or path.exists():
            continue
        print(path.name, flush=True)
        found = sg.significance_of(
            net.snapshot.graph,
            names,
            null=null,
            n_null=n_null,
            seed=net.seed,
            options=OPTIONS,
            n_jobs=chosen.jobs,
        )
        write(path, {"rule": net.rule, "seed": net.seed, "stage": net.stage, "tier": tier} | found.to_dict())


def told_by_run(net: Net) -> dict[str, Any]:
    """What needs no null model: areas under perturbation, ranks, and how links came and went."""
    tested = sg.robustness_of(net.run.path).to_dict()
    return {
        "rule": net.rule,
        "seed": net.seed,
        "accuracy": tested["robustness"]["accuracy"],
        "areas": {curve["perturbation"]: curve["area"]["mean"] for curve in tested["robustness"]["curves"]},
        "effective_rank": tested["rank"]["sum"]["effective_rank"],
        "stable_rank": tested["rank"]["sum"]["stable_rank"],
        "trajectory": {
            name: measure_trajectory(net.run.topology, name, seed=net.seed).to_dict()
            for name in ("attachment", "turnover", "exploration", "kendall")
        },
    }


if __name__ == "__main__":
    main()
