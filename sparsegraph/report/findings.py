"""Findings judged on runs: as a page, as one JSON document, as tables."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sparsegraph import __version__
from sparsegraph.findings.claim import Finding
from sparsegraph.findings.judge import rows_of
from sparsegraph.findings.rule import written
from sparsegraph.findings.verdict import Part, Verdict
from sparsegraph.io import outputs
from sparsegraph.io.atomic import atomic_write
from sparsegraph.numerals import significant
from sparsegraph.papers.data_sets import data_title, in_order, is_of_papers
from sparsegraph.provenance import versions

SCHEMA_VERSION = 1

RULES = (
    "supported: the 95 % interval of the mean over seeds and data sets lies within the bounds, and so does the mean "
    "of each data set; all parts of a finding must be",
    "contradicted: the interval at 1 - 0.05 / m, or that of one of k data sets at 1 - 0.05 / (k m), lies wholly beyond "
    "a bound; one of the m parts of a finding is enough",
    "indicative: fewer than three seeds, which conclude nothing; only the side is told",
    "(quick): on runs shorter than the paper's, by the relaxed rule where there is one",
    "±: standard error over seeds and data sets; numbers of methods are compared seed by seed, on runs of one length",
)
_STYLES = {"supported": "green", "contradicted": "red", "inconclusive": "yellow", "not run": "dim"}
_CROSS = "✗"
AT_CHANCE = "Judged on nets no better than chance, which say little of a method"


LeftOut = Sequence[tuple[str, str]]
"""Paths of runs that were not taken, and why."""


def findings_document(verdicts: Sequence[Verdict], left_out: LeftOut = ()) -> dict[str, Any]:
    """One JSON document; see ``docs/findings.md``."""
    return {
        "findings_schema": SCHEMA_VERSION,
        "sparsegraph": __version__,
        "versions": versions(),
        "rules": list(RULES),
        "counts": dict(_counts(verdicts)),
        "findings": [verdict.to_dict() for verdict in verdicts],
        "left_out": [{"path": path, "reason": reason} for path, reason in left_out],
    }


def json_text(verdicts: Sequence[Verdict], left_out: LeftOut = ()) -> str:
    """The document as text."""
    return json.dumps(findings_document(verdicts, left_out), indent=2, allow_nan=False) + "\n"


def csv_text(verdicts: Sequence[Verdict], left_out: LeftOut = ()) -> str:
    """Tidy table: one row for each part of each finding."""
    del left_out
    import pandas as pd

    lists = ("per_data", "paper", "notes", "at_chance")
    rows = [
        {
            "id": verdict.finding.id,
            "statement": verdict.finding.statement,
            "label": verdict.label,
            **{
                f"part_{name}" if name == "verdict" else name: told for name, told in plain.items() if name not in lists
            },
            "data": ", ".join(one.data for one in part.per_data),
            "paper": part.theirs or verdict.finding.told,
            "paper_contradicts": not all(one.holds for one in part.paper),
            "at_chance": "; ".join(part.at_chance),
        }
        for verdict in verdicts
        for part in verdict.parts
        for plain in (part.to_dict(),)
    ]
    text: str = pd.DataFrame(rows).to_csv(index=False)
    return text


def markdown_text(verdicts: Sequence[Verdict], left_out: LeftOut = ()) -> str:
    """A table for a README: one row a finding, then the rules."""
    lines = [
        "| id | statement | measured | claimed | paper | here | n | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows_of(verdicts):
        paper = f"{row['paper']} {_CROSS}" if row["paper_contradicts"] else row["paper"]
        measured = f"{row['measured']} ({row['parts_words']})" if row["parts_words"] else row["measured"]
        cells = [row["id"], row["statement"], measured, row["rule"], paper, row["ours"], row["n_words"], row["label"]]
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    told = [f"- {rule}" for rule in (*RULES, f"{_CROSS}: the paper's own numbers speak against its claim")]
    told += [f"- no better than chance, {' '.join(names)}: {lost}" for lost, names in at_chance(verdicts).items()]
    told += [f"- left out: {line}" for line, _ in left_out_by_reason(left_out)]
    return "\n".join([*lines, "", *told]) + "\n"


def _page_text(verdicts: Sequence[Verdict], left_out: LeftOut = ()) -> str:
    from sparsegraph.report.console import plain_text

    return plain_text(findings_page(verdicts, left_out=left_out))


_WRITERS: dict[str, Callable[[Sequence[Verdict], LeftOut], str]] = {
    ".json": json_text,
    ".csv": csv_text,
    ".md": markdown_text,
    ".txt": _page_text,
}


def check_output(path: Path) -> None:
    """Refuse an output that cannot be written, before any work is done; see :mod:`sparsegraph.io.outputs`."""
    outputs.check_output(path, _WRITERS)


def write_output(verdicts: Sequence[Verdict], path: Path, left_out: LeftOut = ()) -> None:
    """Write everything (.json), a row a part (.csv), a table (.md) or the page (.txt)."""
    check_output(path)
    text = _WRITERS[path.suffix](verdicts, left_out)
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def findings_page(verdicts: Sequence[Verdict], *, detailed: bool = False, left_out: LeftOut = ()) -> RenderableType:
    """What was judged as a table, or each finding with all its parts; what was not run and why; how it was judged."""
    return Group(*_page(verdicts, detailed), *_left_out(left_out))


def findings_list(findings: Sequence[Finding]) -> RenderableType:
    """All findings with the runs that they need."""
    table = _table(("id", 0), ("statement", 3), ("source", 2), ("needs", 3))
    for one in findings:
        table.add_row(one.id, one.statement, one.where, Text(one.needs, style="dim"))
    return table


def _page(verdicts: Sequence[Verdict], detailed: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - of this file
    judged = [one for one in verdicts if one.verdict != "not run"]
    yield Text(", ".join(f"{n} {label}" for label, n in _counts(verdicts).items()), style="bold")
    if detailed:
        for one in judged:
            yield from _details(one)
    elif judged:
        yield Text("")
        yield _judged(judged)
    yield from _not_run(verdicts)
    yield from _at_chance(judged)
    yield from _against_themselves(verdicts, detailed)
    yield from _conventions(judged)


def _counts(verdicts: Sequence[Verdict]) -> Counter[str]:
    order = list(_STYLES)
    return Counter(one.label for one in sorted(verdicts, key=lambda one: (order.index(one.verdict), one.label)))


def _table(*columns: tuple[str, int]) -> Table:
    """Columns with their share of the width, 0 for what they need."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name, ratio in columns:
        table.add_column(name, ratio=ratio or None, no_wrap=ratio == 0, overflow="fold")
    return table


