"""One row a run: what it learned, how fast, and in what time."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.evolution.histories import histories
from sparsegraph.evolution.learning import area_across_epochs, epochs_done, epochs_to_share, seconds_to_convergence
from sparsegraph.io.runs.run import Run
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    import pandas as pd

ACCURACY = "test.accuracy"

_TYPES = {
    **{"run": "string", "recipe": "string", "seed": "Int64", "epochs": "Int64"},
    **{"accuracy": "float64", "trained": "float64", "best": "float64", "aae": "float64"},
    **{"epochs_to_90": "Int64", "epochs_to_95": "Int64", "epochs_to_99": "Int64"},
    **{"seconds_to_convergence": "float64", "anp": "float64"},
}


def learning_frame(
    runs: Run | str | PathLike[str] | Iterable[Run | str | PathLike[str]],
    *,
    field: str = ACCURACY,
    n_epochs: int | None = None,
) -> pd.DataFrame:
    """Table of what each run learned, from its history.

    Parameters
    ----------
    runs : path, Run, or several of them
    field : str
        The accuracy to look at: a field of :func:`sparsegraph.evolution.histories.histories`, such as "test_accuracy"
        of a loop of one's own.
    n_epochs : int, optional
        Epochs that the AAE is taken over; by default each run's own number.  Runs of different lengths are compared
        fairly over the least of them.

    Returns
    -------
    pandas.DataFrame
        One row a run that has such a history: ``run``, ``recipe``, ``seed``, ``epochs`` (done), ``accuracy`` (of the
        net that the run leaves: of a dense net that was pruned after training, the pruned one), ``trained`` (after the
        last epoch, before any such pruning), ``best`` (of all epochs), ``aae``, ``epochs_to_90``, ``_95`` and ``_99``
        (of ``trained``), ``seconds_to_convergence`` (to 99 % of ``best``; training and topology updates, without
        evaluation and writing) and ``anp`` (whole, inputs counted, readout not).  Missing where undefined.

    Raises
    ------
    SparseGraphError
        As :func:`sparsegraph.evolution.histories.histories`.

    Examples
    --------
    >>> learning = learning_frame(["runs/set", "runs/cht"])  # doctest: +SKIP
    >>> learning_frame(["runs/set", "runs/cht"], n_epochs=learning.epochs.min()).aae  # doctest: +SKIP
    """
    import pandas as pd

    table = histories(runs)
    whole = table[table["layer"] == ""]
    rows = [_row(of_run, field, n_epochs) for _, of_run in whole.groupby("run", sort=False)]
    kept = [row for row in rows if row is not None]
    return pd.DataFrame(kept, columns=list(_TYPES)).astype(_TYPES)


def _row(of_run: pd.DataFrame, field: str, n_epochs: int | None) -> dict[str, Any] | None:
    """What the whole-net rows of one run amount to; None where it has no such accuracy."""
    series = {str(name): rows.set_index("epoch")["value"] for name, rows in of_run.groupby("field", sort=False)}
    if field not in series:
        return None
    curve = series[field].sort_index()
    epochs, accuracy = curve.index.to_numpy(int), curve.to_numpy(float)
    trained = float(accuracy[-1])
    pruned = series.get(f"pruned_after.{field}")
    row = {name: of_run[name].iloc[0] for name in ("run", "recipe", "seed")}
    row |= {
        "epochs": epochs_done(epochs.tolist()),
        "accuracy": trained if pruned is None else float(pruned.iloc[-1]),
        "trained": trained,
        "best": float(np.fmax.reduce(accuracy)),
        "aae": area_across_epochs(accuracy, epochs=epochs, n_epochs=n_epochs),
        "seconds_to_convergence": seconds_to_convergence(accuracy, _seconds(series, curve)),
        "anp": float(series["anp.whole"].iloc[-1]) if "anp.whole" in series else None,
    }
    row |= {f"epochs_to_{level}": epochs_to_share(accuracy, level / 100, epochs=epochs) for level in (90, 95, 99)}
    return {name: None if isinstance(value, Undefined) else value for name, value in row.items()}


def _seconds(series: dict[str, pd.Series], curve: pd.Series) -> np.ndarray:
    """Training and topology updates of each epoch; missing where no time was noted."""
    if "seconds.train" not in series:
        return np.full(len(curve), np.nan)
    train = series["seconds.train"].reindex(curve.index)
    if "seconds.update" in series:
        train = train + series["seconds.update"].reindex(curve.index, fill_value=0.0)
    return train.to_numpy(float)
