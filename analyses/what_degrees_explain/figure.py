"""Pictures of one seed of the three rules: hyperbolic disk, input map, attachment, and accuracy under perturbations.

    python analyses/what_degrees_explain/figure.py RUNS... -o figures/what_degrees_explain

RUNS are folders: of this analysis, and of RG2 (``esml_epitopological_learning``).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from table import RULES, rule_of

import sparsegraph as sg
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.plotting.robustness import plot_comparison
from sparsegraph.plotting.style import save


def draw_net(graph: Any, name: str, seed: int, output: Path) -> None:
    """The disk and the input map of a net."""
    for short, measure in (("disk", "hyperbolic"), ("inputs", "input_map")):
        save(sg.plot(sg.measure(graph, measure, seed=seed), title=name), output / f"{short}_{name}.png", kind="png")


def main() -> None:
    """Draw the nets of one seed; they share their start."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    paths = [path for folder in chosen.runs for path in runs_in(folder)]
    found = {
        rule_of(one.name): one for one in paths if one.name.endswith(f"seed{chosen.seed}") and "_mnist_" in one.name
    }
    runs = {rule: sg.open_run(found[rule]) for rule in RULES}
    draw_net(runs["random"][0].graph, "start", chosen.seed, chosen.output)
    for rule, run in runs.items():
        draw_net(run.final.graph, rule, chosen.seed, chosen.output)
        axes = sg.plot(sg.measure(run.topology, "attachment", seed=chosen.seed), title=rule)
        save(axes, chosen.output / f"attachment_{rule}.png", kind="png")
    curves = {rule: sg.robustness_of(run.path).robustness for rule, run in runs.items()}
    save(plot_comparison(curves)[0], chosen.output / "robustness.png", kind="png")


if __name__ == "__main__":
    main()
