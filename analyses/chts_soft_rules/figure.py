"""Draws the figures and tables of 004 that the runs suffice for, and says what the others lack.

SPARSEGRAPH_DATA=DATA python analyses/chts_soft_rules/figure.py runs/chts_soft_rules -o figures/chts_soft_rules
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.figures.catalogue import FIGURES, ids
from sparsegraph.figures.draw import why_not, write_figure
from sparsegraph.figures.material import Material
from sparsegraph.io.listing import runs_in

PAPER = "004"


def main() -> None:
    """Draw all that can be drawn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    material = Material(cohorts_of(runs_in(chosen.runs)), n_jobs=chosen.jobs)
    for name in ids():
        if FIGURES[name].paper != PAPER:
            continue
        reason = why_not(name, material)
        if reason is None:
            command = f"python analyses/chts_soft_rules/figure.py {chosen.runs.name} -o {chosen.output.name}"
            write_figure(name, material, chosen.output, command=command)
        print(f"{name} {reason or 'drawn'}", flush=True)


if __name__ == "__main__":
    main()
