"""A report as a notebook shows it: the verdicts in words, and each measure's result on a click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sparsegraph.notebook.cells import fields_table, pairs
from sparsegraph.notebook.markup import Markup, Part, element, folded, joined, muted, page
from sparsegraph.notebook.shown import of_significance, warnings_list
from sparsegraph.report.analysis import Comparison, Report
from sparsegraph.report.analysis import Part as Analysed
from sparsegraph.report.views.catalogue import sentences
from sparsegraph.result import Result

MOST_PARTS = 8


def of_report(report: Report) -> str:
    """Everything about one checkpoint."""
    return page(*_parts(report))


def of_comparison(comparison: Comparison) -> str:
    """One report after the other, each on a click."""
    reports = comparison.reports
    return page(
        element("div", element("b", "Comparison"), f": {len(reports):,} checkpoints"),
        *(folded(report.source.path, *_parts(report)) for report in reports),
    )


def _parts(report: Report) -> Iterator[Part]:
    settings = report.settings
    yield element("div", element("b", "Report"), ": ", report.source.path, " ", muted(f"({report.source.format})"))
    if report.warnings:
        yield warnings_list(report.warnings)
    for part in report.parts[:MOST_PARTS]:
        yield element("div", f"{part.block}: " if part.block else None, part.outline.in_words())
        yield from _part(part)
    if len(report.parts) > MOST_PARTS:
        yield element("div", muted(f"and {len(report.parts) - MOST_PARTS:,} more matrices, in .parts"))
    yield from _told(report.trajectory, "over training")
    graph = "percolated graph" if settings.percolated else "raw graph"
    chosen = [f"links: {report.mask_origin}", graph, f"readout {settings.readout}", f"scope {settings.scope}"]
    yield element("div", muted("; ".join([*chosen, f"seed {settings.seed}"])))
    if report.skipped:
        yield folded(f"{len(report.skipped):,} tensors are not part of the graph", pairs(report.skipped[:30]))


def _part(part: Analysed) -> Iterator[Part]:
    yield from _told(part.results, "")
    for name, significance in part.significance.items():
        yield element("ul", *(element("li", line) for line in sentences({name: significance})))
        yield folded(f"null model {name}", Markup(of_significance(significance)))


def _told(results: Mapping[str, Result], when: str) -> Iterator[Part]:
    lines = sentences(results)
    if lines:
        yield element("ul", *(element("li", line) for line in lines))
    if results:
        shown = (folded(name, fields_table(result)) for name, result in results.items())
        count = f"{len(results)} result{'s' if len(results) > 1 else ''}"
        yield folded(f"{count} {when}".rstrip(), joined(shown))