def _judged(verdicts: Sequence[Verdict]) -> Table:
    table = _table(("id", 0), ("statement", 1), ("paper", 0), ("here", 0), ("n", 0), ("verdict", 0))
    table.columns[4].justify = "right"
    for one in verdicts:
        main = one.main
        assert main is not None
        cross = Text(f" {_CROSS}", style="red") if one.paper_contradicts else Text("")
        parts = f" ({one.parts_words})" if one.parts_words else ""
        told = Text(f"{main.words}; {main.rule}{parts}", style="dim")
        table.add_row(
            one.finding.id,
            Text.assemble(one.finding.statement, "\n", told),
            Text.assemble(_short(main.theirs or one.finding.told), cross),
            _here(main),
            _n(main),
            Text(one.label.replace(": ", ":\n").replace(" (", "\n("), style=_STYLES[one.verdict]),
        )
    return table


def _short(paper: str) -> str:
    """What a paper prints, in lines of a few letters."""
    return paper.replace(" to ", " to\n").replace(", ", ",\n").replace(" (", "\n(")


def _here(part: Part) -> Text:
    """Our value, its error below."""
    if part.value is None:
        return Text("-")
    return Text.assemble(written(part.value, part.unit), (f"\n{part.error}" if part.error else "", "dim"))


def _n(part: Part) -> str:
    """How many numbers, or what is said instead, a word a line."""
    return part.n_words.replace(" ", "\n")


def _details(verdict: Verdict) -> Iterator[RenderableType]:
    finding = verdict.finding
    yield Text("")
    yield Text(f"{finding.id}  {finding.statement}", style="bold")
    amended = f" Amended after results were seen. {finding.amended}" if finding.amended else ""
    yield Text(f"{finding.where}. {finding.note}".strip() + amended, style="dim")
    word, colon, rest = verdict.sentence.partition(": ")
    yield Text.assemble((word, _STYLES[verdict.verdict]), colon, rest)
    table = _table(("part", 1), ("paper", 0), ("here", 0), ("n", 0), ("verdict", 0))
    table.columns[3].justify = "right"
    for part in verdict.parts:
        word = part.verdict + ("" if part.counts else "\n(beside)")
        told = Text.assemble(part.words, ("\n" + "; ".join(_grounds(part)), "dim"))
        paper = _short(part.theirs or finding.told)
        table.add_row(told, paper, _here(part), _n(part), Text(word, style=_STYLES[part.verdict]))
    yield table


def _grounds(part: Part) -> Iterator[str]:
    """What a part was judged by: rule, interval, p, effect, each data set, and what is to be noted."""
    yield f"claimed is {part.rule}"
    if not part.draws_are_alike:
        yield from _uncertainty(part)
    told = [f"{one.data} {written(one.value, part.unit)}" for one in part.per_data if one.value is not None]
    if len(told) > 1:
        yield ", ".join(told)
    if part.scale_words:
        yield part.scale_words
    if part.reason:
        yield part.reason
    yield from part.notes


