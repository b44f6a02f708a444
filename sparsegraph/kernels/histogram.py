"""Positive integers as a histogram, the form in which power laws and their alternatives are fitted."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sparsegraph.errors import DataError


class Histogram(NamedTuple):
    """Distinct positive values in ascending order and how often each occurs, both float64, shape (n_distinct,)."""

    values: np.ndarray
    counts: np.ndarray


def histogram_of(data: Any) -> Histogram:
    """Histogram of the positive data; zeros are dropped.

    Raises
    ------
    DataError
        If a value is negative, infinite, NaN or no integer.
    """
    array = np.asarray(data).ravel()
    if array.dtype.kind == "f" and not (np.isfinite(array).all() and (array == np.floor(array)).all()):
        raise DataError(
            "the data hold values that are no integers; a discrete power law is fitted to positive integers"
        )
    if array.dtype.kind not in "iuf":
        raise DataError(f"the data are of type {array.dtype}; a discrete power law is fitted to positive integers")
    if array.size == 0:
        return Histogram(np.empty(0), np.empty(0))
    if array.min() < 0:
        raise DataError(f"the data go down to {array.min()}; a discrete power law is fitted to positive integers")
    if array.max() < 4 * array.size:
        every = np.bincount(array.astype(np.int64, copy=False))
        every[0] = 0
        values = every.nonzero()[0]
        return Histogram(values.astype(np.float64), every[values].astype(np.float64))
    values, counts = np.unique(array[array > 0], return_counts=True)
    return Histogram(values.astype(np.float64), counts.astype(np.float64))
