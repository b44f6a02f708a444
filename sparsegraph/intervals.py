"""Student's interval of a mean, wherever means of seeds, repeats or draws are told."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

CONFIDENCE = 0.95
"""Level of an interval unless it says another."""


def half_width(
    deviation: np.ndarray | float, n: np.ndarray | int, level: float = CONFIDENCE
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Half of Student's interval of the mean of so many numbers; NaN below two, of whose spread nothing is known.

    Parameters
    ----------
    deviation : float or ndarray
        Sample standard deviation (n - 1) of the numbers.
    n : int or ndarray of the same shape
    level : float

    Returns
    -------
    ndarray of float64
        Of the shape of both.

    References
    ----------
    Student, "The probable error of a mean", Biometrika 6, 1908.

    Examples
    --------
    >>> half_width(1.0, np.array([1, 2, 3])).round(3).tolist()  # 12.706 / sqrt(2), 4.303 / sqrt(3)
    [nan, 8.985, 2.484]
    """
    count = np.asarray(n, np.float64)
    several = np.maximum(count, 2.0)
    half = stdtrit(several - 1.0, (1.0 + level) / 2.0) * np.asarray(deviation, np.float64) / np.sqrt(several)
    return np.where(count > 1, half, np.nan)
