"""Angles of points around the origin or along a line, and which of them are equal but for rounding."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

RESOLVED = 1e-9
"""Least distance between two directions, in units of the farthest point, that is more than rounding."""


class Directions(NamedTuple):
    """Angles with their order.

    Parameters
    ----------
    theta : ndarray of float64, shape (n,)
        In [0, 2 pi); on a line, places scaled to [0, 2 pi (n - 1) / n].
    level : ndarray of int64, shape (n,)
        Number of the angle among the distinct ones, rising from 0: equal for points, such as those of neurons with
        the same neighbours, whose angles only rounding tells apart.
    """

    theta: np.ndarray
    level: np.ndarray

    def equidistant(self, within: np.ndarray | None = None) -> np.ndarray:
        """Equidistant angles in the same order; equal ones by rising ``within``, then as they stand."""
        n = self.level.size
        order = np.argsort(self.level, kind="stable") if within is None else np.lexsort((within, self.level))
        spread = np.empty(n)
        spread[order] = 2.0 * np.pi * np.arange(n) / n
        return spread


def directions(points: np.ndarray) -> Directions:
    """Angles of points on a plane, shape (n, 2), or places on a line, shape (n, 1), as angles."""
    n = points.shape[0]
    size = np.sqrt((points**2).sum(axis=1))
    farthest = size.max() or 1.0
    if points.shape[1] == 1:
        reach = points[:, 0] - points[:, 0].min()
        theta = reach * (2.0 * np.pi * (n - 1) / n / (reach.max() or 1.0))
        return Directions(theta, _levels(theta, theta, np.full(n, farthest), farthest))
    placed = size > RESOLVED * farthest
    theta = np.where(placed, np.arctan2(points[:, 1], points[:, 0]) % (2.0 * np.pi), 0.0)
    turned = (2.0 * np.pi - theta) * size <= RESOLVED * farthest
    return Directions(theta, _levels(theta, np.where(turned, 0.0, theta), size, farthest))


def _levels(theta: np.ndarray, sorted_by: np.ndarray, size: np.ndarray, farthest: float) -> np.ndarray:
    order = np.lexsort((theta, sorted_by))
    arc = np.diff(sorted_by[order]) * np.minimum(size[order][1:], size[order][:-1])
    level = np.empty(theta.size, np.int64)
    level[order] = np.concatenate([[0], np.cumsum(arc > RESOLVED * farthest)])
    return level
