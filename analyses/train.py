"""Trains the runs of an analysis and keeps what they tell; may be stopped and started at will.

    python analyses/train.py analyses/esml_epitopological_learning RUNS --jobs 2 --data-dir DATA

The runs are those of the folder's ``sweep.toml`` and go to RUNS, a folder each.  As soon as one ends, its numbers enter
the tables in ``results`` beside the sweep; a run that is in these tables is not trained again, even where RUNS is new.
A ``topology`` in the sweep names another run of it, in which ``{data}`` and ``{seed}`` stand for those of the run that
takes it; such runs come last.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from kept import Place, Wanted, done, gather, keep, wanted

from sparsegraph.orphans import in_processes
from sparsegraph.training.request import Request
from sparsegraph.training.run import RunOptions
from sparsegraph.training.sweep import Cell, CellResult, read_sweep, run_cell


def cells_of(sweep: Path, runs: Path, data: str | None = None) -> list[Cell]:
    """The cells of a sweep, of other data if asked for; those on the topology of another run come last."""
    requests = read_sweep(sweep)
    if data is not None:
        requests = list(dict.fromkeys(replace(request, data=data) for request in requests))
    cells = [_cell(request, runs) for request in requests]
    return sorted(cells, key=lambda cell: cell.request.topology is not None)


def _cell(request: Request, runs: Path) -> Cell:
    if request.topology is None:
        return Cell(request, runs / request.name)
    named = replace(request, topology=request.topology.format(data=request.data, seed=request.seed))
    return Cell(replace(named, topology=str((runs / str(named.topology)).absolute())), runs / named.name)


def train_and_keep(cell: Cell, options: RunOptions, what: Wanted) -> CellResult:
    """Train a cell, or go on with it, and write what is kept of it; an error is its result."""
    warnings.simplefilter("ignore")
    result = run_cell(cell, options)
    if result.status == "done" and not Place(cell.directory).file.exists():
        try:
            keep(cell.directory, what, data_dir=options.data_dir)
        except Exception as error:  # the other cells go on; the run is there to be kept next time
            return CellResult(cell, "failed", f"trained, not kept: {type(error).__name__}: {error}")
    return result


def in_parallel(cells: list[Cell], options: RunOptions, what: Wanted, n_jobs: int) -> Iterator[CellResult]:
    """Results as they come, runs on given topologies after all others."""
    for given in (False, True):
        part = [cell for cell in cells if (cell.request.topology is not None) is given]
        train = partial(train_and_keep, options=options, what=what)
        yield from in_processes(train, part, n_jobs=n_jobs, batch_size=1, pre_dispatch="n_jobs")


def main() -> None:
    """Train and keep what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("analysis", type=Path, help="folder with a sweep.toml")
    parser.add_argument("runs", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--data", help="a data set, or an .npz of your own, in place of those of the sweep")
    parser.add_argument("--only", default="", help="only cells whose name has this in it")
    parser.add_argument("--again", action="store_true", help="train also what the tables have")
    chosen = parser.parse_args()
    runs, results = chosen.runs.absolute(), chosen.analysis / "results"
    runs.mkdir(parents=True, exist_ok=True)
    options = RunOptions(data_dir=chosen.data_dir and chosen.data_dir.absolute())
    had = set() if chosen.again else done(results)
    cells = cells_of(chosen.analysis / "sweep.toml", runs, chosen.data)
    waiting = [cell for cell in cells if chosen.only in cell.directory.name and cell.directory.name not in had]
    print(f"{len(cells)} runs, {len(waiting)} to do", flush=True)
    for result in in_parallel(waiting, options, wanted(chosen.analysis), chosen.jobs):
        told = result.message if result.accuracy is None else f"{100 * result.accuracy:.2f} %"
        print(f"{result.status:8} {result.cell.directory.name} {told}", flush=True)
        if Place(result.cell.directory).file.exists():
            gather([Place(result.cell.directory).file], results)


if __name__ == "__main__":
    main()
