"""What runs learned, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparsegraph.report.numbers import significant, with_error

if TYPE_CHECKING:
    import pandas as pd


def learning_line(rows: pd.DataFrame) -> str:
    """Accuracy, speed and AAE of the runs in a table of learning; of several the mean and its standard error.

    Of runs of different lengths the longest only: neither accuracy nor AAE may be averaged over unequal ones.
    """
    longest = rows[rows["epochs"] == rows["epochs"].max()]
    shorter = len(rows) - len(longest)
    epochs = int(longest["epochs"].iloc[0])
    pruned = not longest["accuracy"].equals(longest["trained"])
    parts = [
        f"test accuracy {mean_in_words(longest['accuracy'])} after {epochs} epoch{'s' if epochs != 1 else ''}",
        *([f"before pruning {mean_in_words(longest['trained'])}"] if pruned else []),
        f"95 % of it in epoch {mean_in_words(longest['epochs_to_95'])}",
        f"AAE {mean_in_words(longest['aae'])}",
        *([f"without {shorter} shorter run{'s' if shorter > 1 else ''}"] if shorter else []),
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
