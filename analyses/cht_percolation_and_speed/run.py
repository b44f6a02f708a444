"""Trains the runs behind the figures of 002, second half; may be stopped and started at will.

python analyses/cht_percolation_and_speed/run.py RUNS --jobs 2 --data-dir DATA
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sparsegraph.training.run import RunOptions
from sparsegraph.training.sweep import Cell, read_sweep, run_sweep


def main() -> None:
    """Train what is not trained yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--data-dir", type=Path)
    chosen = parser.parse_args()
    requests = read_sweep(Path(__file__).with_name("sweep.toml"))
    cells = [Cell(request, chosen.runs / request.name) for request in requests]
    for result in run_sweep(cells, RunOptions(data_dir=chosen.data_dir), n_jobs=chosen.jobs):
        print(f"{result.status:8} {result.cell.directory.name} {result.message}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
