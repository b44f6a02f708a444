"""One number a run, in the units of the papers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.figures.quantities import learned
from sparsegraph.io.runs.writer import RunWriter


def test_all_accuracies_of_a_run_have_one_unit(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", {"recipe": "dense-pruned", "seed": 0}) as writer:
        writer.history({"epoch": 1, "test": {"accuracy": 0.5}})
        writer.history({"epoch": 2, "test": {"accuracy": 0.7}, "pruned_after": {"test": {"accuracy": 0.4}}})
    row = learned(cohorts_of([tmp_path / "run"]).cohorts).iloc[0]
    assert row[["accuracy", "trained", "best", "aae"]].tolist() == pytest.approx([40.0, 70.0, 70.0, 60.0])
