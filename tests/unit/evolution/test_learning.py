"""Numbers of learning curves, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sparsegraph.errors import DataError
from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.evolution.learning import (
    area_across_epochs,
    epochs_to_level,
    epochs_to_share,
    percentage_change,
    seconds_to_convergence,
    win_rates,
)
from sparsegraph.evolution.learning_frame import learning_frame
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.result import Undefined

CURVE = [0.2, 0.6, 0.8, 0.7]


def test_area_across_epochs() -> None:
    # trapezoids 0.4 + 0.7 + 0.75 = 1.85 over E - 1 = 3
    assert area_across_epochs(CURVE) == pytest.approx(1.85 / 3)
    assert area_across_epochs(CURVE, n_epochs=3) == pytest.approx(1.1 / 2)
    assert area_across_epochs(CURVE, n_epochs=1) == 0.2
    assert area_across_epochs([0.4]) == 0.4
    assert area_across_epochs([0.9] * 7) == pytest.approx(0.9)  # a constant is its own mean
    # epochs 10, 20 and 40: (0.2 + 0.6) / 2 * 10 + (0.6 + 0.8) / 2 * 20 = 18 over 30
    assert area_across_epochs([0.2, 0.6, 0.8], epochs=[10, 20, 40]) == pytest.approx(0.6)


def test_an_area_that_would_not_be_one() -> None:
    assert area_across_epochs(CURVE, n_epochs=5) == Undefined("4 epochs, 5 needed")
    assert area_across_epochs([0.5, np.nan]) == Undefined("an accuracy is missing")
    assert area_across_epochs([0.5, 0.6], epochs=[10, 20], n_epochs=5) == Undefined("no accuracy up to epoch 5")
    with pytest.raises(DataError, match="at least one epoch"):
        area_across_epochs([])
    with pytest.raises(DataError, match="must rise"):
        area_across_epochs([0.5, 0.6], epochs=[2, 1])


def test_epochs_to_a_level_or_a_share() -> None:
    assert [epochs_to_level(CURVE, level) for level in (0.1, 0.6, 0.8)] == [1, 2, 3]
    assert epochs_to_level(CURVE, 0.81) == Undefined("0.81 was not reached")
    assert epochs_to_level([0.5, 0.9], 0.9, epochs=[10, 20]) == 20
    # of the last, 0.7: 0.63 and 0.84
    assert (epochs_to_share(CURVE, 0.9), epochs_to_share(CURVE, 1.2)) == (3, Undefined("0.84 was not reached"))
    assert epochs_to_share([0.5, np.nan], 0.9) == Undefined("the last accuracy is missing")


def test_seconds_to_convergence() -> None:
    assert seconds_to_convergence(CURVE, [1.0, 2.0, 4.0, 8.0]) == 7.0  # 99 % of 0.8 in the third epoch
    assert seconds_to_convergence(CURVE, [1.0, 2.0, 4.0, 8.0], share=0.75) == 3.0
    assert seconds_to_convergence(CURVE, [1.0, np.nan, 4.0, 8.0]) == Undefined("the seconds of an epoch are not known")
    assert seconds_to_convergence([np.nan], [1.0]) == Undefined("no accuracy is known")
    with pytest.raises(DataError, match="one for each of 4 epochs"):
        seconds_to_convergence(CURVE, [1.0])


def test_percentage_change() -> None:
    # Zhang et al., ICLR 2024, Table A2, MNIST 1x: CHT 98.48, fully connected 98.69
    assert percentage_change(98.48, 98.69) == pytest.approx(-0.2128, abs=1e-4)
    assert percentage_change(0.3, 0.2) == pytest.approx(50.0)
    assert percentage_change(0.3, 0.0) == Undefined("the number of the dense net is 0")
    assert percentage_change(np.nan, 0.5) == Undefined("a number is missing")


def contests(*values: tuple[str, str, int, float | None]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["rule", "data", "seed", "accuracy"])


def test_win_rates_split_ties_and_count_whole_contests_only() -> None:
    table = contests(
        *(("a", "m", 0, 0.9), ("b", "m", 0, 0.8), ("c", "m", 0, 0.7)),  # a
        *(("a", "m", 1, 0.5), ("b", "m", 1, 0.8), ("c", "m", 1, 0.8)),  # half b, half c
        *(("a", "f", 0, 0.9), ("b", "f", 0, None), ("c", "f", 0, 0.1)),  # undefined
        *(("a", "f", 1, 0.9), ("b", "f", 1, 0.1)),  # c is missing
    )
    found = win_rates(table, "rule").set_index("rule")
    assert found["win_rate"].to_dict() == {"a": 0.5, "b": 0.25, "c": 0.25}
    assert found["wins"].to_dict() == {"a": 1.0, "b": 0.5, "c": 0.5}
    assert (set(found["n"]), set(found["n_left_out"])) == ({2}, {2})


def test_win_rates_that_cannot_be_told() -> None:
    none = win_rates(contests(("a", "m", 0, 0.5), ("b", "m", 1, 0.5)), "rule")
    assert none["win_rate"].isna().all()
    assert none["n_left_out"].tolist() == [2, 2]
    with pytest.raises(DataError, match="two results of one rule in one setting"):
        win_rates(contests(("a", "m", 0, 0.5), ("a", "m", 0, 0.6)), "rule", value="accuracy")
    with pytest.raises(DataError, match="a table without removal"):
        win_rates(contests(), "removal")
    alone = win_rates(pd.DataFrame({"rule": ["a", "b"], "accuracy": [1.0, 2.0]}), "rule")
    assert alone["win_rate"].tolist() == [0.0, 1.0]  # nothing else was varied: one contest


def write(path: Path, accuracies: list[float], **last: object) -> Path:
    with RunWriter.create(path, {"recipe": "set", "seed": 1}) as writer:
        for epoch, accuracy in enumerate(accuracies, 1):
            seconds = {"train": 1.0, "evaluate": 9.0} | ({"update": 0.5} if epoch == 2 else {})
            record = {"epoch": epoch, "test": {"accuracy": accuracy}, "seconds": seconds, "anp": {"whole": 1 / epoch}}
            writer.history(record | (last if epoch == len(accuracies) else {}))
    return path


def test_a_row_for_each_run(tmp_path: Path) -> None:
    run = write(tmp_path / "run", CURVE)
    row = learning_frame(run).iloc[0]
    assert (row["run"], row["recipe"], row["seed"], row["epochs"]) == (str(run), "set", 1, 4)
    assert (row["accuracy"], row["trained"], row["best"], row["anp"]) == (0.7, 0.7, 0.8, 0.25)
    assert row["aae"] == pytest.approx(1.85 / 3)
    assert (row["epochs_to_90"], row["epochs_to_95"], row["epochs_to_99"]) == (3, 3, 3)
    assert row["seconds_to_convergence"] == 3.5  # three epochs and an update
    assert learning_frame(run, n_epochs=3).iloc[0]["aae"] == pytest.approx(0.55)


def test_epochs_that_a_loop_counts_from_0_are_as_many_as_there_are(tmp_path: Path) -> None:
    for name, epochs in (("three", range(3)), ("one", range(1))):
        with RunWriter.create(tmp_path / name, {"recipe": name}) as writer:
            for epoch in epochs:
                writer.history({"epoch": epoch, "test": {"accuracy": 0.5}})
    runs = [tmp_path / "three", tmp_path / "one"]
    assert learning_frame(runs)["epochs"].tolist() == [3, 1]
    assert [cohort.epochs for cohort in cohorts_of(runs).cohorts] == [3, 1]
    assert learning_frame(runs, n_epochs=1)["aae"].tolist() == [0.5, 0.5]
    assert learning_frame(runs[0], n_epochs=3)["aae"].tolist() == [0.5]
    assert learning_frame(runs[0], n_epochs=4)["aae"].isna().all()


def test_the_seconds_of_epochs_that_were_not_judged_count(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", {}) as writer:
        for epoch in range(1, 7):
            judged = {"test": {"accuracy": epoch / 6}} if epoch % 3 == 0 else {}
            writer.history({"epoch": epoch, "seconds": {"train": 2.0, "update": 0.5}, **judged})
    assert learning_frame(tmp_path / "run")["seconds_to_convergence"].tolist() == [15.0]


def test_a_net_pruned_after_training_has_the_accuracy_of_what_is_left(tmp_path: Path) -> None:
    row = learning_frame(write(tmp_path / "run", CURVE, pruned_after={"test": {"accuracy": 0.1}})).iloc[0]
    assert (row["accuracy"], row["trained"], row["best"]) == (0.1, 0.7, 0.8)


def test_an_accuracy_of_another_name_and_none(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "own", {}) as writer:
        for epoch, accuracy in ((0, 0.5), (10, 0.9)):
            writer.history({"epoch": epoch, "step": None, "test_accuracy": accuracy})
    runs = [tmp_path / "own", write(tmp_path / "run", [0.5])]
    assert learning_frame(runs)["run"].tolist() == list(map(str, runs))
    assert learning_frame(runs, field="test.accuracy")["run"].tolist() == [str(runs[1])]
    row = learning_frame(runs).iloc[0]
    assert (row["epochs"], row["aae"], row["epochs_to_90"]) == (10, pytest.approx(0.7), 10)
    assert row[["seed", "seconds_to_convergence", "anp"]].isna().all()
    assert learning_frame(runs, field="nothing").empty
