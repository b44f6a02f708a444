"""Pictures of the three rules: the hyperbolic disk, the input map, attachment, and accuracy under perturbations.

python analyses/what_degrees_explain/figure.py runs/three_rules -o figures/what_degrees_explain
"""

from __future__ import annotations

import argparse
from pathlib import Path

from measure import nets

import sparsegraph as sg
from sparsegraph.plotting.robustness import plot_comparison
from sparsegraph.plotting.style import save


def main() -> None:
    """Draw the nets of one seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    curves = {}
    for net in nets(chosen.runs):
        if net.seed != chosen.seed:
            continue
        for short, name in (("disk", "hyperbolic"), ("inputs", "input_map")):
            axes = sg.plot(sg.measure(net.snapshot.graph, name, seed=net.seed), title=net.rule)
            save(axes, chosen.output / f"{short}_{net.rule}.png", kind="png")
        if net.stage == "after":
            axes = sg.plot(sg.measure(net.run.topology, "attachment", seed=net.seed), title=net.rule)
            save(axes, chosen.output / f"attachment_{net.rule}.png", kind="png")
            curves[net.rule] = sg.robustness_of(net.run.path).robustness
    save(plot_comparison(curves)[0], chosen.output / "robustness.png", kind="png")


if __name__ == "__main__":
    main()
