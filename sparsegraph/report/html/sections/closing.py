"""How the page ends: warnings, the methods in a text to paste, and files to take along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sparsegraph.io.names import listed
from sparsegraph.measures.powerlaw import TRUSTED_TAIL, PowerLaw
from sparsegraph.report.analysis import Comparison, Report
from sparsegraph.report.html.judgement import Judgement
from sparsegraph.report.html.methods import bibtex, methods_text
from sparsegraph.report.html.page import Block, Download, Downloads, Heading, Paste, Points, Section, Words
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.wording import labelled
from sparsegraph.report.outputs import csv_text, json_text
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    import pandas as pd


def warnings_section(subjects: Sequence[Subject]) -> Section:
    """What a reader must know before believing a number; and what is not part of the graph."""
    content: list[Block] = []
    for one in subjects:
        found = tuple(_warnings(one))
        left_out = tuple(_skipped(one))
        if not found and not left_out:
            continue
        if len(subjects) > 1:
            content.append(Heading(one.name))
        if found:
            content.append(Points(found, "warning"))
        if left_out:
            content.append(Words("Tensors that are not part of the graph:", "note"))
            content.append(Points(left_out))
    lead = "What to know before a number is quoted."
    return Section("warnings", "Warnings", lead, tuple(content) or (Words("Nothing to warn of."),))


def _warnings(subject: Subject) -> Iterator[str]:
    report = subject.report
    yield from (warning for warning in report.warnings if warning not in report.notes)
    for label, part in labelled([subject]):
        where = f"{label.partition(': ')[2]}: " if part.block else ""
        fit = part.results.get("powerlaw")
        if isinstance(fit, PowerLaw):
            yield from (f"{where}{told}" for told in _small_tail(fit))
        activity = part.results.get("activity")
        if activity is not None:
            yield from (f"{where}{told}" for told in _disconnected(activity))
        readouts = {
            told
            for name, result in part.results.items()
            if isinstance(told := getattr(result, "readout", None), str) and told.startswith("readout left out")
        }
        yield from (f"{where}{told}: numbers with it and without it are not comparable" for told in sorted(readouts))


def _small_tail(fit: PowerLaw) -> Iterator[str]:
    if isinstance(fit.n_tail, Undefined):
        yield f"no power law was fitted: {fit.n_tail.reason}"
    elif fit.n_tail < TRUSTED_TAIL:
        yield f"the tail of the degrees has only {fit.n_tail} neurons; fewer than {TRUSTED_TAIL} decide nothing"


def _disconnected(activity: object) -> Iterator[str]:
    layers = getattr(activity, "per_layer", ())
    if layers and (n := layers[0].n_isolated):
        yield f"{n:,} of {layers[0].n_neurons:,} input neurons have no link: the net does not see these inputs"


def _skipped(subject: Subject) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for name, reason in subject.report.skipped:
        reasons.setdefault(reason, []).append(name)
    yield from (f"{listed(names, 4)}: {reason}" for reason, names in reasons.items())


def methods_section(subjects: Sequence[Subject], judgement: Judgement | None) -> Section:
    """A text that says what was done, with its references."""
    lead = "Ready to paste; it names every convention that was used here."
    content = (Paste("Methods", _methods(subjects, judgement)), Paste("BibTeX", bibtex(subjects)))
    return Section("methods", "Methods text", lead, content)


def _methods(subjects: Sequence[Subject], judgement: Judgement | None) -> str:
    return methods_text(subjects, judged=judgement is not None and bool(judgement.verdicts))


def downloads_section(subjects: Sequence[Subject], judgement: Judgement | None) -> Section:
    """Everything as files: they lie in this page."""
    reports = tuple(one.report for one in subjects)
    view = reports[0] if len(reports) == 1 else Comparison(reports)
    files = [
        Download(
            "report.json",
            "application/json",
            _compact(json_text(view)),
            "everything, as the documented JSON of analyze",
        ),
        *_results(reports),
        *_courses(subjects),
        *_findings(judgement),
        Download("methods.txt", "text/plain", _methods(subjects, judgement), "the methods text"),
        Download("references.bib", "text/plain", bibtex(subjects), "its references"),
    ]
    return Section(
        "downloads", "Downloads", "Nothing is fetched: the files lie in this page.", (Downloads(tuple(files)),)
    )


def _compact(text: str) -> str:
    """The same document in half the letters."""
    return json.dumps(json.loads(text), separators=(",", ":"))


def _results(reports: Sequence[Report]) -> Iterator[Download]:
    still = tuple(replace(report, trajectory={}) for report in reports)
    if any(part.results for report in still for part in report.parts):
        yield Download(
            "results.csv", "text/csv", csv_text(Comparison(still)), "numbers of the last snapshot, a row each"
        )


def _findings(judgement: Judgement | None) -> Iterator[Download]:
    from sparsegraph.report.findings import json_text as findings_text

    if judgement is not None:
        text = findings_text(judgement.verdicts, judgement.left_out)
        yield Download("findings.json", "application/json", _compact(text), "findings with all grounds")


def _courses(subjects: Sequence[Subject]) -> Iterator[Download]:
    import pandas as pd

    courses = {one.name: one.course for one in subjects if one.course is not None}
    if not courses:
        return

    def text(tables: Iterable[pd.DataFrame]) -> str:
        named = [table.assign(net=name) for name, table in zip(courses, tables, strict=True)]
        return pd.concat(named, ignore_index=True).to_csv(index=False, float_format="%.10g")

    over_training = text(course.wide() for course in courses.values())
    yield Download("evolution.csv", "text/csv", over_training, "numbers over training, a row an epoch or snapshot")
    depends_on = text(course.conventions() for course in courses.values())
    yield Download("evolution-conventions.csv", "text/csv", depends_on, "what they depend on, a row a measure")
