"""Robustness that was found before."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparsegraph.findings.evidence import evidence_of
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.named_quantities import SHUFFLED
from sparsegraph.perturb import kept
from sparsegraph.perturb.kept import kept_robustness
from sparsegraph.perturb.robustness import Design
from sparsegraph.perturb.tested import robustness_of
from sparsegraph.training.request import Request
from sparsegraph.training.run import train_run

FEW = Design(("strongest", "shuffled"), grid=(0.0, 0.5, 1.0), n_repeats=2)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SET on the digits, 64-60-60-10, two epochs."""
    place = tmp_path_factory.mktemp("runs") / "set"
    train_run(Request("set", data="digits", hidden="60x2", sparsity=0.8, epochs=2), place)
    return place


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path))
    return tmp_path / "robustness"


def test_what_is_kept_is_what_was_found(run: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = kept_robustness(run, design=FEW, n_jobs=1)
    assert found.to_dict() == robustness_of(run, design=FEW, n_jobs=1).robustness.to_dict()
    monkeypatch.setattr(kept, "robustness_of", None)  # nothing may be judged again
    assert kept_robustness(run, design=FEW).to_dict() == found.to_dict()
    assert len(list(folder.iterdir())) == 1


def test_another_design_is_another_file_and_a_damaged_one_counts_as_absent(run: Path, folder: Path) -> None:
    found = kept_robustness(run, design=FEW, n_jobs=1)
    kept_robustness(run, design=Design(("strongest",), grid=(0.0, 1.0)), n_jobs=1)
    files = list(folder.iterdir())
    assert len(files) == 2
    for path in files:
        path.write_text("{", encoding="utf-8")
    assert kept_robustness(run, design=FEW, n_jobs=1).to_dict() == found.to_dict()


def test_areas_reach_the_findings(run: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = kept_robustness(run, design=FEW, n_jobs=1)
    monkeypatch.setattr("sparsegraph.findings.laboratory.kept_robustness", lambda *_, **__: expected)
    member = evidence_of([run]).members[0]
    assert SHUFFLED.of(member, Laboratory(), None) == expected.areas["shuffled"].mean