def _uncertainty(part: Part) -> Iterator[str]:
    if part.low is not None and part.high is not None:
        yield f"95 % from {written(part.low, part.unit)} to {written(part.high, part.unit)}"
    if part.p_value is not None and part.n > 1:
        yield f"p = {significant(part.p_value, 2)}"
    if part.effect_size is not None:
        yield f"d = {significant(part.effect_size, 2)}"


def _not_run(verdicts: Sequence[Verdict]) -> Iterator[RenderableType]:
    needs: dict[str, list[str]] = {}
    for one in verdicts:
        if one.verdict == "not run":
            needs.setdefault(one.sentence.removeprefix("Not run: ").rstrip("."), []).append(one.finding.id)
    if not needs:
        return
    yield Text("")
    yield Text("Not run", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False, style="dim")
    table.add_column(max_width=11)
    table.add_column(ratio=1, overflow="fold")
    for reason, names in needs.items():
        table.add_row(" ".join(names), reason)
    yield table


def _left_out(left_out: LeftOut) -> Iterator[RenderableType]:
    if left_out:
        yield Text("")
        yield Text("Runs left out", style="bold")
        told = left_out_by_reason(left_out)
        yield from (Text(line, style="dim") for line, _ in told[:_MOST_LEFT_OUT])
        if more := sum(n for _, n in told[_MOST_LEFT_OUT:]):
            yield Text(f"and {more} more, in JSON", style="dim")


def left_out_by_reason(left_out: LeftOut) -> list[tuple[str, int]]:
    """One line for runs left out for one reason, by its name where there is but one, and their number."""
    groups: dict[str, list[str]] = {}
    for path, reason in left_out:
        groups.setdefault(reason, []).append(Path(path).name)
    return [
        (f"{names[0] if len(names) == 1 else f'{len(names)} runs'}: {reason}", len(names))
        for reason, names in groups.items()
    ]


_MOST_LEFT_OUT = 8
_MOST_CASES = 1


def at_chance(verdicts: Sequence[Verdict]) -> dict[str, list[str]]:
    """Which findings hang on nets that learned nothing: their ids, by what is told of the nets."""
    found: dict[str, dict[str, None]] = {}
    for one in verdicts:
        if lost := "; ".join(dict.fromkeys(words for part in one.counting for words in part.at_chance)):
            found.setdefault(lost, {})[one.finding.id] = None
    return {lost: list(names) for lost, names in found.items()}


def _at_chance(judged: Sequence[Verdict]) -> Iterator[RenderableType]:
    if told := at_chance(judged):
        yield Text("")
        yield Text(AT_CHANCE, style="bold")
        yield from (Text(f"{' '.join(names)}  {lost}", style="yellow") for lost, names in told.items())


def _data_line(judged: Sequence[Verdict]) -> str:
    """The data sets that were judged on, and which of them no paper has."""
    names = in_order(on.data for one in judged if one.is_of_runs for part in one.counting for on in part.per_data)
    strange = [data_title(name) for name in names if name != "generators" and not is_of_papers(name)]
    told = ", ".join(data_title(name) for name in names if name != "generators")
    return told + (f"; no paper has {', '.join(strange)}" if strange else "")


def _against_themselves(verdicts: Sequence[Verdict], detailed: bool) -> Iterator[RenderableType]:  # noqa: FBT001
    found = [one for one in verdicts if one.paper_contradicts]
    if not found:
        return
    yield Text("")
    yield Text(f"{_CROSS} The papers' own numbers speak against their claims", style="bold")
    for one in found:
        cases = one.paper_contradicts
        shown = cases if detailed else cases[:_MOST_CASES]
        more = len(cases) - len(shown)
        told = "; ".join(shown) + (f"; and {more} more" if more else "")
        yield Text(f"{one.finding.id}  {told}", style="dim")


def _conventions(judged: Sequence[Verdict]) -> Iterator[RenderableType]:
    yield Text("")
    yield Text("How it was judged", style="bold")
    yield from (Text(rule, style="dim") for rule in RULES)
    lengths = (part.scale_words for one in judged for part in one.counting if part.scale != "none")
    if scales := dict.fromkeys(scale for words in lengths for scale in words.split(", ") if scale):
        yield Text(f"runs: {'; '.join(scales)}", style="dim")
    if data := _data_line(judged):
        yield Text(f"data: {data}", style="dim")
    told: dict[str, dict[str, None]] = {}
    for one in judged:
        for part in one.counting:
            if part.value is not None and part.convention:
                told.setdefault(part.convention, {})[part.words.partition(":")[0].partition(",")[0]] = None
    for convention, names in told.items():
        yield Text(f"{', '.join(names)}: {convention}", style="dim")
