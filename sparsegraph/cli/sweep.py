"""``sparsegraph sweep``: a grid of runs from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sparsegraph.cli.paths import path_from
from sparsegraph.cli.train import DATA_DIR

if TYPE_CHECKING:
    from sparsegraph.training.run import RunOptions
    from sparsegraph.training.sweep import Cell, CellResult


def sweep_command(  # noqa: PLR0913 - one parameter per option of the command
    path: Annotated[Path, typer.Argument(parser=path_from, metavar="SWEEP.toml", help="Tables fixed and grid.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", parser=path_from, metavar="FOLDER", help="Where run directories go.")
    ] = Path("runs"),
    jobs: Annotated[int, typer.Option(min=1, help="Runs at a time, each a process.")] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler to run on, instead of here.", show_default=False),
    ] = None,
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch missing data from its official mirror.")] = False,
    snapshots_every: Annotated[
        int | None, typer.Option(min=1, help="Updates between snapshots with weights.", show_default="about 20 in all")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the runs.")] = False,
) -> None:
    """Run every combination of a sweep file; what is done is skipped, what was stopped goes on."""
    from sparsegraph.cli.fetching import fetch
    from sparsegraph.training.request import resolve
    from sparsegraph.training.run import RunOptions
    from sparsegraph.training.sweep import Cell, read_sweep

    cells = [Cell(request, output / request.name) for request in read_sweep(path)]
    if dry_run:
        for cell in cells:
            typer.echo(cell.directory)
        return
    if download:
        fetch([resolve(cell.request).data for cell in cells], data_dir)
    run_cells(cells, RunOptions(data_dir, snapshots_every=snapshots_every), jobs, scheduler)


def run_cells(cells: Sequence[Cell], options: RunOptions, n_jobs: int, scheduler: str | None) -> None:
    """Run, tell each result on a line, and exit with 1 if any failed."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from sparsegraph.training.sweep import over_seeds, run_sweep

    console = Console(stderr=True)
    columns = (TextColumn("runs"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeElapsedColumn())
    failed = 0
    results: list[CellResult] = []
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(cells))
        try:
            for result in run_sweep(cells, options, n_jobs=n_jobs, scheduler=scheduler):
                bar.advance(task)
                failed += result.status == "failed"
                results.append(result)
                told = result.message if result.accuracy is None else f"test accuracy {100 * result.accuracy:.2f} %"
                status = "was done before" if result.status == "skipped" else result.status
                typer.echo(f"{status}  {result.cell.request.name}: {told}")
        except KeyboardInterrupt:
            typer.echo("sparsegraph: stopped; the same command goes on where the runs were stopped", err=True)
            raise typer.Exit(130) from None
    for line in over_seeds(results):
        typer.echo(line)
    for warning in dict.fromkeys(warning for result in results for warning in result.warnings):
        typer.echo(f"sparsegraph: {warning}", err=True)
    if failed:
        typer.echo(f"sparsegraph: {failed} of {len(cells)} runs failed; the same command tries them again", err=True)
        raise typer.Exit(1)
