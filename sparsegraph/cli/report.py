"""``sparsegraph report``: checkpoints and runs to one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sparsegraph.cli.analysing import (
    Data,
    DataFolder,
    Jobs,
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
from sparsegraph.cli.choices import Readout


def report_command(  # noqa: PLR0913 - one parameter per option of the command
    paths: Paths,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file, .html.")] = Path("report.html"),
    measures: Measures = None,
    seed: Seed = 0,
    percolated: Percolated = False,
    readout: ReadoutPolicy = Readout.auto,
    options: Options = None,
    nulls: Nulls = None,
    n_null: Annotated[
        int | None,
        typer.Option("--n-null", min=2, help="Draws of each null model.", show_default="30; 100 or more of one named"),
    ] = None,
    n_jobs: Jobs = 1,
    data: Data = None,
    normalise: Normalise = None,
    folder: DataFolder = None,
    max_memory: MaxMemory = None,
    perturbed: Annotated[
        bool, typer.Option("--perturb", help="Perturb runs of any size; small ones are wherever their data lie.")
    ] = False,
    judged: Annotated[
        bool, typer.Option("--findings", help="Judge the papers' findings on the runs; minutes the first time.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--fast", help="No unnamed null models, nothing over snapshots, no perturbations.")
    ] = False,
) -> None:
    """One offline HTML file on a checkpoint, a run, or several side by side: verdicts, figures, tables, methods.

    sparsegraph report runs/chts -o report.html
    """
    from sparsegraph.cli.options import parse_option
    from sparsegraph.cli.progress import steps
    from sparsegraph.io.listing import checkpoints_in
    from sparsegraph.report.analysis import Settings
    from sparsegraph.report.html.gather import Choices
    from sparsegraph.report.html.write import check_output, write_report

    check_output(output)
    settings = Settings(
        measures=tuple(measures or ()),
        seed=seed,
        percolated=percolated,
        readout=readout.value,
        max_memory=max_memory,
        options=dict(parse_option(text) for text in options or []),
        nulls=tuple(nulls or ()),
        n_null=n_null,
        n_jobs=n_jobs,
        images=images_from(data, normalise, folder),
    )
    choices = Choices(settings, n_null=n_null, data_dir=folder, perturbed=perturbed, judged=judged, quick=quick)
    files = [file for path in paths for file in checkpoints_in(path)]
    with steps("report", lines=True) as progress:
        write_report(files, output, choices, progress=lambda name, step: progress(f"{name}: {step}"))
    typer.echo(f"sparsegraph: wrote {output}", err=True)
