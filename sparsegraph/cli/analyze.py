"""``sparsegraph analyze``: checkpoints to reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sparsegraph.cli.analysing import (
    Data,
    DataFolder,
    Jobs,
    Layers,
    MaxMemory,
    Measures,
    Normalise,
    Nulls,
    Options,
    Paths,
    Percolated,
    ReadoutPolicy,
    Seed,
    images_from,
)
from sparsegraph.cli.choices import Readout, Scope
from sparsegraph.errors import SparseGraphError

if TYPE_CHECKING:
    from sparsegraph.report.analysis import Report, Settings


_MOST_TOLD = 20
"""Files that could not be read, one line each."""

_MOST_TOLD_IN_LINE = 3


def analyze_command(  # noqa: PLR0913 - one parameter per option of the command
    paths: Paths,
    measures: Measures = None,
    seed: Seed = 0,
    percolated: Percolated = False,
    readout: ReadoutPolicy = Readout.auto,
    scope: Annotated[Scope, typer.Option(help="The whole graph, or every matrix by itself.")] = Scope.graph,
    layers: Layers = None,
    options: Options = None,
    nulls: Nulls = None,
    n_null: Annotated[
        int | None,
        typer.Option(
            "--n-null", min=2, help="Draws of each null model.", show_default="100; up to 399 where tests need them"
        ),
    ] = None,
    n_jobs: Jobs = 1,
    data: Data = None,
    normalise: Normalise = None,
    folder: DataFolder = None,
    max_memory: MaxMemory = None,
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
        n_null=n_null,
        n_jobs=n_jobs,
        images=images_from(data, normalise, folder),
    )
    for condition in conditions:
        condition.check((*settings.names, *settings.trajectory_names))
    files = [file for path in paths for file in checkpoints_in(path)]
    _tell_too_few(settings)
    reports, failures = _reports(files, settings)
    view = reports[0] if len(files) == 1 else Comparison(tuple(reports))
    if as_json:
        typer.echo(json_text(view), nl=False)
    else:
        show(page(view))
    if output is not None:
        write_output(view, output)
        typer.echo(f"sparsegraph: wrote {output}", err=True)
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


def _tell_too_few(settings: Settings) -> None:
    """Say before anything is drawn that a null model's draws are too few for its tests."""
    from sparsegraph.significance.run import n_tests_at_most
    from sparsegraph.significance.statistics import draws_needed

    for plan in settings.plans:
        n_tests = n_tests_at_most(settings.compared, plan.null)
        needed = draws_needed(n_tests)
        if plan.n_null < needed:
            typer.echo(
                f"sparsegraph: null model {plan.null}: {plan.n_null} draws are too few to claim anything after Holm's "
                f"correction for {n_tests} tests; ask for --n-null {needed}, or fewer measures (-m)",
                err=True,
            )


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
