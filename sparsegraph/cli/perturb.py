"""``sparsegraph perturb``: how trained nets bear the loss and change of their links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sparsegraph.cli.choices import Normalisation, Readout
from sparsegraph.cli.paths import path_from
from sparsegraph.errors import SparseGraphError

if TYPE_CHECKING:
    from sparsegraph.perturb.robustness import Design
    from sparsegraph.perturb.subject import Choice
    from sparsegraph.perturb.tested import Tested


class RemovalScope(StrEnum):
    """Choices of ``--scope``."""

    overall = "global"
    layer = "layer"


def perturb_command(  # noqa: PLR0913 - one parameter per option of the command
    paths: Annotated[
        list[Path],
        typer.Argument(
            parser=path_from,
            metavar="PATH",
            help="Runs (RUN@N: snapshot N), checkpoints, or folders of them.",
            show_default=False,
        ),
    ],
    perturbations: Annotated[
        list[str] | None,
        typer.Option(
            "-p", "--perturbation", help="Only this one; may be repeated.", show_default="all five of the paper"
        ),
    ] = None,
    scope: Annotated[
        RemovalScope, typer.Option(help="Remove links by one ranking of all, or the same share of each block.")
    ] = RemovalScope.overall,
    readout: Annotated[Readout, typer.Option(help="Dense last block perturbed or not.")] = Readout.auto,
    repeats: Annotated[int, typer.Option(min=1, help="Repeats of what is random.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Threads.", show_default="all cores")] = None,
    samples: Annotated[
        int | None, typer.Option(min=1, help="At most so many test images, drawn at random.", show_default="all")
    ] = None,
    snapshot: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="The runs' snapshot, by the optimiser steps done: the number in its file's name.",
            show_default="the last",
        ),
    ] = None,
    data: Annotated[
        str | None, typer.Option(help="Data set of a checkpoint, which does not say it.", show_default=False)
    ] = None,
    normalise: Annotated[
        Normalisation | None, typer.Option(help="Pixels of a checkpoint's data set.", show_default="standard")
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(parser=path_from, metavar="FOLDER", help="Where data sets lie.", show_default="SPARSEGRAPH_DATA"),
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch missing data from its official mirror.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Curves to .csv, everything to .json, this page to .txt.", show_default=False
        ),
    ] = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", help="Curves as .svg, .pdf or .png.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
) -> None:
    """Accuracy under random failure, removal of the strongest or weakest links, shuffled weights and noise.

    sparsegraph perturb runs/chts runs/rlr -o robustness.csv --figure curves.svg

    sparsegraph perturb model.pth --data mnist --normalise standard
    """
    from sparsegraph.io.listing import checkpoints_in
    from sparsegraph.perturb.perturbations import PAPER_ORDER
    from sparsegraph.perturb.robustness import Design
    from sparsegraph.perturb.subject import Choice
    from sparsegraph.report.console import show
    from sparsegraph.report.robustness import check_output, json_text, robustness_page, write_output

    design = Design(tuple(perturbations or PAPER_ORDER), scope.value, readout.value, n_repeats=repeats, seed=seed)
    choice = Choice(data, normalise and normalise.value, None, snapshot, data_dir, download, samples, seed)
    if output is not None:
        check_output(output)
    if figure is not None:
        check_output(figure, (".svg", ".pdf", ".png"))
    tested, failures = _tested([file for path in paths for file in checkpoints_in(path)], choice, design, jobs)
    if as_json:
        typer.echo(json_text(tested), nl=False)
    else:
        show(robustness_page(tested))
    if output is not None:
        write_output(tested, output)
        typer.echo(f"sparsegraph: wrote {output}", err=True)
    if figure is not None:
        _draw(tested, figure)
        typer.echo(f"sparsegraph: drew {figure}", err=True)
    for failure in failures:
        typer.echo(f"sparsegraph: {failure}", err=True)
    if failures:
        raise typer.Exit(1)


def _tested(paths: list[Path], choice: Choice, design: Design, jobs: int | None) -> tuple[list[Tested], list[str]]:
    """What can be run; of several nets those that cannot are told and passed over."""
    from sparsegraph.io.names import listed
    from sparsegraph.perturb.tested import robustness_of

    tested: list[Tested] = []
    failures: list[str] = []
    for path in paths:
        try:
            with _bar(path.name) as progress:
                tested.append(robustness_of(path, choice=choice, design=design, n_jobs=jobs, progress=progress))
        except SparseGraphError as error:
            if len(paths) == 1:
                raise
            failures.append(" ".join(str(error).split()))
    if not tested:
        raise SparseGraphError(listed(list(dict.fromkeys(failures)), 3, "; "))
    return tested, failures


def _draw(tested: list[Tested], path: Path) -> None:
    from sparsegraph.io.atomic import atomic_write
    from sparsegraph.plotting.robustness import plot_comparison, plot_robustness
    from sparsegraph.plotting.style import save
    from sparsegraph.report.comparison import shortest_names

    if len(tested) == 1:
        axes = plot_robustness(tested[0].robustness)
    else:
        names = shortest_names([one.path for one in tested])
        axes = plot_comparison(dict(zip(names, (one.robustness for one in tested), strict=True)))[0]
    with atomic_write(path) as temporary:
        save(axes, temporary, kind=path.suffix[1:])


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr over the copies that are judged; silent when stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.text import Text

    from sparsegraph.cli.progress import FIRST_RUN
    from sparsegraph.kernels.compiling import on_first_compilation

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        on_first_compilation(lambda: console.print(Text(FIRST_RUN, style="dim")))
        task = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
