"""Damaged checkpoints end in a graph or in one line, never in anything else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from fuzz_samples import generated, real, runs
from fuzzing import ADDRESS_SPACE, FINE, LONGEST, attempt, fuzz

# torch says once in a process, when a sample is made, that its sparse rows are new
pytestmark = pytest.mark.filterwarnings("ignore:Sparse CSR tensor support:UserWarning")

RESIDENT_BYTES = 1 << 30
"""What a worker may hold: its libraries (about 300 MiB) and twice the largest of the files, with room."""


def test_the_samples_themselves_load(tmp_path: Path, checkpoints: Path) -> None:
    refused = {}
    for number, sample in enumerate([*generated(), *runs(), *real(checkpoints)]):
        folder = tmp_path / str(number)
        for name, data in sample.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        outcome, said = attempt(folder / sample.opened)
        if outcome != "loaded":
            refused[sample.name] = (outcome, said)
    # a history of degrees and no weights (README of the checkpoints)
    assert list(refused) == ["set_mlp_e13_rand0_input_connections.npz"]
    assert refused["set_mlp_e13_rand0_input_connections.npz"][0] == "read, no graph"


def test_mutations_never_crash_hang_or_escape(checkpoints: Path) -> None:
    cases = list(fuzz([*generated(), *runs(), *real(checkpoints)], range(700)))
    assert len(cases) == 700
    assert [case for case in cases if case.outcome not in FINE] == []
    assert max(case.seconds for case in cases) < LONGEST
    assert max(case.rss_bytes for case in cases) < RESIDENT_BYTES < ADDRESS_SPACE
    # the mutations are neither harmless nor so coarse that nothing gets past the first check
    counts = Counter(case.outcome for case in cases)
    assert counts["loaded"] > 30
    assert counts["refused"] > 300


def test_the_harness_notices_a_reader_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = generated()[:1]
    monkeypatch.setenv("SPARSEGRAPH_FUZZ_FAULT", "2")
    outcomes = {case.seed: case.outcome for case in fuzz(samples, range(6), n_workers=1)}
    assert outcomes.keys() == set(range(6))
    assert outcomes[2].startswith("died")
    assert all(outcomes[seed] in FINE for seed in outcomes if seed != 2)
