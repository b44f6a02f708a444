"""From nets to the page: the sections in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sparsegraph.report.html.judgement import Judgement
from sparsegraph.report.html.page import Page, Section
from sparsegraph.report.html.sections.closing import downloads_section, methods_section, warnings_section
from sparsegraph.report.html.sections.judged import findings_section
from sparsegraph.report.html.sections.opening import layers_section, provenance_section, verdict_section
from sparsegraph.report.html.sections.single import topic_sections
from sparsegraph.report.html.sections.training import evolution_section, robustness_section
from sparsegraph.report.html.subject import Subject


def page_of(subjects: Sequence[Subject], judgement: Judgement | None = None) -> Page:
    """The page of one net, or of several side by side."""
    names = [one.name for one in subjects]
    title = names[0] if len(names) == 1 else f"{len(names)} networks side by side"
    return Page(title, len(names), tuple(_sections(subjects, judgement)))


def _sections(subjects: Sequence[Subject], judgement: Judgement | None) -> Iterator[Section]:
    yield verdict_section(subjects)
    yield provenance_section(subjects)
    yield layers_section(subjects)
    yield from topic_sections(subjects)
    yield robustness_section(subjects)
    yield from evolution_section(subjects)
    yield from findings_section(subjects, judgement)
    yield warnings_section(subjects)
    yield methods_section(subjects, judgement)
    yield downloads_section(subjects, judgement)
