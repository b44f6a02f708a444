"""The n largest of many values, exactly, without sorting them all."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from sparsegraph.errors import DataError

SAMPLE_SIZE = 2**14
FEW_VALUES = 2**16
NOWHERE = np.empty(0, np.int64)


class Border(NamedTuple):
    """What is certain and what is open about the n largest values.

    Attributes
    ----------
    above : ndarray of int64
        Positions of the values above the n-th largest one, increasing; they all belong to the n largest.
    value : float
        The n-th largest value.
    n_open : int
        How many of the positions that hold just this value belong to the n largest too.
    n_tied : int
        How many such positions there are.
    tied : ndarray of int64 or None
        These positions, increasing, if they came up anyway; else ``positions_equal`` lists them.
    """

    above: np.ndarray
    value: float
    n_open: int
    n_tied: int
    tied: np.ndarray | None = None


def top_positions(
    values: np.ndarray, n: int, *, excluded: np.ndarray = NOWHERE, rng: np.random.Generator
) -> np.ndarray:
    """Positions of the n largest values; of those tied at the border each set is equally likely.

    Parameters
    ----------
    values : ndarray of float32 or float64, shape (n_values,)
        No NaN except at excluded positions.
    n : int
        At most the number of positions that are not excluded.
    excluded : ndarray of int64, increasing
        Positions that are passed over.
    rng : numpy.random.Generator
        Draws the ties; also a sample of the values, which decides about time only.

    Returns
    -------
    ndarray of int64, shape (n,)
        Increasing.

    Raises
    ------
    DataError
        If a value is NaN or if fewer than n positions are left.

    Notes
    -----
    A sample of the values gives a bound a little below the n-th largest; one pass collects what lies above it, and
    only that is partitioned.  A bound that proves wrong costs another pass and never exactness.  Where the ties are
    many, as zeros are, they are drawn without listing them.

    Examples
    --------
    >>> top_positions(np.array([0.5, 2.0, 1.0, 3.0]), 2, excluded=np.array([3]), rng=np.random.default_rng(0)).tolist()
    [1, 2]
    """
    border = find_border(values, n, excluded=excluded, rng=rng)
    if 8 * border.n_tied > values.size and 2 * border.n_open < border.n_tied:
        drawn = _draw_equal(values, border, excluded, rng)
    else:
        tied = border.tied
        drawn = positions_equal(values, border.value, excluded=excluded) if tied is None else tied
        if border.n_open < border.n_tied:
            drawn = rng.choice(drawn, border.n_open, replace=False)
    return np.sort(np.concatenate([border.above, drawn]), kind="stable")  # two rising runs are merged


def find_border(values: np.ndarray, n: int, *, excluded: np.ndarray = NOWHERE, rng: np.random.Generator) -> Border:
    """The n-th largest value, what lies above it and how much is tied with it; see ``top_positions``."""
    n_left = values.size - excluded.size
    if not 0 <= n <= n_left:
        raise DataError(f"{n} positions asked for, but {n_left} of {values.size} are left to choose from")
    if n == 0:
        return Border(NOWHERE, np.inf, 0, 0, NOWHERE)
    for bound in _bounds(values, n, rng):
        above, n_equal = _collect(values, bound, excluded)
        if above.size >= n:
            found = values[above]
            least = np.partition(found, above.size - n)[above.size - n]
            certain, tied = above[found > least], above[found == least]
            return Border(certain, float(least), n - certain.size, tied.size, tied)
        if above.size + n_equal >= n:
            return Border(above, float(bound), n - above.size, n_equal)
    raise AssertionError("nothing lies below minus infinity")


def positions_equal(values: np.ndarray, value: float, *, excluded: np.ndarray = NOWHERE) -> np.ndarray:
    """Positions that hold just ``value``, int64, increasing, excluded ones left out."""
    equal = np.flatnonzero(values == values.dtype.type(value))
    return equal[~_among(excluded, equal)]


def _bounds(values: np.ndarray, n: int, rng: np.random.Generator) -> list[float]:
    """Bounds to try, falling: four standard errors below the n-th largest by a sample, lower still, minus infinity."""
    bounds = [-np.inf]
    if values.size > FEW_VALUES:
        sample = values[rng.integers(0, values.size, SAMPLE_SIZE)]
        sample = np.sort(sample[~np.isnan(sample)])[::-1]
        rank = n / values.size * SAMPLE_SIZE
        for place in (int(4 * rank + 200), int(rank + 4 * np.sqrt(rank) + 8)):
            if place < sample.size:
                bounds.append(float(sample[place]))
    return bounds[::-1]


def _collect(values: np.ndarray, bound: float, excluded: np.ndarray) -> tuple[np.ndarray, int]:
    """Positions above ``bound`` and how many hold just that value, excluded ones left out of both."""
    above, n_equal, n_nan = _collect_compiled(values, values.dtype.type(bound), excluded)
    if n_nan:
        raise DataError(f"{n_nan} of {values.size} values are NaN and cannot be ranked")
    return above, n_equal


def _draw_equal(values: np.ndarray, border: Border, excluded: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """``n_open`` distinct positions that hold the border's value, each set equally likely.

    Positions are drawn from all; those that do not fit or came before are passed over, which is fast while a good part
    of all positions fits and no more than half of these are wanted.
    """
    drawn = NOWHERE
    while drawn.size < border.n_open:
        n_lacking = border.n_open - drawn.size
        fresh = rng.integers(0, values.size, 16 + 2 * n_lacking * values.size // border.n_tied)
        fresh = fresh[values[fresh] == values.dtype.type(border.value)]
        drawn = np.concatenate([drawn, fresh[~_among(excluded, fresh)]])
        drawn = drawn[np.sort(np.unique(drawn, return_index=True)[1])]
    return drawn[: border.n_open]


def _among(ordered: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """For each of ``wanted`` whether it is in the increasing list ``ordered``."""
    if ordered.size == 0:
        return np.zeros(wanted.shape, np.bool_)
    at = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
    return np.asarray(ordered[at] == wanted)


@numba.njit(cache=True)
def _collect_compiled(values: np.ndarray, bound: float, excluded: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Positions above ``bound``, number of values equal to it, number of NaNs; excluded positions count in none."""
    above = np.empty(1024, np.int64)
    n_above, n_below, n_nan, place = 0, 0, 0, 0
    for position in range(values.size):
        value = values[position]
        if value < bound:
            n_below += 1
        elif value == bound:
            continue
        elif value > bound:
            while place < excluded.size and excluded[place] < position:
                place += 1
            if place < excluded.size and excluded[place] == position:
                continue
            if n_above == above.size:
                longer = np.empty(2 * n_above, np.int64)
                longer[:n_above] = above
                above = longer
            above[n_above] = position
            n_above += 1
        else:
            n_nan += 1
    n_equal = values.size - n_below - n_nan - n_above
    for place in range(excluded.size):
        value = values[excluded[place]]
        if value != value:
            n_nan -= 1
        elif value >= bound:
            n_equal -= 1
    return above[:n_above].copy(), n_equal, n_nan
