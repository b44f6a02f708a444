"""What a verdict says of draws that are alike, and of parts that were not run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from sparsegraph.findings.arms import Start
from sparsegraph.findings.claim import Claim, Finding
from sparsegraph.findings.judging import judged
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.samples import Samples
from sparsegraph.findings.starts import OfStart, n_paths
from sparsegraph.findings.statistics import Of
from sparsegraph.findings.verdict import Part, Scale, Verdict
from sparsegraph.findings.wording import sentence_of
from sparsegraph.report.console import plain_text
from sparsegraph.report.findings import findings_page, json_text, markdown_text

CLAIM = Claim(OfStart("paths", n_paths), Of((Start("er", (4, 4)),)), Rule(above=0))


def drawn(values: Sequence[float], scale: Scale = "none") -> Part:
    draws = tuple(range(len(values)))
    return judged(CLAIM, [Samples("generators", draws, np.array(values)[:, None], scale, "needs no training")])


def verdict_of(*parts: Part) -> Verdict:
    missing = any(part.verdict == "not run" for part in parts)
    found = Verdict(Finding("X1", "It is so.", "002", "text", (CLAIM,) * len(parts)), parts[0].verdict, parts, "")
    return Verdict(found.finding, "inconclusive" if missing else found.verdict, parts, sentence_of(found))


def shown(verdict: Verdict, *, detailed: bool = False) -> str:
    return plain_text(findings_page([verdict], detailed=detailed))


@pytest.mark.parametrize("value", [5.22, 0.1, 0.0, 1e-12])  # three times 0.1 have a mean above 0.1 in binary
def test_draws_that_are_alike_are_told_so_and_not_counted(value: float) -> None:
    part = drawn([value] * 3)
    assert (part.draws_are_alike, part.n_words, part.error) == (True, "every draw alike", "")
    verdict = verdict_of(part)
    assert "(every draw alike); claimed is above 0" in verdict.sentence
    for text in (shown(verdict), shown(verdict, detailed=True), markdown_text([verdict])):
        told = " ".join(text.partition("How it was judged")[0].partition("\n- ")[0].split())
        assert "alike" in told
        assert "±" not in told
        assert "95 %" not in told
    assert '"n": 3' in json_text([verdict])
    assert '"standard_error": ' in json_text([verdict])


def test_draws_that_differ_and_runs_are_counted() -> None:
    assert [one.draws_are_alike for one in (drawn([1.0, 1.1, 1.0]), drawn([1.0]), drawn([1.0] * 3, "full"))] == [
        False,
        False,
        False,
    ]
    assert "3 draws" in verdict_of(drawn([1.0, 1.1, 1.0])).sentence
    assert "± 0" in drawn([1.0] * 3, "full").ours


def test_parts_that_were_not_run_stand_in_the_row() -> None:
    part, missing = drawn([4.0, 5.0, 6.0]), judged(CLAIM, ())
    verdict = verdict_of(part, part, missing, missing)
    assert verdict.parts_words == "1 of 4 parts, 2 not run"
    assert verdict.row()["parts_words"] == verdict.parts_words
    for text in (shown(verdict), markdown_text([verdict])):
        assert "(1 of 4 parts, 2 not run)" in " ".join(text.split())
    assert [verdict_of(part, part).parts_words, verdict_of(part).parts_words] == ["1 of 2 parts", ""]


def test_generators_alone_are_no_runs() -> None:
    part, missing = drawn([4.0, 5.0, 6.0]), judged(CLAIM, ())
    assert not verdict_of(part, missing).is_of_runs
    assert verdict_of(part, drawn([4.0, 5.0, 6.0], "quick")).is_of_runs
