"""The page for people: verdicts in words, conventions, then a table per measure; readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sparsegraph.io.names import listed
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.report.analysis import Report
from sparsegraph.report.overview import overview
from sparsegraph.report.views.catalogue import sentences, tables
from sparsegraph.result import Result

MOST_PAGES = 3
"""Up to so many matrices are shown in full, more in one table."""


def report_page(report: Report) -> RenderableType:
    """Everything about one checkpoint."""
    return Group(*_page(report))


def _page(report: Report) -> Iterator[RenderableType]:
    yield Text.assemble((report.source.path, "bold"), f"  ({report.source.format})")
    yield from (Text(f"  {note}", style="dim") for note in report.notes)
    yield from _warnings(warning for warning in report.warnings if warning not in report.notes)
    many = len(report.parts) > MOST_PAGES
    if many:
        yield Text("")
        yield overview(report.parts)
    for part in () if many else report.parts:
        yield Text("")
        yield Text(part.block or "", style="bold") + Text(f"{'  ' if part.block else ''}{part.outline.in_words()}")
        yield Text("")
        yield from (_sentence(line) for line in sentences({**part.results, **part.significance}))
    yield from (_sentence(line) for line in sentences(report.trajectory))
    yield Text("")
    yield from _conventions(report)
    for part in () if many else report.parts:
        yield from _tables({**part.results, **part.significance}, f" of {part.block}" if part.block else "")
    if report.trajectory:
        yield Text("")
        yield Text("Over training", style="bold underline")
        yield from _tables(report.trajectory, "")
    if many:
        yield Text("All numbers of each matrix: --json, or -o with .json or .csv.", style="dim")
    yield from _skipped(report)


def _sentence(line: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_row("•", Text(line))
    return Padding(grid, (0, 0, 0, 1))


def _warnings(warnings: Iterable[str]) -> Iterator[RenderableType]:
    for warning in warnings:
        grid = Table.grid(padding=(0, 1))
        grid.add_row(Text("!", style="bold yellow"), Text(warning, style="yellow"))
        yield Padding(grid, (0, 0, 0, 1))


def _conventions(report: Report) -> Iterator[RenderableType]:
    settings = report.settings
    readouts: dict[str, dict[str, None]] = {}
    for part in report.parts:
        for name, result in part.results.items():
            if "readout" in MEASURES[name].options and isinstance(told := getattr(result, "readout", None), str):
                readouts.setdefault(told, {})[name] = None
    choices = [
        f"links: {report.mask_origin}",
        "percolated graph" if settings.percolated else "raw graph",
        *(["raw masks over training"] if settings.percolated and report.trajectory else []),
        *(f"in {', '.join(names)}: {told}" for told, names in readouts.items() if len(readouts) <= 2),
        *(f"in {name}: {told}" for name, told in _answers(report)),
        f"scope {settings.scope}",
        f"seed {settings.seed}",
        *(f"{name} {value}" for name, value in settings.options.items()),
    ]
    yield Text(f"Conventions: {'; '.join(choices)}.", style="dim")


def _answers(report: Report) -> Iterator[tuple[str, str]]:
    """Measures of answers to data, and what the answers are to."""
    for name, result in report.parts[0].results.items():
        if report.settings.images is not None and isinstance(told := getattr(result, "data", None), str):
            yield name, told


def _tables(results: Mapping[str, Result], where: str) -> Iterator[RenderableType]:
    for name, result in results.items():
        for title, note, table, remarks in tables(name, result):
            yield Text("")
            yield Text.assemble((f"{title}{where}", "bold"), (f"  {note}", "dim"))
            yield table
            yield from (Text(remark, style="dim") for remark in remarks)


def _skipped(report: Report) -> Iterator[RenderableType]:
    if not report.skipped:
        return
    reasons: dict[str, list[str]] = {}
    for name, reason in report.skipped:
        reasons.setdefault(reason, []).append(name)
    yield Text("")
    yield Text("Not part of the graph", style="bold")
    for reason, names in reasons.items():
        yield Padding(Text(f"{listed(names, 4)}: {reason}", style="dim"), (0, 0, 0, 2))
