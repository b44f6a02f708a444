"""Findings on a page: those only to which its runs belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparsegraph.findings.catalogue import FINDINGS
from sparsegraph.findings.verdict import Part, Verdict
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.report.html.gather import Choices
from sparsegraph.report.html.judgement import Judgement, judgement_on
from sparsegraph.report.html.page import Block, Folded, Points, Table, Words
from sparsegraph.report.html.sections.judged import findings_section

JUDGED = Choices(judged=True)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path / "cache"))


def learned(folder: Path, profile: str, accuracy: float, **changes: str) -> Path:
    """A run that only tells what it learned."""
    path = folder / profile
    request = {"profile": profile, "seed": 0, "data": "mnist", **changes}
    config = {"profile": {"epochs": 1}, "data": {"name": "mnist"}, "seed": 0}
    with RunWriter.create(path, {**config, "request": request}) as writer:
        writer.history({"epoch": 1, "step": 9, "test": {"accuracy": accuracy}})
    return path


def blocks(judgement: Judgement | None) -> tuple[Block, ...]:
    (section,) = findings_section((), judgement)
    return section.content


def folded(content: tuple[Block, ...], begins: str) -> tuple[str, ...]:
    (points,) = next(one.content for one in content if isinstance(one, Folded) and one.title.startswith(begins))
    assert isinstance(points, Points)
    return points.items


def test_only_findings_about_the_runs_are_listed(tmp_path: Path) -> None:
    runs = [learned(tmp_path, "esml-esml", 0.9), learned(tmp_path, "esml-set", 0.8)]
    judgement = judgement_on(runs, JUDGED)
    assert judgement is not None
    assert all("esml" in verdict.finding.needs for verdict in judgement.verdicts)
    content = blocks(judgement)
    table = next(one for one in content if isinstance(one, Table))
    listed = [row[0] for row in table.rows]
    assert "F03" in listed
    assert not {"F21", "F51", "F52", "F53", "F60"} & set(listed)
    missing = folded(content, "Not run")
    assert {line.partition(":")[0] for line in missing}.isdisjoint(listed)
    assert any(line.startswith("F14: ") and "cht-cht" in line for line in missing)


def test_generators_do_not_speak_for_a_run() -> None:
    """F51 has parts on starts and parts on runs: a run that lacks its partner says nothing of it."""
    generated = Part("paths", "ratio", "above 1×", "supported", holds=True, value=4.7, n=5, n_seeds=5)
    absent = Part("accuracy", "points", "above 0 points", "not run", reason="no such runs")
    finding = FINDINGS["F51"]
    content = blocks(Judgement((Verdict(finding, "inconclusive", (generated, absent), "Inconclusive."),)))
    assert not [one for one in content if isinstance(one, Table)]
    assert folded(content, "Not run") == (f"F51: Not run: needs {finding.needs}.",)


def test_where_no_finding_is_about_the_run_that_is_said_with_what_to_do(tmp_path: Path) -> None:
    judgement = judgement_on([learned(tmp_path, "sulyok-rlr", 0.9, hidden="100x3")], JUDGED)
    assert judgement is not None
    assert judgement.verdicts == ()
    words, left_out = blocks(judgement)
    assert isinstance(words, Words)
    assert words.text.startswith("No finding can be judged on what is here.")
    assert "sparsegraph findings RUN..." in words.text
    assert folded((left_out,), "Runs left out") == ("sulyok-rlr: no finding asks for sulyok-rlr with hidden=100x3",)


def test_nothing_is_judged_unasked(tmp_path: Path) -> None:
    assert judgement_on([learned(tmp_path, "esml-set", 0.9)], Choices()) is None
