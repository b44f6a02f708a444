"""Findings judged on numbers that were kept, as on the snapshots that they were taken from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.errors import SparseGraphError
from sparsegraph.findings.catalogue import FINDINGS, ids
from sparsegraph.findings.evidence import evidence_of
from sparsegraph.findings.judge import findings_of
from sparsegraph.findings.kept_numbers import asked_of, numbers_of
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.starts import OfStart
from sparsegraph.io.runs.layout import TOPOLOGY
from sparsegraph.io.runs.numbers_file import NUMBERS, write_numbers
from sparsegraph.result import Undefined

ASKED = ["F16", "F19", "F23", "F25", "F26"]


@pytest.fixture
def six(trained: Callable[..., Path]) -> list[Path]:
    """Three seeds of ESML and SET, with topologies."""
    curves = [(0.5, 0.6, 0.7), (0.4, 0.5, 0.65), (0.3, 0.5, 0.8)]
    return [
        trained(profile, curves[seed], seed=seed, n_snapshots=4, anp=[1.0, 0.9, 0.8 - 0.01 * seed])
        for profile in ("esml-esml", "esml-set")
        for seed in range(3)
    ]


def keep(runs: list[Path]) -> None:
    """Numbers in, snapshots out."""
    for path in runs:
        member = evidence_of([path]).members[0]
        write_numbers(path, numbers_of(member, Laboratory()))
        shutil.rmtree(path / TOPOLOGY)


def test_verdicts_on_kept_numbers_are_those_on_snapshots(six: list[Path]) -> None:
    before = findings_of(six, only=ASKED)
    keep(six)
    after = findings_of(six, only=ASKED)
    assert [one.sentence for one in after] == [one.sentence for one in before]
    assert [part.value for one in after for part in one.parts] == [part.value for one in before for part in one.parts]
    assert sum(part.value is not None for one in after for part in one.parts) >= 6


def test_a_run_is_asked_for_what_claims_about_it_need(six: list[Path]) -> None:
    esml, other = (evidence_of([path]).members[0] for path in (six[0], six[3]))
    words = [one.words for one in asked_of(esml)]
    assert len(set(words)) == len(words)
    assert {"modularity", "input-output paths (CAP)", "test accuracy"} <= set(words)
    assert "active neurons (ANP), change since 20 % of the training" not in [one.words for one in asked_of(other)]


def test_words_tell_quantities_apart() -> None:
    quantities = [claim.quantity for name in ids() for claim in FINDINGS[name].claims]
    named: dict[str, object] = {}
    for one in quantities:
        if not isinstance(one, OfStart):
            told = {key: value.words if key == "moment" else value for key, value in vars(one).items()}
            assert named.setdefault(one.words, told) == told


def test_what_was_undefined_stays_so_and_tells_why(six: list[Path]) -> None:
    member = evidence_of([six[0]]).members[0]
    quantity = next(one for one in asked_of(member) if one.words == "modularity")
    write_numbers(six[0], {"modularity": Undefined("no links")})
    assert Laboratory().number(member, quantity) == Undefined("no links")
    write_numbers(six[0], {"modularity": float("inf")})
    assert Laboratory().number(member, quantity) == Undefined("the number is inf")
    write_numbers(six[0], {"modularity": np.float64(0.25)})
    assert Laboratory().number(member, quantity) == 0.25


@pytest.mark.parametrize("text", ["{", "[1]", '{"modularity": "high"}', '{"modularity": null}'])
def test_damaged_numbers_are_refused_with_a_reason(six: list[Path], text: str) -> None:
    (six[0] / NUMBERS).write_text(text, encoding="utf-8")
    member = evidence_of([six[0]]).members[0]
    with pytest.raises(SparseGraphError, match=NUMBERS):
        Laboratory().number(member, asked_of(member)[0])
