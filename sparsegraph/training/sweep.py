"""A grid of runs: on local processes, or on a cluster; what is done is skipped, what fails is told."""

from __future__ import annotations

import dataclasses
import itertools
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sparsegraph.errors import SparseGraphError
from sparsegraph.training.request import Request, resolve
from sparsegraph.training.run import RunOptions, is_finished, train_run

_ATTEMPTS = 3


@dataclass(frozen=True)
class Cell:
    """One run of a sweep and the folder it goes to."""

    request: Request
    directory: Path


@dataclass(frozen=True)
class CellResult:
    """What became of a cell: "done", "skipped" because it was done before, or "failed" and why."""

    cell: Cell
    status: Literal["done", "skipped", "failed"]
    message: str = ""


def read_sweep(path: Path) -> list[Request]:
    """The requests of a sweep file.

    Parameters
    ----------
    path : Path
        TOML with a table ``fixed`` (one value each) and a table ``grid`` (a list each, all combinations); the keys
        are those of `Request`.  Several tables ``[[sweep]]`` with these two inside make one sweep of several grids.

    Raises
    ------
    SparseGraphError
        If the file cannot be read, a key or a name is unknown, or two cells are the same.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SparseGraphError(f"{path}: cannot be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise SparseGraphError(f"{path}: not a TOML file ({error})") from None
    tables = content.pop("sweep", None) or [content]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SparseGraphError(f"{path}: [[sweep]] tables with [sweep.fixed] and [sweep.grid] are expected")
    requests = [request for table in tables for request in _requests(table, path)]
    for request in requests:
        resolve(request)
    if len({request.name for request in requests}) < len(requests):
        raise SparseGraphError(f"{path}: the same run is asked for twice")
    return requests


def run_sweep(
    cells: Sequence[Cell], options: RunOptions, *, n_jobs: int = 1, scheduler: str | None = None
) -> Iterator[CellResult]:
    """Run the cells and yield each result as it comes.

    Parameters
    ----------
    cells : sequence of Cell
    options : RunOptions
    n_jobs : int
        Local processes.
    scheduler : str, optional
        Address of a Dask scheduler to give the same tasks to, instead of local processes.

    Notes
    -----
    A cell is resumed where an earlier attempt left it, so that a worker that dies costs one epoch; after three
    attempts the cell has failed.
    """
    waiting = []
    for cell in cells:
        if is_finished(cell.request, cell.directory):
            yield CellResult(cell, "skipped")
        else:
            waiting.append(cell)
    execute = _on_cluster(scheduler) if scheduler else _locally(n_jobs)
    yield from execute(waiting, options)


def run_cell(cell: Cell, options: RunOptions) -> CellResult:
    """Run one cell; an error is its result."""
    try:
        train_run(cell.request, cell.directory, options=options, resume=True)
    except SparseGraphError as error:
        return CellResult(cell, "failed", " ".join(str(error).split()))
    except Exception as error:  # a sweep survives whatever a cell does
        return CellResult(cell, "failed", f"{type(error).__name__}: {error}")
    return CellResult(cell, "done")


def _requests(table: dict[str, Any], path: Path) -> Iterator[Request]:
    unknown = set(table) - {"fixed", "grid"}
    fixed, grid = table.get("fixed", {}), table.get("grid", {})
    known = {field.name for field in dataclasses.fields(Request)}
    unknown |= (set(fixed) | set(grid)) - known
    if unknown:
        raise SparseGraphError(
            f"{path}: unknown {', '.join(sorted(unknown))}; fixed and grid may hold {', '.join(sorted(known))}"
        )
    if not all(isinstance(values, list) and values for values in grid.values()):
        raise SparseGraphError(f"{path}: every entry of grid must be a list with at least one value")
    if "profile" not in {*fixed, *grid}:
        raise SparseGraphError(f"{path}: no profile is named in fixed or grid")
    for values in itertools.product(*grid.values()):
        try:
            yield Request(**fixed, **dict(zip(grid, values, strict=True)))
        except TypeError as error:
            raise SparseGraphError(f"{path}: {error}") from None


_Execute = Callable[[Sequence[Cell], RunOptions], Iterator[CellResult]]


def _locally(n_jobs: int) -> _Execute:
    def execute(cells: Sequence[Cell], options: RunOptions) -> Iterator[CellResult]:
        if n_jobs == 1 or len(cells) <= 1:
            yield from (run_cell(cell, options) for cell in cells)
            return
        from joblib import Parallel, delayed
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        waiting = list(cells)
        attempts = dict.fromkeys(cells, 0)
        while waiting:
            try:
                workers = Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
                for result in workers(delayed(run_cell)(cell, options) for cell in waiting):
                    waiting.remove(result.cell)
                    yield result
            except TerminatedWorkerError:
                for cell in list(waiting):
                    attempts[cell] += 1
                    if attempts[cell] >= _ATTEMPTS:
                        waiting.remove(cell)
                        yield CellResult(cell, "failed", f"its process died {_ATTEMPTS} times")

    return execute


def _on_cluster(address: str) -> _Execute:
    def execute(cells: Sequence[Cell], options: RunOptions) -> Iterator[CellResult]:
        try:
            from distributed import Client, as_completed
            from distributed.scheduler import KilledWorker
        except ImportError:
            raise SparseGraphError("--scheduler needs dask.distributed: pip install 'sparsegraph[cluster]'") from None
        try:
            client = Client(address, timeout="20s")
        except (OSError, TimeoutError, ValueError) as error:
            raise SparseGraphError(f"no Dask scheduler answers at {address} ({error})") from None
        with client:
            futures = {client.submit(run_cell, cell, options, pure=False, retries=_ATTEMPTS): cell for cell in cells}
            for future in as_completed(futures):
                try:
                    yield future.result()
                except KilledWorker:
                    yield CellResult(futures[future], "failed", "its worker died again and again")

    return execute
