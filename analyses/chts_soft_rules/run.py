"""Trains the runs behind the claims on CHTs; may be stopped and started at will.

    python analyses/chts_soft_rules/run.py runs/chts_soft_rules --jobs 2 --data-dir DATA

First the sweep beside this file, then static nets on the final topology of each CHTs run at 99 % (figure A1).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from sparsegraph.training.request import Request
from sparsegraph.training.run import RunOptions, is_finished
from sparsegraph.training.sweep import Cell, read_sweep, run_sweep

SWEEP = Path(__file__).with_name("sweep.toml")
SST = "chts-sst-quick"


def static_cells(cells: list[Cell], folder: Path) -> Iterator[Cell]:
    """A static run for each finished CHTs run that differs from its profile in nothing."""
    for cell in cells:
        asked = cell.request
        plain = Request(asked.profile, seed=asked.seed, data=asked.data, sparsity=0.99)
        if asked == plain and asked.profile == "chts-chts-quick" and is_finished(asked, cell.directory):
            request = Request(SST, seed=asked.seed, data=asked.data, topology=str(cell.directory.absolute()))
            yield Cell(request, folder / f"{SST}_{asked.data}_seed{asked.seed}")


def main() -> None:
    """Train what is not trained yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--data-dir", type=Path)
    chosen = parser.parse_args()
    options = RunOptions(data_dir=chosen.data_dir)
    cells = [Cell(request, chosen.runs / request.name) for request in read_sweep(SWEEP)]
    for part in (lambda: cells, lambda: list(static_cells(cells, chosen.runs))):
        for result in run_sweep(part(), options, n_jobs=chosen.jobs):
            print(f"{result.status:8} {result.cell.directory.name} {result.message}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
