"""How unequally a non-negative quantity is spread over neurons."""

from __future__ import annotations

import numpy as np


def gini(values: np.ndarray) -> float:
    """Gini coefficient: ``sum_i (2 i - n - 1) x_(i) / (n sum x)`` with the values in rising order, i from 1.

    0 if all are equal, towards 1 - 1/n if one holds everything; the values must have a positive sum.
    """
    ordered = np.sort(values.astype(np.float64))
    n = ordered.size
    return float(np.dot(2.0 * np.arange(1, n + 1) - n - 1.0, ordered) / (n * ordered.sum()))


def entropy(counts: np.ndarray) -> float:
    """Shannon entropy in nats of the shares ``p = counts / sum counts``: ``-sum p ln p``; zeros add nothing."""
    share = counts[counts > 0] / counts.sum()
    return max(0.0, float(-(share * np.log(share)).sum()))


def top_share(values: np.ndarray, share: float) -> float:
    """Share of the sum that the largest values hold: the top ``ceil(share n)`` of n; the sum must be positive."""
    n_top = int(np.ceil(share * values.size - 1e-9))
    return float(np.sort(values)[values.size - n_top :].sum() / values.sum())
