"""Clustering of bipartite networks: four-cycles and overlaps of neighbourhoods in one undirected graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.adjacency import symmetric_csr
from sparsegraph.kernels.four_cycles import n_four_cycles, n_three_paths, n_triangles, n_two_paths, overlaps
from sparsegraph.result import Result, Undefined

NO_PATHS = Undefined("no path of three links")


@dataclass(frozen=True)
class FourCycles(Result):
    """How far neighbourhoods overlap; all undefined if the graph is too large.

    Parameters
    ----------
    n_four_cycles : int
        Closed paths of four links: two neurons with two common neighbours.
    n_three_paths : int
        Paths of three links over four different neurons.
    robins_alexander : float
        ``4 n_four_cycles / n_three_paths``, from 0 to 1: the share of the three-paths that a fourth link closes;
        undefined without any.
    latapy, latapy_min, latapy_max : float
        Mean over the neurons u that have others at distance two of the mean over those others v of
        ``|N(u) & N(v)| / |N(u) | N(v)|``; for min and max the size of the smaller and of the larger neighbourhood is
        the denominator.  Undefined if no two neurons share a neighbour.
    """

    n_four_cycles: int | Undefined
    n_three_paths: int | Undefined
    robins_alexander: float | Undefined
    latapy: float | Undefined
    latapy_min: float | Undefined
    latapy_max: float | Undefined


@dataclass(frozen=True)
class BlockFourCycles(FourCycles):
    """Overlaps in one block, taken by itself."""

    block: str


def four_cycles(indptr: np.ndarray, neighbours: np.ndarray) -> FourCycles:
    """Four-cycles of an undirected graph.

    Parameters
    ----------
    indptr : ndarray of int64, shape (n_neurons + 1,)
    neighbours : ndarray of int32, shape (2 n_links,)
    """
    return FourCycles(**_counts(indptr, neighbours))


def robins_alexander(indptr: np.ndarray, neighbours: np.ndarray) -> float | Undefined:
    """``4 four-cycles / three-paths`` alone, which is much cheaper in nets with hubs."""
    n_open = n_three_paths(indptr, neighbours)
    return 4 * n_four_cycles(indptr, neighbours) / n_open if n_open else NO_PATHS


def block_four_cycles(name: str, mask: Mask) -> BlockFourCycles:
    """Four-cycles of one block."""
    source, target = mask.source.astype(np.int32), (mask.target + mask.shape[0]).astype(np.int32)
    indptr, neighbours, _ = symmetric_csr(sum(mask.shape), source, target, np.empty(0))
    return BlockFourCycles(**_counts(indptr, neighbours), block=name)


def together(parts: Sequence[FourCycles]) -> float | Undefined:
    """``robins_alexander`` of several graphs: four times the sum of four-cycles over the sum of three-paths."""
    n_cycles, n_open = (
        sum(0 if isinstance(number, Undefined) else number for number in numbers)
        for numbers in ([part.n_four_cycles for part in parts], [part.n_three_paths for part in parts])
    )
    return 4 * n_cycles / n_open if n_open else NO_PATHS


def transitivity(indptr: np.ndarray, neighbours: np.ndarray) -> float | Undefined:
    """Ordinary clustering, ``3 triangles / paths of two links``; 0 in every bipartite graph."""
    n_paths = n_two_paths(np.diff(indptr))  # in both directions
    return 6 * n_triangles(indptr, neighbours) / n_paths if n_paths else Undefined("no path of two links")


def _counts(indptr: np.ndarray, neighbours: np.ndarray) -> dict[str, Any]:
    n_cycles, n_open = n_four_cycles(indptr, neighbours), n_three_paths(indptr, neighbours)
    n_second, *sums = overlaps(indptr, neighbours)
    reached = n_second > 0
    none = Undefined("no two neurons share a neighbour")
    means = [float((part[reached] / n_second[reached]).mean()) if reached.any() else none for part in sums]
    return {
        "n_four_cycles": n_cycles,
        "n_three_paths": n_open,
        "robins_alexander": 4 * n_cycles / n_open if n_open else NO_PATHS,
        **dict(zip(("latapy", "latapy_min", "latapy_max"), means, strict=True)),
    }
