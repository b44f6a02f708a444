"""One row a run: what it learned, how fast, and in what time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.evolution.histories import histories
from sparsegraph.evolution.learning import area_across_epochs, epochs_done, epochs_to_share, seconds_to_convergence
from sparsegraph.io.runs.run import Run
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    import pandas as pd

ACCURACIES = ("test.accuracy", "test_accuracy")
"""The test accuracy as the trainer notes it, and as loops of one's own do."""

_TYPES = {
    **{"run": "string", "recipe": "string", "seed": "Int64", "epochs": "Int64"},
    **{"accuracy": "float64", "trained": "float64", "best": "float64", "aae": "float64"},
    **{"epochs_to_90": "Int64", "epochs_to_95": "Int64", "epochs_to_99": "Int64"},
    **{"seconds_to_convergence": "float64", "anp": "float64"},
}


def learning_frame(
    runs: Run | str | PathLike[str] | Iterable[Run | str | PathLike[str]],
    *,
    field: str | None = None,
    n_epochs: int | None = None,
) -> pd.DataFrame:
    """Table of what each run learned, from its history.

    Parameters
    ----------
    runs : path, Run, or several of them
    field : str, optional
        The accuracy to look at: a field of :func:`sparsegraph.evolution.histories.histories`.  By default
        "test.accuracy", as the trainer notes it, and of a run without it "test_accuracy", as loops of one's own may.
    n_epochs : int, optional
        Epochs that the AAE is taken over, counted from the first; by default each run's own number.  Runs of different
        lengths are compared fairly over the least of them.

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
    fields = ACCURACIES if field is None else (field,)
    rows = [_row(of_run, fields, n_epochs) for _, of_run in whole.groupby("run", sort=False)]
    kept = [row for row in rows if row is not None]
    return pd.DataFrame(kept, columns=list(_TYPES)).astype(_TYPES)


def _row(of_run: pd.DataFrame, fields: Sequence[str], n_epochs: int | None) -> dict[str, Any] | None:
    """What the whole-net rows of one run amount to, by the first accuracy that it has; None where it has none."""
    series = {str(name): rows.set_index("epoch")["value"] for name, rows in of_run.groupby("field", sort=False)}
    field = next((name for name in fields if name in series), None)
    if field is None:
        return None
    curve = series[field].sort_index()
    epochs, accuracy = curve.index.to_numpy(int), curve.to_numpy(float)
    trained, done = float(accuracy[-1]), epochs_done(epochs.tolist())
    pruned = series.get(f"pruned_after.{field}")
    row = {name: of_run[name].iloc[0] for name in ("run", "recipe", "seed")}
    row |= {
        "epochs": done,
        "accuracy": trained if pruned is None else float(pruned.iloc[-1]),
        "trained": trained,
        "best": float(np.fmax.reduce(accuracy)),
        "aae": area_across_epochs(accuracy, epochs=epochs + done - epochs[-1], n_epochs=n_epochs),
        "seconds_to_convergence": seconds_to_convergence(accuracy, _seconds(series, curve)),
        "anp": float(series["anp.whole"].iloc[-1]) if "anp.whole" in series else None,
    }
    row |= {f"epochs_to_{level}": epochs_to_share(accuracy, level / 100, epochs=epochs) for level in (90, 95, 99)}
    return {name: None if isinstance(value, Undefined) else value for name, value in row.items()}


def _seconds(series: dict[str, pd.Series], curve: pd.Series) -> np.ndarray:
    """Training and topology updates since the accuracy before; missing where a time was not noted."""
    if "seconds.train" not in series:
        return np.full(len(curve), np.nan)
    spent = series["seconds.train"]
    if "seconds.update" in series:
        spent = spent + series["seconds.update"].reindex(spent.index, fill_value=0.0)
    next_judged = np.searchsorted(curve.index.to_numpy(int), spent.index.to_numpy(int))
    within = next_judged < len(curve)
    summed = np.bincount(next_judged[within], weights=spent.to_numpy(float)[within], minlength=len(curve))
    return np.where(curve.index.isin(spent.index), summed, np.nan)
