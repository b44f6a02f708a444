"""Runs that no claim asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparsegraph.findings.arms import arm
from sparsegraph.findings.asked import is_about, why_unasked, without_unasked
from sparsegraph.findings.claim import Claim
from sparsegraph.findings.evidence import evidence_of
from sparsegraph.findings.judge import evidence_in, findings_of
from sparsegraph.findings.named_quantities import ACCURACY
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.statistics import Across, Difference, Of

Trained = Callable[..., Path]

RULE = Rule(above=0)
CLAIMS = (
    Claim(ACCURACY, Difference((arm("esml-esml"), arm("esml-set"))), RULE, data=("mnist",)),
    Claim(ACCURACY, Across((arm("cht-cht"),), "learning_rate"), RULE),
    Claim(ACCURACY, Of((arm("chts-chts", start="bsw"),)), RULE),
)


@pytest.mark.parametrize(
    ("profile", "options", "reason"),
    [
        ("esml-esml", {}, ""),
        ("esml-esml", {"sparsity": 0.99}, ""),  # the profile's own
        ("esml-esml", {"data": "digits"}, "esml-esml on digits"),
        ("esml-set", {"zeta": 0.1, "hidden": "100x3"}, "esml-set with hidden=100x3, zeta=0.1"),
        ("cht-cht", {"learning_rate": 0.1}, ""),
        ("cht-cht", {}, "cht-cht without options"),
        ("cht-cht", {"learning_rate": 0.1, "zeta": 0.1}, "cht-cht with learning_rate=0.1, zeta=0.1"),
        ("chts-chts", {"start": "bsw"}, ""),
        ("set", {"zeta": 0.1}, "set"),
    ],
)
def test_profile_options_or_data_are_the_reason(
    trained: Trained, profile: str, options: dict[str, Any], reason: str
) -> None:
    member = evidence_of([trained(profile, [0.5], **options)]).members[0]
    assert why_unasked(member, CLAIMS) == (f"no finding asks for {reason}" if reason else "")
    assert any(is_about(claim, member) for claim in CLAIMS) is not bool(reason)


def test_unasked_runs_are_left_out_after_the_others(trained: Trained) -> None:
    asked, half, other = trained("esml-set", [0.5]), trained("esml-set", [0.5], asked=9, seed=1), trained("set", [0.5])
    found = without_unasked(evidence_of([other, asked, half]), CLAIMS)
    assert [member.run.path for member in found.members] == [asked]
    assert found.left_out == ((str(half), "not finished: 1 of 9 epochs"), (str(other), "no finding asks for set"))


def test_no_finding_means_none_of_all_whichever_are_judged(trained: Trained) -> None:
    runs = [trained("esml-esml", [0.9]), trained("sulyok-rlr", [0.9], hidden="100x3", sparsity=0.95)]
    evidence = evidence_in(runs)
    assert evidence.left_out == ((str(runs[1]), "no finding asks for sulyok-rlr with hidden=100x3, sparsity=0.95"),)
    assert findings_of(evidence, only=["F02"])[0].verdict == "not run"
