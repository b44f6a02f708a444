"""Sections on measures of one snapshot: sentences, drawings and tables of one topic after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sparsegraph.report.html.figures import Net, drawings
from sparsegraph.report.html.page import Block, Folded, Heading, Pictures, Points, Section, Table, Words
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.tables import of_results
from sparsegraph.report.html.topics import COMMUNITIES, TOPICS, Topic, placed
from sparsegraph.report.html.wording import capital, labelled, name_of, select
from sparsegraph.report.views.catalogue import sentences
from sparsegraph.result import Result


def topic_sections(subjects: Sequence[Subject]) -> Iterator[Section]:
    """A section for each topic of which anything was measured, and one for measures that have no topic."""
    for topic in (*TOPICS, _others(subjects)):
        content = tuple(_content(topic, subjects))
        if content:
            yield Section(topic.name, topic.title, topic.lead, content)


def _others(subjects: Sequence[Subject]) -> Topic:
    names = dict.fromkeys(name for one in subjects for part in one.report.parts for name in part.results)
    rest = tuple(name for name in names if name not in placed())
    return Topic(
        "others", "Further measures", "Measures of plug-ins, and others without a place of their own.", rest, rest
    )


def _content(topic: Topic, subjects: Sequence[Subject]) -> Iterator[Block]:
    parts = [(one, label, part) for one in subjects for label, part in labelled([one])]
    nets = [Net(label, part.results, part) for _, label, part in parts]
    shown = tuple(drawings(nets, topic.measures, name=topic.name))
    if shown:
        yield Pictures(shown)
    for one, label, part in parts:
        results = select(part.results, topic.measures)
        significance = part.significance if topic is COMMUNITIES else {}
        if not results and not significance:
            continue
        if len(parts) > 1:
            yield Heading(label)
        if lines := sentences({**results, **significance}):
            yield Points(tuple(map(capital, lines)))
        nulls = tuple(replace(table, remarks=(*table.remarks, *_apart(one))) for table in of_results(significance))
        yield from _tables(topic, results, nulls, is_one=len(parts) == 1)
    if topic is COMMUNITIES and any("modularity" in part.results for _, _, part in parts):
        reasons = dict.fromkeys(one.why_no_null for one in subjects if one.why_no_null)
        yield from (Words(reason, "note") for reason in reasons)


def _apart(subject: Subject) -> Iterator[str]:
    """How a comparison with a null model differs from the other numbers of the page."""
    if subject.n_null_runs is not None:
        yield (
            f"modularity here: best of {subject.n_null_runs} runs in the network as in each draw, so not quite the "
            "numbers above"
        )
    if not subject.report.settings.nulls:
        yield "other measures were not compared: sparsegraph report --null degree compares them all"


def _tables(topic: Topic, results: Mapping[str, Result], nulls: tuple[Table, ...], *, is_one: bool) -> Iterator[Block]:
    """Of one net the main tables at once and the others on a click; of several all on a click, but for null models."""
    first = of_results(select(results, topic.open))
    if is_one:
        yield from first
        yield from nulls
        yield from (
            Folded(name_of(name), of_results({name: result}))
            for name, result in results.items()
            if name not in topic.open
        )
    else:
        yield from nulls
        yield Folded("Tables", of_results(results))
