"""Numbers of runs, from what they noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparsegraph.findings.evidence import evidence_of
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.moments import LAST, TOTAL, mean
from sparsegraph.findings.quantities import Noted
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.result import Undefined

BLOCKS = [
    {"name": "fc1", "shape": [12, 8], "links": 30},
    {"name": "fc2", "shape": [8, 8], "links": 20},
    {"name": "fc3", "shape": [8, 5], "links": 40},  # complete
]


def number(path: Path, quantity: Noted, n_epochs: int | None = None) -> float | Undefined:
    return quantity.of(evidence_of([path]).members[0], Laboratory(), n_epochs)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Three epochs; the first block stops after the second update, and the last epoch has none."""
    path = tmp_path / "run"
    overlaps = [[0.2, 0.4], [0.9, 0.6], [None, 0.8]]
    hidden = [[1.0, 0.9, 0.5], [1.0, 0.7, 0.8], [1.0, 0.6, 0.9]]
    request = {"profile": "cht-cht", "seed": 0, "data": "mnist"}
    config = {"blocks": BLOCKS, "data": {"name": "mnist"}, "seed": 0, "profile": {"name": "cht-cht", "epochs": 4}}
    with RunWriter.create(path, {**config, "request": request}) as writer:
        for epoch in (1, 2, 3, 4):
            record = {"epoch": epoch, "step": 10 * epoch, "test": {"accuracy": 0.1 * epoch}, "seconds": {"train": 2.0}}
            if epoch < 4:
                record["updates"] = [{"update": epoch, "step": 10 * epoch, "overlap": overlaps[epoch - 1]}]
                record["seconds"] = {"train": 2.0, "update": 1.0}
                record["anp"] = {"layers": hidden[epoch - 1]}
            writer.history(record)
    return path


def test_of_several_layers_the_least_at_each_time_counts(run: Path) -> None:
    overlap = Noted("overlap", ("overlap",), mean(), layers="fc*")
    assert number(run, overlap) == pytest.approx((0.2 + 0.6 + 0.8) / 3)
    assert number(run, Noted("active", ("anp.layers",), LAST, layers="hidden*")) == pytest.approx(0.6)


def test_several_fields_are_added_where_each_is_noted(run: Path) -> None:
    seconds = Noted("seconds", ("seconds.train", "seconds.update"), TOTAL, kind="number")
    assert number(run, seconds) == pytest.approx(4 * 2.0 + 3 * 1.0)
    assert number(run, seconds, 2) == pytest.approx(2 * 3.0)


def test_a_field_that_no_epoch_has_is_undefined(run: Path) -> None:
    found = number(run, Noted("loss", ("test.loss",)))
    assert isinstance(found, Undefined)
    assert found.reason == "the history has no test.loss"
