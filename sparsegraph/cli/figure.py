"""``sparsegraph figure``: the papers' figures and tables, redrawn from runs."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sparsegraph.cli.paths import path_from
from sparsegraph.errors import SparseGraphError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sparsegraph.evolution.cohorts import Cohorts
    from sparsegraph.figures.draw import Written
    from sparsegraph.figures.material import Material

EVERY_ONE = "all"


class Format(StrEnum):
    """Choices of ``--format``."""

    svg = "svg"
    pdf = "pdf"
    png = "png"


def figure_command(  # noqa: PLR0913 - one parameter per option of the command
    name: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="Which one; all: every one that these runs allow.", show_default=False),
    ] = None,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(parser=path_from, metavar="RUN...", help="Folders of runs, or of several.", show_default=False),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List all ids and what they need; with runs, what these lack.")
    ] = False,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", parser=path_from, metavar="FOLDER", help="Where files go; made if missing."),
    ] = Path("figures"),
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="May be repeated.", show_default="svg, png")
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(parser=path_from, metavar="FOLDER", help="Where data sets lie.", show_default="SPARSEGRAPH_DATA"),
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Measure every N-th snapshot only, and the last.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes at a time.", show_default="all processors")] = None,
) -> None:
    """Draw a figure or table of the papers from your runs, beside the paper's numbers where it has any.

    Each leaves pictures, the data behind them as CSV, a caption that states runs, seeds, epochs, data, conventions and
    scale, and a line in manifest.json.
    """
    from sparsegraph.cli.progress import steps
    from sparsegraph.figures.catalogue import ids
    from sparsegraph.figures.draw import check_drawable, why_not, write_figure
    from sparsegraph.figures.material import Material
    from sparsegraph.processors import n_processors
    from sparsegraph.report.console import show
    from sparsegraph.report.figures import make_folder

    if name is None and not listing:
        raise typer.BadParameter("name a figure, or list them with --list", param_hint="ID")
    given = [Path(name)] if listing and name is not None else []
    with steps("figure") as progress:
        found = _cohorts([*given, *(paths or [])], progress)
        material = Material(found, data_dir, seed, jobs or n_processors(), every, progress)
        if listing:
            show(_list(material))
            return
        assert name is not None
        wanted = [one for one in ids() if why_not(one, material) is None] if name == EVERY_ONE else [name]
        if not wanted:
            lost = f" (left out: {found.left_out_words})" if found.left_out else ""
            raise SparseGraphError(
                f"no figure can be drawn from these runs{lost}; see what they lack: sparsegraph figure --list"
            )
        for one in wanted:  # what is missing is said before any work
            check_drawable(one, material)
        make_folder(output)
        kinds = [kind.value for kind in formats or (Format.svg, Format.png)]
        written = [write_figure(one, material, output, formats=kinds, command=_command()) for one in wanted]
    show(_page(written))


def _cohorts(paths: Sequence[Path], progress: Callable[[str], None]) -> Cohorts:
    from sparsegraph.evolution.cohorts import cohorts_of
    from sparsegraph.io.runs.listing import runs_in

    progress("reading the histories of the runs")
    return cohorts_of(run for path in paths for run in runs_in(path))


def _command() -> str:
    """The command as it was given, each folder by its name only: a manifest names no place on a machine."""
    return shlex.join(["sparsegraph", *map(_without_place, sys.argv[1:])])


def _without_place(word: str) -> str:
    option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    return f"{option}{equals}{Path(value).name if '/' in value else value}"


def _list(material: Material) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from sparsegraph.figures.catalogue import FIGURES, ids
    from sparsegraph.figures.draw import why_not

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column, ratio in (("id", None), ("paper", 2), ("shows", 4), ("needs", 4)):
        table.add_column(column, ratio=ratio, no_wrap=ratio is None, overflow="fold")
    given = bool(material.cohorts.cohorts or material.cohorts.left_out)
    for one in ids():
        figure = FIGURES[one]
        state = figure.impossible or (why_not(one, material) or "ready" if given else figure.needs.words)
        table.add_row(one, f"{figure.paper}, {figure.place}", figure.shows, state)
    left_out = material.cohorts.left_out_words
    return Group(table, Text(f"\nLeft out of the runs given: {left_out}", style="dim")) if left_out else table


def _page(written: Sequence[Written]) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    lines: list[Text] = []
    for one in written:
        lines += [Text(str(path)) for path in one.paths] + [Text(one.caption.replace("**", ""), style="dim")]
    return Group(*lines)
