"""How fast and how far a run learned: numbers of its accuracy over the epochs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from sparsegraph.errors import DataError
from sparsegraph.result import Undefined

if TYPE_CHECKING:
    import pandas as pd

CONVERGED = 0.99
"""Share of the best accuracy at which a run counts as converged."""


def epochs_done(numbers: Iterable[int]) -> int:
    """How many epochs a history stands for, by the numbers of its records, which may count from 0 or leave some out.

    Examples
    --------
    >>> epochs_done([1, 2, 3]), epochs_done([0, 1, 2]), epochs_done([0, 10])
    (3, 3, 10)
    """
    different = set(numbers)
    return max(*different, len(different))


def area_across_epochs(
    accuracy: ArrayLike, *, epochs: ArrayLike | None = None, n_epochs: int | None = None
) -> float | Undefined:
    """Area across the epochs (AAE): the mean accuracy over training, larger for those that learn faster.

    AAE = (integral of the accuracy over the epochs by the trapezoidal rule) / (E - 1), with the epochs 1, 2, ..., E; of
    a single epoch its accuracy.

    Parameters
    ----------
    accuracy : array_like, shape (E,)
        After each epoch.
    epochs : array_like, shape (E,), optional
        Their numbers, rising, where some were left out; by default 1 to E.
    n_epochs : int, optional
        Only epochs up to this one: runs may be compared over equal lengths only.

    Returns
    -------
    float or Undefined
        In the unit of the accuracy.  Undefined if a value is missing or the run is shorter than ``n_epochs``.

    Raises
    ------
    DataError
        If there is no epoch, or their numbers do not rise.

    References
    ----------
    Zhang et al., "Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning", ICLR 2024, Appendix I, equation A10.

    Examples
    --------
    >>> area_across_epochs([0.5, 0.7, 0.9])
    0.7
    """
    values, times = _curve(accuracy, epochs)
    if n_epochs is not None:
        if times[-1] < n_epochs:
            return Undefined(f"{times[-1]:g} epochs, {n_epochs} needed")
        values, times = values[times <= n_epochs], times[times <= n_epochs]
        if not values.size:
            return Undefined(f"no accuracy up to epoch {n_epochs}")
    if not np.isfinite(values).all():
        return Undefined("an accuracy is missing")
    return float(values[0] if len(values) == 1 else np.trapezoid(values, times) / (times[-1] - times[0]))


def epochs_to_level(accuracy: ArrayLike, level: float, *, epochs: ArrayLike | None = None) -> int | Undefined:
    """The first epoch whose accuracy is at least ``level``; it may fall below again later.

    Parameters
    ----------
    accuracy : array_like, shape (E,)
        After each epoch.
    level : float
        In the unit of the accuracy, such as what the dense net reaches.
    epochs : array_like, shape (E,), optional
        Their numbers; by default 1 to E.

    Raises
    ------
    DataError
        If there is no epoch, or their numbers do not rise.

    Examples
    --------
    >>> epochs_to_level([0.5, 0.8, 0.9, 0.85], 0.8), epochs_to_level([0.5, 0.8], 0.9)
    (2, Undefined(reason='0.9 was not reached'))
    """
    values, times = _curve(accuracy, epochs)
    reached = _reached(values, level)
    return int(times[reached[0]]) if reached.size else Undefined(f"{level:g} was not reached")


def epochs_to_share(accuracy: ArrayLike, share: float, *, epochs: ArrayLike | None = None) -> int | Undefined:
    """The first epoch with at least this share of the accuracy after the last one, such as 0.9, 0.95 or 0.99.

    Speed of convergence: the smaller, the faster, whatever the final accuracy is.

    Parameters
    ----------
    accuracy : array_like, shape (E,)
        After each epoch.
    share : float
        Of the last accuracy; above 1 it may never be reached.
    epochs : array_like, shape (E,), optional
        Their numbers; by default 1 to E.

    Raises
    ------
    DataError
        If there is no epoch, or their numbers do not rise.

    Examples
    --------
    >>> epochs_to_share([0.5, 0.7, 0.8, 0.8], 0.9)  # of 0.72
    3
    """
    values, _ = _curve(accuracy, epochs)
    if not np.isfinite(values[-1]):
        return Undefined("the last accuracy is missing")
    return epochs_to_level(values, share * values[-1], epochs=epochs)


def seconds_to_convergence(accuracy: ArrayLike, seconds: ArrayLike, *, share: float = CONVERGED) -> float | Undefined:
    """Running time up to the end of the first epoch with at least 99 % of the best accuracy.

    Parameters
    ----------
    accuracy : array_like, shape (E,)
        After each epoch.
    seconds : array_like, shape (E,)
        That each epoch took.
    share : float
        Of the best accuracy.

    Returns
    -------
    float or Undefined
        Seconds; undefined where a time up to then is missing.

    Raises
    ------
    DataError
        If there is no epoch, or not a time for each.

    Notes
    -----
    The papers draw the running time "from initiation to convergence" and do not say when a run has converged; this
    rule is ours.

    Examples
    --------
    >>> seconds_to_convergence([0.5, 0.9, 1.0, 0.99], [2.0, 3.0, 4.0, 5.0])
    9.0
    """
    values, _ = _curve(accuracy, None)
    times = np.asarray(seconds, float)
    if times.shape != values.shape:
        raise DataError(f"times of shape {times.shape}; one for each of {len(values)} epochs is needed")
    if not np.isfinite(values).any():
        return Undefined("no accuracy is known")
    reached = _reached(values, share * np.nanmax(values))
    if not reached.size:
        return Undefined(f"{share:g} of the best accuracy was not reached")
    total = float(times[: reached[0] + 1].sum())
    return total if np.isfinite(total) else Undefined("the seconds of an epoch are not known")


def percentage_change(value: float, dense: float) -> float | Undefined:
    """How much a number differs from that of the dense net, in per cent: 100 (v - fc) / fc.

    References
    ----------
    Zhang et al., ICLR 2024, Figure 3.

    Examples
    --------
    >>> percentage_change(0.99, 0.9)
    10.0
    """
    if dense == 0:
        return Undefined("the number of the dense net is 0")
    change = 100 * (value - dense) / dense
    return float(round(change, 12)) if np.isfinite(change) else Undefined("a number is missing")


def win_rates(results: pd.DataFrame, factor: str, *, value: str = "accuracy") -> pd.DataFrame:
    """How often each level of a factor is the best, all else being equal.

    Each combination of the other columns (data set, seed, other factors) is a contest between the levels of
    ``factor``; the highest value wins it, and k levels that tie win 1 / k each.  The win rate is what a level won over
    the number of contests, so that the rates sum to 1.

    Parameters
    ----------
    results : DataFrame
        One row a run: ``factor``, ``value``, and a column for everything else that was varied, the seed too.
    factor : str
        Column whose levels are compared.
    value : str
        Column of what should be high.

    Returns
    -------
    pandas.DataFrame
        One row a level, in order of appearance: ``factor`` under its own name, ``win_rate``, ``wins``, ``n`` (contests)
        and ``n_left_out`` (contests in which a level is missing or its value undefined: they count for none).  Without
        a whole contest the rates are missing.

    Raises
    ------
    DataError
        If a column is missing, or two rows are one level of one contest.

    References
    ----------
    Zhang et al., CHTs (soft rules), Figure 3: "the win rate of the compared factors under the same setting across each
    realization of 3 seeds for all experiment combinations".

    Examples
    --------
    >>> import pandas as pd
    >>> runs = pd.DataFrame({"removal": ["hard", "soft"] * 2, "seed": [0, 0, 1, 1], "accuracy": [0.8, 0.9, 0.7, 0.7]})
    >>> win_rates(runs, "removal")[["removal", "win_rate"]].values.tolist()
    [['hard', 0.25], ['soft', 0.75]]
    """
    if missing := [name for name in (factor, value) if name not in results.columns]:
        raise DataError(f"a table without {', '.join(missing)}; it has {', '.join(map(str, results.columns))}")
    others = [name for name in results.columns if name not in (factor, value)]
    if results.duplicated([factor, *others]).any():
        raise DataError(f"two results of one {factor} in one setting; what else was varied needs a column of its own")
    levels = list(results[factor].drop_duplicates())
    told = results.assign(_contest=results.groupby(others, dropna=False, sort=False).ngroup() if others else 0)
    contests = told.pivot(index="_contest", columns=factor, values=value)[levels].astype(float)
    whole = contests.dropna()
    best = whole.eq(whole.max(axis=1), axis=0).astype(float)
    wins = best.div(best.sum(axis=1), axis=0).sum(axis=0) if len(whole) else whole.sum(axis=0)
    found = {factor: levels, "win_rate": (wins / (len(whole) or np.nan)).to_numpy(), "wins": wins.to_numpy()}
    return type(results)(found).assign(n=len(whole), n_left_out=len(contests) - len(whole))


def _reached(values: np.ndarray, level: float) -> np.ndarray:
    """Places of the values that are at least the level, which may be a product: its last digit decides nothing."""
    return np.flatnonzero(values >= level * (1 - 1e-12))


def _curve(accuracy: ArrayLike, epochs: ArrayLike | None) -> tuple[np.ndarray, np.ndarray]:
    values = np.asarray(accuracy, float)
    times = np.arange(1, values.size + 1) if epochs is None else np.asarray(epochs, float)
    if values.ndim != 1 or values.size == 0:
        raise DataError(f"accuracies of shape {values.shape}; one for each of at least one epoch is needed")
    if times.shape != values.shape or (np.diff(times) <= 0).any():
        raise DataError("the numbers of the epochs must rise, one for each accuracy")
    return values, times
