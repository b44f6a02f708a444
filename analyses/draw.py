"""Draws the figures and tables of one paper that the runs suffice for, and says what the others lack.

SPARSEGRAPH_DATA=DATA python analyses/draw.py survival RUNS... -o FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.figures.draw import write_family
from sparsegraph.figures.material import Material
from sparsegraph.io.runs.listing import runs_in


def main() -> None:
    """Draw all that can be drawn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", help="sulyok, esml, cht, survival or chts")
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    material = Material(cohorts_of(run for folder in chosen.runs for run in runs_in(folder)), n_jobs=chosen.jobs)
    told = f"python analyses/draw.py {chosen.family} RUNS -o {chosen.output.name}"
    for figure, reason in write_family(chosen.family, material, chosen.output, command=told):
        print(f"{figure} {reason or 'drawn'}", flush=True)


if __name__ == "__main__":
    main()
