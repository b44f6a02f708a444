"""``sparsegraph findings``: what runs say of the papers' claims."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sparsegraph.cli.paths import path_from
from sparsegraph.errors import SparseGraphError, UnknownNameError


def findings_command(  # noqa: PLR0913 - one parameter per option of the command
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            parser=path_from,
            metavar="RUN...",
            help="Folders of runs, or of several; without any, what needs no training.",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this one, in detail, such as F05; may be repeated.", show_default=False),
    ] = None,
    paper: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="Only those of one paper: 000, 002, 003, 004.", show_default=False),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List all findings and the runs they need.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write the result here: .json, .csv, .md or .txt.", show_default=False),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(parser=path_from, metavar="FOLDER", help="Where data sets lie.", show_default="SPARSEGRAPH_DATA"),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random in measuring.")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes at a time.", show_default="all processors")] = None,
) -> None:
    """Judge the papers' findings on your runs: supported, contradicted, inconclusive or not run, and on what grounds.

    sparsegraph findings runs/

    sparsegraph findings runs/ --only F05 --only F11

    sparsegraph findings --list
    """
    from sparsegraph.cli.progress import steps
    from sparsegraph.findings.catalogue import FINDINGS
    from sparsegraph.findings.judge import evidence_in, findings_of
    from sparsegraph.processors import n_processors
    from sparsegraph.report.console import show
    from sparsegraph.report.findings import check_output, findings_list, findings_page, json_text, write_output

    wanted = _wanted(only, paper)
    if output is not None:
        check_output(output)
    if listing:
        show(findings_list([FINDINGS[name] for name in wanted]))
        return
    with steps("findings", lines=True) as progress:
        progress("reading the histories of the runs")
        evidence = evidence_in(paths or [])
        verdicts = findings_of(
            evidence, only=wanted, data_dir=data_dir, seed=seed, n_jobs=jobs or n_processors(), progress=progress
        )
    if as_json:
        typer.echo(json_text(verdicts, evidence.left_out), nl=False)
    else:
        show(findings_page(verdicts, detailed=only is not None, left_out=evidence.left_out))
    if output is not None:
        write_output(verdicts, output, evidence.left_out)
        typer.echo(f"sparsegraph: wrote {output}", err=True)


def _wanted(only: list[str] | None, paper: str | None) -> list[str]:
    """Ids, in order."""
    from sparsegraph.findings.catalogue import FINDINGS, ids
    from sparsegraph.papers.titles import PAPERS

    if paper is not None and paper not in PAPERS:
        raise UnknownNameError(f"there is no paper {paper!r}; known are: {', '.join(PAPERS)}")
    named = [FINDINGS[name.upper()].id for name in only] if only else ids()
    wanted = [name for name in named if paper in (None, FINDINGS[name].paper)]
    if not wanted:
        raise SparseGraphError(f"{', '.join(named)}: no finding of paper {paper}; leave --only or --paper out")
    return wanted
