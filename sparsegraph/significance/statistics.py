"""The arithmetic of significance: z, the empirical p of both sides, and Holm's correction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sparsegraph.result import Result, Undefined

LEVEL = 0.05
"""Corrected p up to which a difference is called one."""

SAME = 1e-9
"""Relative difference up to which two values count as equal: sums of the same numbers in another order differ."""


@dataclass(frozen=True)
class Comparison(Result):
    """One number against its values in the draws of a null model.

    Parameters
    ----------
    observed : float
        In the network itself.
    null_mean, null_std : float
        Over the draws; the standard deviation divides by their number minus 1.
    z : float
        (observed - null_mean) / null_std.
    p : float
        Two-sided empirical p, see :func:`two_sided_p`.
    n_defined : int
        Draws in which the number exists; the others count for nothing.
    """

    observed: float | Undefined
    null_mean: float | Undefined
    null_std: float | Undefined
    z: float | Undefined
    p: float | Undefined
    n_defined: int


def compare(observed: float | Undefined, draws: np.ndarray, *, fixed: bool = False) -> Comparison:
    """A number against its values in the draws where it is defined, shape (n_defined,).

    A number that the null model fixes by what it keeps is no test: its z and p are undefined.  One that only happens to
    be the same in the network and in every draw (up to rounding) is a test like any other: its p is 1, and its z
    undefined.
    """
    if draws.size == 0:
        none = Undefined("undefined in every draw of the null model")
        return Comparison(observed, none, none, none, none, 0)
    mean, std = float(draws.mean()), _std(draws)
    if isinstance(observed, Undefined):
        return Comparison(observed, mean, std, observed, observed, draws.size)
    if fixed:
        none = Undefined("the null model fixes it")
        return Comparison(observed, mean, std, none, none, draws.size)
    if _alike(draws, observed).all():
        z: float | Undefined = Undefined(f"the same in the network and in all {draws.size} draws")
    elif isinstance(std, Undefined):
        z = std
    else:
        z = (observed - mean) / std if std > 0 else Undefined("the draws of the null model do not differ")
    return Comparison(observed, mean, std, z, two_sided_p(observed, draws), draws.size)


def two_sided_p(observed: float, draws: np.ndarray) -> float:
    """Empirical p of both sides: ``min(1, 2 min(1 + #(draw >= observed), 1 + #(draw <= observed)) / (1 + n))``.

    The ones count the network itself, which under the null hypothesis is one more draw: without them p could be 0, and
    it would be below any level more often than the level says.  Draws equal to the observed value (up to rounding)
    count on both sides.  The least p of n draws is 2 / (n + 1).

    References
    ----------
    B. Phipson, G. K. Smyth, Permutation p-values should never be zero: calculating exact p-values when permutations
    are randomly drawn, Statistical Applications in Genetics and Molecular Biology 9 (2010) 39, equation 2.

    Examples
    --------
    >>> two_sided_p(5.0, np.array([1.0, 2.0, 3.0, 4.0])), two_sided_p(2.0, np.array([1.0, 2.0, 3.0]))
    (0.4, 1.0)
    """
    equal = _alike(draws, observed)
    n_above = int((equal | (draws > observed)).sum())
    n_below = int((equal | (draws < observed)).sum())
    return min(1.0, 2.0 * (1 + min(n_above, n_below)) / (1 + draws.size))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's corrected p-values: below a level with a chance of at most that level if every null hypothesis is true.

    With the m p-values in increasing order ``corrected_(k) = max over j <= k of min(1, (m - j + 1) p_(j))``; valid
    however the tests depend on each other.

    References
    ----------
    S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    corrected = [0.0] * len(p_values)
    so_far = 0.0
    for rank, index in enumerate(order):
        so_far = max(so_far, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = so_far
    return corrected


def draws_needed(n_tests: int, level: float = LEVEL) -> int:
    """Fewest draws with which one of so many tests can get a corrected p up to the level.

    Examples
    --------
    >>> draws_needed(1), draws_needed(30)
    (39, 1199)
    """
    return max(1, math.ceil(2 * n_tests / level - 1e-9) - 1)


def _std(draws: np.ndarray) -> float | Undefined:
    """Standard deviation, exactly 0 where the draws differ by rounding only."""
    if draws.size == 1:
        return Undefined("the number is defined in one draw only")
    return 0.0 if _alike(draws, float(draws[0])).all() else float(draws.std(ddof=1))


def _alike(draws: np.ndarray, value: float) -> np.ndarray:
    return np.isclose(draws, value, rtol=SAME, atol=0.0)
