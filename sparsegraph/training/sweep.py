"""A grid of runs: on local processes, or on a cluster; what is done is skipped, what fails is told."""

from __future__ import annotations

import dataclasses
import itertools
import statistics
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sparsegraph.cluster import on_cluster
from sparsegraph.errors import ProcessDiedError, SparseGraphError
from sparsegraph.io.runs.layout import is_run
from sparsegraph.orphans import in_processes
from sparsegraph.training.request import Request, resolve
from sparsegraph.training.run import RunOptions, Summary, is_finished, summary_of, train_run

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
    accuracy: float | None = None
    warnings: tuple[str, ...] = ()


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
    except OSError as error:
        raise SparseGraphError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SparseGraphError(f"{path}: not a text file") from None
    except tomllib.TOMLDecodeError as error:
        raise SparseGraphError(f"{path}: not a TOML file ({error})") from None
    tables = _tables(content, path)
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

    Raises
    ------
    SparseGraphError
        If the folder of the runs is itself a run.

    Notes
    -----
    A cell is resumed where an earlier attempt left it, so that a worker that dies costs one epoch; after three
    attempts the cell has failed.
    """
    for place in dict.fromkeys(cell.directory.parent for cell in cells):
        if is_run(place):
            raise SparseGraphError(f"{place}: is a run itself; name a folder that may hold several (-o)")
    if options.data_dir is not None:
        options = dataclasses.replace(options, data_dir=options.data_dir.absolute())
    waiting = []
    for cell in (Cell(cell.request, cell.directory.absolute()) for cell in cells):
        earlier = _earlier(cell)
        if earlier is None:
            waiting.append(cell)
        else:
            yield earlier
    execute = _on_cluster(scheduler) if scheduler else _locally(n_jobs)
    yield from execute(waiting, options)


def run_cell(cell: Cell, options: RunOptions) -> CellResult:
    """Run one cell; an error is its result."""
    try:
        summary = train_run(cell.request, cell.directory, options=options, resume=True)
    except Exception as error:  # a sweep survives whatever a cell does
        return _failed(cell, error)
    return _told(cell, "done", summary)


def _earlier(cell: Cell) -> CellResult | None:
    """The result of a cell that was done before, or of one whose folder cannot be read; None where it is to be run."""
    try:
        if is_finished(cell.request, cell.directory):
            return _told(cell, "skipped", summary_of(cell.request, cell.directory))
    except Exception as error:  # as above
        return _failed(cell, error)
    return None


def _failed(cell: Cell, error: Exception) -> CellResult:
    told = str(error) if isinstance(error, SparseGraphError) else f"{type(error).__name__}: {error}"
    return CellResult(cell, "failed", " ".join(told.split()))


def _told(cell: Cell, status: Literal["done", "skipped"], summary: Summary) -> CellResult:
    return CellResult(cell, status, accuracy=summary.accuracy, warnings=tuple(summary.warnings))


def over_seeds(results: Sequence[CellResult]) -> Iterator[str]:
    """A line for each request that ran with several seeds: mean and standard deviation of the test accuracy."""
    groups: dict[Request, list[float]] = {}
    for result in results:
        if result.accuracy is not None:
            groups.setdefault(dataclasses.replace(result.cell.request, seed=0), []).append(result.accuracy)
    for request, found in groups.items():
        if len(found) > 1:
            mean, spread = 100 * statistics.mean(found), 100 * statistics.stdev(found)
            name, over = request.name.removesuffix("_seed0"), f"over {len(found)} seeds"
            yield f"{name}: {mean:.2f} % ± {spread:.2f} (standard deviation) {over}"


def _tables(content: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    """The file itself if it is one sweep, or the sweeps in it."""
    if "sweep" not in content:
        tables: Any = [content]
    else:
        tables = content.pop("sweep")
        if content:
            raise SparseGraphError(f"{path}: {', '.join(content)} beside [[sweep]] belongs to none; put it inside one")
    well_formed = isinstance(tables, list) and all(
        isinstance(table, dict) and all(isinstance(table.get(part, {}), dict) for part in ("fixed", "grid"))
        for table in tables
    )
    if not well_formed:
        raise SparseGraphError(
            f"{path}: tables [fixed] and [grid] are expected, or [[sweep]] with [sweep.fixed] and [sweep.grid]"
        )
    return list(tables)


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
    if both := sorted(set(fixed) & set(grid)):
        raise SparseGraphError(f"{path}: {', '.join(both)} stands in fixed and in grid; leave it in one of them")
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
        waiting = list(cells)
        while waiting:
            try:
                for result in _side_by_side(waiting, options, n_jobs):
                    waiting.remove(result.cell)
                    yield result
            except ProcessDiedError:
                # The cell that killed its process is among those that were running: try these one by one.
                for cell in waiting[:n_jobs]:
                    waiting.remove(cell)
                    yield _alone(cell, options)

    return execute


def _side_by_side(cells: Sequence[Cell], options: RunOptions, n_jobs: int) -> Iterator[CellResult]:
    """Results as they come; cells begin in their order, as many at a time as there are processes."""
    run = partial(run_cell, options=options)
    yield from in_processes(run, list(cells), n_jobs=n_jobs, batch_size=1, pre_dispatch="n_jobs")


def _alone(cell: Cell, options: RunOptions) -> CellResult:
    for _ in range(_ATTEMPTS):
        try:
            return next(_side_by_side([cell], options, 2))
        except ProcessDiedError:
            continue
    return CellResult(cell, "failed", f"its process died {_ATTEMPTS} times")


def _on_cluster(address: str) -> _Execute:
    def execute(cells: Sequence[Cell], options: RunOptions) -> Iterator[CellResult]:
        for cell, outcome in on_cluster(address, partial(run_cell, options=options), cells, retries=_ATTEMPTS):
            try:
                yield outcome.result()
            except Exception as error:  # a worker that dies again and again, or lacks the package
                yield CellResult(cell, "failed", f"{type(error).__name__}: {error}".splitlines()[0])

    return execute
