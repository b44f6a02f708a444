"""What runs learned, in a line."""

from __future__ import annotations

import pandas as pd

from sparsegraph.report.learning import learning_line


def rows(*values: tuple[int, float, float, float | None]) -> pd.DataFrame:
    """Runs of so many epochs, accuracy, trained accuracy and epochs to 95 %; the AAE is 0.5."""
    frame = pd.DataFrame(values, columns=["epochs", "accuracy", "trained", "epochs_to_95"])
    return frame.assign(aae=0.5)


def test_one_run_and_several() -> None:
    assert learning_line(rows((1, 0.9, 0.9, 2))) == (
        "test accuracy 0.9000 after 1 epoch, 95 % of it in epoch 2, AAE 0.5000"
    )
    # mean 0.85 and standard error 0.05: sd 0.0707 over the root of 2
    assert learning_line(rows((9, 0.9, 0.9, 2), (9, 0.8, 0.8, 4))).startswith(
        "test accuracy 0.850 ± 0.050 after 9 epochs, 95 % of it in epoch 3.0 ± 1.0"
    )


def test_shorter_runs_are_left_out_and_counted() -> None:
    line = learning_line(rows((9, 0.9, 0.9, 2), (3, 0.1, 0.1, 2), (4, 0.1, 0.1, 2)))
    assert line.startswith("test accuracy 0.9000 after 9 epochs")
    assert line.endswith("without 2 shorter runs")


def test_a_pruned_net_and_what_is_not_known() -> None:
    line = learning_line(rows((9, 0.2, 0.9, None)))
    assert "test accuracy 0.2000 after 9 epochs, before pruning 0.9000, 95 % of it in epoch -" in line
