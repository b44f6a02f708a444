"""``sparsegraph analyze``: checkpoints to reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sparsegraph.cli.choices import OF_READOUT, Normalisation, Readout, Scope
from sparsegraph.cli.paths import path_from
from sparsegraph.cli.sizes import bytes_from
from sparsegraph.errors import SparseGraphError

if TYPE_CHECKING:
    from sparsegraph.report.analysis import Report, Settings


_MOST_TOLD = 20
"""Files that could not be read, one line each."""

_MOST_TOLD_IN_LINE = 3


def analyze_command(  # noqa: PLR0913 - one parameter per option of the command
    paths: Annotated[
        list[Path],
        typer.Argument(parser=path_from, metavar="PATH", help="Checkpoints, or a folder of them.", show_default=False),
    ],
    measures: Annotated[
        list[str] | None,
        typer.Option("-m", "--measure", help="Only this measure; may be repeated.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    percolated: Annotated[bool, typer.Option("--percolate", help="Measure the percolated graph.")] = False,
    readout: Annotated[Readout, typer.Option(help=OF_READOUT)] = (Readout.auto),
    scope: Annotated[Scope, typer.Option(help="The whole graph, or every matrix by itself.")] = Scope.graph,
    layers: Annotated[str | None, typer.Option(help="Matrices to chain, in order: a,b,c.", show_default=False)] = None,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="Option of a measure, NAME=VALUE, such as rule=survival; see measures.", show_default=False
        ),
    ] = None,
    nulls: Annotated[
        list[str] | None,
        typer.Option(
            "--null",
            help="Compare with draws of this null model: er, degree, bsw, bsf or weights; may be repeated.",
            show_default=False,
        ),
    ] = None,
    n_null: Annotated[
        int | None, typer.Option("--n-null", min=2, help="Draws of each null model.", show_default="100")
    ] = None,
    n_jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes that share the draws of null models.")] = 1,
    data: Annotated[
        str | None,
        typer.Option(
            help="Pass this data set through the net: which neurons answer; 'recorded' is a run's own.",
            show_default=False,
        ),
    ] = None,
    normalise: Annotated[
        Normalisation | None,
        typer.Option(help="How a checkpoint's images are normalised; a run says it itself.", show_default=False),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--data-dir",
            metavar="FOLDER",
            help="Where data sets lie (also SPARSEGRAPH_DATA).",
            show_default=False,
        ),
    ] = None,
    max_memory: Annotated[
        int | None,
        typer.Option(
            parser=bytes_from, metavar="SIZE", help="Refuse tensors that take more, such as 4G.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Also write to this file: .json, .csv or .txt.", show_default=False),
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Also draw what has a drawing into this folder.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
    fail_if: Annotated[
        list[str] | None,
        typer.Option(help="Exit with 1 where this holds, such as 'activity.anp_rate<0.5'.", show_default=False),
    ] = None,
) -> None:
    """Analyse checkpoints: verdicts in words, then a table per measure; several give a comparison."""
    from sparsegraph.cli.options import parse_option
    from sparsegraph.io.listing import checkpoints_in
    from sparsegraph.perturb.subject import Choice
    from sparsegraph.report.analysis import Comparison, Settings
    from sparsegraph.report.conditions import parse_condition
    from sparsegraph.report.console import show
    from sparsegraph.report.outputs import check_output, json_text, page, write_output

    if n_null is not None and not nulls:
        raise SparseGraphError("--n-null draws from no null model; name one, such as --null degree")
    conditions = [parse_condition(text) for text in fail_if or []]
    if output is not None:
        check_output(output)
    if figures is not None:
        from sparsegraph.report.figures import make_folder

        make_folder(figures)
    settings = Settings(
        measures=tuple(measures or ()),
        seed=seed,
        percolated=percolated,
        readout=readout.value,
        scope=scope.value,
        layers=tuple(layers.split(",")) if layers else (),
        max_memory=max_memory,
        options=dict(parse_option(text) for text in options or []),
        nulls=tuple(nulls or ()),
        n_null=n_null or 100,
        n_jobs=n_jobs,
        images=None
        if data is None
        else Choice(None if data == "recorded" else data, normalise and normalise.value, folder=folder),
    )
    for condition in conditions:
        condition.check((*settings.names, *settings.trajectory_names))
    files = [file for path in paths for file in checkpoints_in(path)]
    reports, failures = _reports(files, settings)
    view = reports[0] if len(files) == 1 else Comparison(tuple(reports))
    if as_json:
        typer.echo(json_text(view), nl=False)
    else:
        show(page(view))
    if output is not None:
        write_output(view, output)
    if figures is not None:
        _draw(reports, figures)
    for failure in failures[:_MOST_TOLD]:
        typer.echo(f"sparsegraph: {failure}", err=True)
    if len(failures) > _MOST_TOLD:
        typer.echo(f"sparsegraph: and {len(failures) - _MOST_TOLD} more files that could not be read", err=True)
    held = [
        f"{report.source.path}: {condition} holds: {where}"
        for report in reports
        for condition in conditions
        for where in condition.holds(_numbers(report))
    ]
    for line in held:
        typer.echo(f"sparsegraph: {line}", err=True)
    if held or failures:
        raise typer.Exit(1)


def _numbers(report: Report) -> dict[str, Any]:
    """Results by measure, those over training too."""
    document = report.to_dict()
    return {**document["results"], **document.get("trajectory", {})}


def _draw(reports: list[Report], folder: Path) -> None:
    from sparsegraph.report.figures import write_figures

    written = write_figures(reports, folder)
    if not written:
        typer.echo("sparsegraph: none of these measures has a drawing", err=True)
    for path in written:
        typer.echo(f"sparsegraph: drew {path}", err=True)


def _reports(files: list[Path], settings: Settings) -> tuple[list[Report], list[str]]:
    """Reports of what can be read; of several files those that cannot are told and passed over."""
    from sparsegraph.cli.progress import steps
    from sparsegraph.io.names import listed
    from sparsegraph.report.analysis import analyze

    reports: list[Report] = []
    failures: list[str] = []
    for file in files:
        try:
            with steps(file.name) as progress:
                reports.append(analyze(file, settings, progress=progress))
        except SparseGraphError as error:
            if len(files) == 1:
                raise
            failures.append(" ".join(str(error).split()))
    if not reports:
        raise SparseGraphError(listed(failures, _MOST_TOLD_IN_LINE, "; "))
    return reports, failures
