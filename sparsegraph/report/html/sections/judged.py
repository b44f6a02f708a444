"""The papers' findings, judged on the runs of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sparsegraph.findings.verdict import WORDS, Verdict
from sparsegraph.papers.titles import family_of
from sparsegraph.report.findings import AT_CHANCE, at_chance, left_out_by_reason
from sparsegraph.report.html.judgement import Judgement
from sparsegraph.report.html.page import Block, Column, Folded, Points, Section, Table, Words
from sparsegraph.report.html.subject import Subject

_COLUMNS = ("finding", "statement", "verdict", "the paper", "here", "seeds")
_ON_REQUEST = "These runs follow a paper's profile: --findings judges what the papers claim on them."
_NONE = (
    "No finding can be judged on what is here. Most compare methods of the papers, over three seeds at least; train "
    "those that are missing, and judge them together: sparsegraph findings RUN..."
)


def findings_section(subjects: Sequence[Subject], judgement: Judgement | None) -> Iterator[Section]:
    """What the runs say of the papers' claims; for runs of a paper's profile a sentence how to ask, where not asked."""
    profiles = [one.course.method for one in subjects if one.course is not None and one.course.method]
    if judgement is not None:
        yield Section("findings", "Findings", "What the papers claim, judged on these runs.", tuple(_told(judgement)))
    elif any(family_of(profile.partition(" ")[0]) for profile in profiles):
        yield Section("findings", "Findings", "", (Words(_ON_REQUEST, "note"),))


def _told(judgement: Judgement) -> Iterator[Block]:
    judged = [verdict for verdict in judgement.verdicts if verdict.is_of_runs]
    missing = [verdict for verdict in judgement.verdicts if not verdict.is_of_runs]
    yield from _judged(judged) if judged else [Words(_NONE)]
    if missing:
        told = tuple(f"{one.finding.id}: {_lacks(one)}" for one in missing)
        yield Folded(f"Not run: {len(missing)} to which these runs belong, and what they need", (Points(told),))
    if lost := at_chance(judged):
        yield Folded(AT_CHANCE, (Points(tuple(f"{' '.join(names)}: {told}" for told, names in lost.items())),))
    if judgement.left_out:
        yield Folded("Runs left out", (Points(tuple(line for line, _ in left_out_by_reason(judgement.left_out))),))


def _judged(verdicts: Sequence[Verdict]) -> Iterator[Block]:
    counts = Counter(verdict.verdict for verdict in verdicts)
    yield Words("; ".join(f"{counts[word]} {word}" for word in WORDS if counts[word]) + ".")
    columns = tuple(Column(name, is_number=False) for name in _COLUMNS)
    rows = tuple(_row(verdict) for verdict in verdicts)
    yield Table("Judged", "one seed supports nothing: fewer than three are indicative only", columns, rows)
    yield Folded("In sentences", (Points(tuple(f"{one.finding.id}: {one.sentence}" for one in verdicts)),))


def _row(verdict: Verdict) -> tuple[str, ...]:
    row, main = verdict.row(), verdict.main
    here = f"{row['ours']} ({row['parts_words']})" if row["parts_words"] else row["ours"]
    seeds = row["n_words"] if main is not None and main.draws_are_alike else str(row["n_seeds"])
    return (row["id"], row["statement"], row["label"], row["paper"], here, seeds)


def _lacks(verdict: Verdict) -> str:
    """Why no run speaks to it, whatever generators say."""
    return verdict.sentence if verdict.verdict == "not run" else f"Not run: needs {verdict.finding.needs}."
