"""Histories as a tidy table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from evolving import snapshots

from sparsegraph.errors import LoadError, SparseGraphError
from sparsegraph.evolution.follow import follow
from sparsegraph.evolution.histories import NO_NUMBER, histories
from sparsegraph.evolution.table import COLUMNS
from sparsegraph.io.runs.writer import RunWriter

Recorded = Callable[..., Path]

BLOCKS = [
    {"name": "fc1", "shape": [12, 8], "links": 30},
    {"name": "fc2", "shape": [8, 8], "links": 20},
    {"name": "fc3", "shape": [8, 5], "links": 40},  # complete
]


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """Writes a run with these records."""

    def write(records: Sequence[Mapping[str, Any]], name: str = "run", **config: Any) -> Path:
        with RunWriter.create(tmp_path / name, {"recipe": "set", "seed": 0, **config}) as writer:
            for record in records:
                writer.history(dict(record))
        return tmp_path / name

    return write


def rows(table: pd.DataFrame, field: str) -> list[tuple[int, str, float]]:
    chosen = table[table["field"] == field]
    return list(zip(chosen["epoch"], chosen["layer"], chosen["value"], strict=True))


def updated(number: int, **numbers: Any) -> dict[str, Any]:
    return {"update": number, "step": 10 * number, "zeta": 0.3 / number, "overlap": [0.5, None], **numbers}


def test_each_number_of_a_record_is_a_row_with_its_block_or_layer(recorded: Recorded) -> None:
    records = [
        {
            "epoch": 1,
            "step": 20,
            "test": {"accuracy": 0.5, "loss": 2.0},
            "links": [30, 20, 40],
            "explored": [0.25, 0.5],
            "stopped": [False, True],
            "updates": [updated(1), updated(2, overlap=[0.75, 1.0])],
            "anp": {"layers": [1.0, 0.75, 0.5], "whole": 0.875},
            "note": "words",
        },
        {"epoch": 2, "step": 40, "test": {"accuracy": 0.75, "loss": 1}, "updates": []},
    ]
    table = histories(recorded(records, blocks=BLOCKS))
    assert table.dtypes.astype(str).to_dict() == COLUMNS
    assert (set(table["recipe"]), set(table["seed"]), set(table["measure"])) == ({"set"}, {0}, {"history"})
    assert rows(table, "test.accuracy") == [(1, "", 0.5), (2, "", 0.75)]
    assert rows(table, "links") == [(1, "fc1", 30), (1, "fc2", 20), (1, "fc3", 40)]
    assert rows(table, "explored") == [(1, "fc1", 0.25), (1, "fc2", 0.5)]
    assert rows(table, "stopped") == [(1, "fc1", 0), (1, "fc2", 1)]
    assert rows(table, "anp.layers") == [(1, "input", 1.0), (1, "hidden1", 0.75), (1, "hidden2", 0.5)]
    # of the last update of the epoch; none where there was none
    assert rows(table, "zeta") == [(1, "", 0.15)]
    assert rows(table, "overlap") == [(1, "fc1", 0.75), (1, "fc2", 1.0)]
    assert "note" not in set(table["field"])
    when = table[["epoch", "update", "step"]].drop_duplicates().values.tolist()
    assert when == [[1, 2, 20], [2, 2, 40]]
    assert table["snapshot"].isna().all()


def test_a_null_is_undefined_where_others_have_a_number_and_else_nothing(recorded: Recorded) -> None:
    diverged = recorded([{"epoch": 1, "loss": None, "exponents": None}], "diverged")
    fine = recorded([{"epoch": 1, "loss": 0.5, "exponents": None}], "fine")
    table = histories([diverged, fine])
    assert table["field"].tolist() == ["loss", "loss"]
    assert (table["value"].isna().tolist(), table["undefined"].tolist()[0]) == ([True, False], NO_NUMBER)
    assert histories(diverged).empty


def test_a_pruned_net_has_numbers_of_its_own(recorded: Recorded) -> None:
    pruned = {"test": {"accuracy": 0.25}, "links": [10, 10, 40], "scope": "each block but the last"}
    table = histories(recorded([{"epoch": 1, "test": {"accuracy": 0.75}, "pruned_after": pruned}], blocks=BLOCKS))
    assert rows(table, "pruned_after.test.accuracy") == [(1, "", 0.25)]
    assert rows(table, "pruned_after.links") == [(1, "fc1", 10), (1, "fc2", 10), (1, "fc3", 40)]


def test_a_loop_of_ones_own_may_record_anything(recorded: Recorded) -> None:
    records = [
        {"epoch": None, "step": None, "update": 0, "snapshot": 1, "links": {"layers.0": 30}, "test_accuracy": 0.5},
        {"epoch": None, "step": None, "update": 1, "snapshot": None, "links": {"layers.0": 29}, "losses": [2.0, 1.5]},
    ]
    table = histories(recorded(records, data="mine"))
    assert rows(table, "links") == [(1, "layers.0", 30), (2, "layers.0", 29)]  # records counted from 1
    assert rows(table, "test_accuracy") == [(1, "", 0.5)]
    assert (rows(table, "losses.0"), rows(table, "losses.1")) == ([(2, "", 2.0)], [(2, "", 1.5)])
    assert table["update"].tolist() == [0, 0, 1, 1, 1]


def test_the_recorder_and_the_trainer_write_what_histories_read(tmp_path: Path) -> None:
    from torch import nn

    from sparsegraph.training.recorder import record
    from sparsegraph.training.request import Request
    from sparsegraph.training.run import train_run

    with record(nn.Linear(4, 2), tmp_path / "own", configuration={"recipe": "own", "seed": 3}) as recorder:
        recorder.snapshot(epoch=1, test_accuracy=0.5)
    train_run(Request(profile="set", data="digits", epochs=2, hidden="9x2"), tmp_path / "set")
    table = histories([tmp_path / "own", tmp_path / "set"])
    own = table[table["recipe"] == "own"]
    assert set(own["field"]) == {"links", "test_accuracy"}
    trained = table[table["recipe"].str.startswith("set data=digits")]
    assert set(trained[trained["field"] == "anp.layers"]["layer"]) == {"input", "hidden1", "hidden2"}
    assert set(trained[trained["field"] == "links"]["layer"]) == {"fc1", "fc2", "fc3"}
    assert {"test.accuracy", "train.loss", "seconds.train", "learning_rate", "zeta"} <= set(trained["field"])
    both = pd.concat([table, follow(tmp_path / "set", "activity", cache=False)])
    assert list(both.columns) == list(COLUMNS)


def test_what_has_no_history(recorded: Recorded, tmp_path: Path) -> None:
    empty = histories(recorded([]))
    assert (len(empty), list(empty.columns)) == (0, list(COLUMNS))
    with pytest.raises(LoadError, match="no such folder"):
        histories(tmp_path / "nothing")
    path = recorded([{"epoch": 1, "loss": 1.0}], "damaged")
    (path / "history.jsonl").write_text("no record\n")
    with pytest.raises(LoadError, match="line 1"):
        histories(path)
    with pytest.raises(SparseGraphError, match="named twice"):
        histories([path, path])


def test_snapshots_are_no_part_of_it(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", {}) as writer:
        writer.topology(snapshots(1)[0])
        writer.history({"epoch": 1, "accuracy": 0.5})
    table = histories(tmp_path / "run")
    assert rows(table, "accuracy") == [(1, "", 0.5)]
    assert table[["recipe", "seed", "update"]].isna().all(axis=None)
