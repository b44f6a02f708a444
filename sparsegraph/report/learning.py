"""What runs learned, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparsegraph.report.numbers import significant, with_error

if TYPE_CHECKING:
    import pandas as pd


def learning_line(rows: pd.DataFrame) -> str:
    """Accuracy, AAE and speed of the runs in a table of learning; of several the mean and its standard error."""
    epochs = sorted(set(rows["epochs"]))
    length = f"{epochs[0]} to {epochs[-1]} epochs" if len(epochs) > 1 else f"{epochs[0]} epochs"
    pruned = not rows["accuracy"].equals(rows["trained"])
    parts = [
        f"test accuracy {mean_in_words(rows['accuracy'])} after {length}",
        *([f"before pruning {mean_in_words(rows['trained'])}"] if pruned else []),
        f"95 % of it in epoch {mean_in_words(rows['epochs_to_95'])}",
        f"AAE {mean_in_words(rows['aae'])}",
    ]
    return ", ".join(parts)


def mean_in_words(values: pd.Series) -> str:
    """A mean with its standard error where there are several values; a dash where there is none."""
    known = values.dropna().astype(float)
    if known.empty:
        return "-"
    if len(known) == 1:
        return significant(known.iloc[0], 4)
    return with_error(known.mean(), known.std() / len(known) ** 0.5)
