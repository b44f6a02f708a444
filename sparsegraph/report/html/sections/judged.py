"""The papers' findings, judged on the runs of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sparsegraph.findings.judge import rows_of
from sparsegraph.findings.verdict import WORDS, Verdict
from sparsegraph.papers.titles import family_of
from sparsegraph.report.html.page import Block, Column, Folded, Points, Section, Table, Words
from sparsegraph.report.html.subject import Subject

_COLUMNS = ("finding", "statement", "verdict", "the paper", "here", "seeds")
_ON_REQUEST = "These runs follow a paper's profile: --findings judges what the papers claim on them."


def findings_section(subjects: Sequence[Subject], verdicts: Sequence[Verdict]) -> Iterator[Section]:
    """What the runs say of the papers' claims; for runs of a paper's profile a sentence how to ask, where not asked."""
    profiles = [one.course.method for one in subjects if one.course is not None and one.course.method]
    if verdicts:
        yield Section("findings", "Findings", "What the papers claim, judged on these runs.", tuple(_judged(verdicts)))
    elif any(family_of(profile.partition(" ")[0]) for profile in profiles):
        yield Section("findings", "Findings", "", (Words(_ON_REQUEST, "note"),))


def _judged(verdicts: Sequence[Verdict]) -> Iterator[Block]:
    counts = Counter(verdict.verdict for verdict in verdicts)
    yield Words("; ".join(f"{counts[word]} {word}" for word in WORDS if counts[word]) + ".")
    run = [verdict for verdict in verdicts if verdict.verdict != "not run"]
    columns = tuple(Column(name, is_number=False) for name in _COLUMNS)
    rows = tuple(
        tuple(str(row[key]) for key in ("id", "statement", "label", "paper", "ours", "n_seeds")) for row in rows_of(run)
    )
    if rows:
        yield Table("Judged", "one seed supports nothing: fewer than three are indicative only", columns, rows)
        yield Folded("In sentences", (Points(tuple(f"{one.finding.id}: {one.sentence}" for one in run)),))
    missing = [verdict for verdict in verdicts if verdict.verdict == "not run"]
    if missing:
        told = tuple(f"{one.finding.id}: {one.sentence}" for one in missing)
        yield Folded(f"Not run: {len(missing)}, and what they need", (Points(told),))
