"""Robustness that was found before."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sparsegraph import code_identity
from sparsegraph.findings.evidence import evidence_of
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.named_quantities import SHUFFLED
from sparsegraph.perturb import kept
from sparsegraph.perturb.kept import kept_robustness
from sparsegraph.perturb.perturbations import PERTURBATIONS
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
    content = json.loads(files[0].read_text(encoding="utf-8"))
    emptied = {name: [[], []] for name in content["curves"]}
    unknown = {f"no {name}": curve for name, curve in content["curves"].items()}
    for damaged in ("{", *(json.dumps({**content, "curves": curves}) for curves in (emptied, unknown))):
        for path in files:
            path.write_text(damaged, encoding="utf-8")
        assert kept_robustness(run, design=FEW, n_jobs=1).to_dict() == found.to_dict()


PLUG_IN = """
import numpy as np
from sparsegraph.perturb.perturbations import Perturbed, perturbation

@perturbation("turned", convention="at x = 1 {sign}w", x_label="x", removes=False, is_random=False)
def turned(weights, x, rng):
    return Perturbed(np.ones(weights.size, bool), {sign}weights if x else weights)
"""

JUDGE = """
import sys
import turning
from sparsegraph.perturb.kept import kept_robustness
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.perturb.robustness import Design

found = kept_robustness(sys.argv[1], design=Design(("turned",), grid=(0.0, 1.0)), n_jobs=1)
print([point.mean for point in found.curves[0].points])
"""


def test_a_perturbation_of_ones_own_that_was_edited_is_judged_anew(run: Path, folder: Path, tmp_path: Path) -> None:
    def judged(sign: str) -> list[float]:
        (tmp_path / "turning.py").write_text(PLUG_IN.format(sign=sign), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
        command = [sys.executable, "-B", "-c", JUDGE, str(run)]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
        return list(json.loads(told.stdout))

    before, again, after = judged("+"), judged("+"), judged("-")
    assert before == again
    assert before[0] == before[1] == after[0] != after[1]  # +w is the net as it is, -w another one
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("module", ["rng", "result", "io.runs.snapshot_file", "kernels.perturbation", "perturb.tested"])
def test_any_code_between_a_run_and_its_numbers_is_part_of_the_key(
    run: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    before, original = kept._key(run, FEW), code_identity._source
    monkeypatch.setattr(code_identity, "_source", lambda m: original(m) + "#" * (m == f"sparsegraph.{module}"))
    monkeypatch.setattr(kept, "code_of", code_identity.code_of.__wrapped__)
    assert kept._key(run, FEW) != before


def test_what_a_perturbation_was_registered_with_is_part_of_the_key(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise, keys = PERTURBATIONS["noise"], []
    for entry in (noise, noise, dataclasses.replace(noise, largest=10.0), dataclasses.replace(noise, is_random=False)):
        monkeypatch.setitem(PERTURBATIONS._entries, "noise", entry)
        keys.append(kept._key(run, Design(("noise",))))
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_areas_reach_the_findings(run: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = kept_robustness(run, design=FEW, n_jobs=1)
    monkeypatch.setattr("sparsegraph.findings.laboratory.kept_robustness", lambda *_, **__: expected)
    member = evidence_of([run]).members[0]
    assert SHUFFLED.of(member, Laboratory(), None) == expected.areas["shuffled"].mean
