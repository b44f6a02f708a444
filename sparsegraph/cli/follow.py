"""``sparsegraph follow``: measures over the snapshots of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sparsegraph.cli.choices import OF_READOUT, Readout
from sparsegraph.cli.paths import path_from
from sparsegraph.errors import LoadError
from sparsegraph.processors import n_processors

if TYPE_CHECKING:
    import pandas as pd

_DEFAULT = ("activity", "degree", "powerlaw", "kshell", "credit_paths")


class Snapshots(StrEnum):
    """Choices of ``--snapshots``."""

    auto = "auto"
    topology = "topology"
    weights = "weights"


class Fields(StrEnum):
    """Choices of ``--fields``."""

    main = "main"
    all = "all"


def follow_command(  # noqa: PLR0913 - one parameter per option of the command
    paths: Annotated[
        list[Path],
        typer.Argument(parser=path_from, metavar="RUN", help="Folders of runs, or of several.", show_default=False),
    ],
    measures: Annotated[
        list[str] | None,
        typer.Option(
            "-m", "--measure", help="May be repeated; history: what was noted.", show_default=", ".join(_DEFAULT)
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write the table here: .parquet or .csv.", show_default=False),
    ] = None,
    snapshots: Annotated[
        Snapshots, typer.Option(help="Masks only, with weights, or what each measure needs.")
    ] = Snapshots.auto,
    every: Annotated[
        int, typer.Option(min=1, help="Only every N-th snapshot, and the last; measures of updates see all.")
    ] = 1,
    fields: Annotated[Fields, typer.Option(help="The main numbers of a measure, or every one.")] = Fields.main,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    percolated: Annotated[bool, typer.Option("--percolate", help="Measure the percolated graphs.")] = False,
    readout: Annotated[Readout, typer.Option(help=OF_READOUT)] = (Readout.auto),
    options: Annotated[
        list[str] | None,
        typer.Option("--set", help="Option of a measure, NAME=VALUE, such as replicas=500.", show_default=False),
    ] = None,
    over_seeds: Annotated[
        bool, typer.Option("--over-seeds", help="Page and table of means over seeds, with their errors.")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes at a time.", show_default="all processors")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler to measure on, instead of here.", show_default=False),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Measure again what was measured before.")] = False,
) -> None:
    """Follow runs over their training: a tidy table of measures by snapshot, and what they were first and last."""
    from sparsegraph.cli.options import parse_option
    from sparsegraph.evolution.follow import follow
    from sparsegraph.evolution.histories import HISTORY
    from sparsegraph.evolution.plan import entry_of
    from sparsegraph.evolution.table import check_output, write_table
    from sparsegraph.io.runs.listing import runs_in

    if output is not None:
        check_output(output)
    names = tuple(measures or _DEFAULT)
    chosen = dict(parse_option(text) for text in options or [])
    if any(name != HISTORY and "readout" in entry_of(name).options for name in names):
        chosen["readout"] = readout.value
    runs = [run for path in paths for run in runs_in(path)]
    with _bar() as progress:
        table = follow(
            runs,
            names,
            snapshots=snapshots.value,
            every=every,
            fields=fields.value,
            seed=seed,
            percolated=percolated,
            options=chosen,
            n_jobs=jobs or n_processors(),
            scheduler=scheduler,
            cache=not no_cache,
            progress=progress,
        )
    shown = _shown_over_seeds(table, runs) if over_seeds else _shown(table, runs, every)
    if output is not None:
        write_table(shown, output)
        typer.echo(f"sparsegraph: wrote {output}", err=True)


def _shown(table: pd.DataFrame, runs: Sequence[Path], every: int) -> pd.DataFrame:
    """The same table, after its page: one a run."""
    from sparsegraph.report.console import show
    from sparsegraph.report.evolution import evolution_page

    show(evolution_page(table, every=every, learning=_learning(runs)))
    return table


def _shown_over_seeds(table: pd.DataFrame, runs: Sequence[Path]) -> pd.DataFrame:
    """The table over seeds, after its page: one a recipe."""
    from sparsegraph.evolution.over_seeds import over_seeds
    from sparsegraph.report.console import show
    from sparsegraph.report.over_seeds import over_seeds_page

    found = over_seeds(table)
    show(over_seeds_page(found, learning=_learning(runs)))
    return found


def _learning(runs: Sequence[Path]) -> pd.DataFrame | None:
    """What the runs learned; nothing where a history is damaged, which is told to those who ask for it."""
    from sparsegraph.evolution.learning_frame import learning_frame

    try:
        return learning_frame(runs)
    except LoadError:
        return None


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Context whose function shows how far it is, on stderr and for people only."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("measured"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
