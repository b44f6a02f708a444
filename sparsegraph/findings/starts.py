"""Numbers of topologies as generators draw them, before any training."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from sparsegraph.data.load import load_data
from sparsegraph.findings.arms import Start
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.measures.credit_paths import credit_paths
from sparsegraph.measures.input_map import input_map
from sparsegraph.measures.path_length import path_length
from sparsegraph.measures.powerlaw import powerlaw
from sparsegraph.measures.small_world import small_world
from sparsegraph.result import Undefined
from sparsegraph.rng import rng_for
from sparsegraph.topology.initialise import INITIALISERS

Number = float | Undefined


@dataclass(frozen=True)
class OfStart:
    """A number of a drawn topology.

    Parameters
    ----------
    words : str
        What it is.
    measure : callable
        ``measure(graph, rng) -> float or Undefined``.
    kind : {"share", "number"}
    n_draws : int
        Draws, each with a seed of its own.
    convention : str
    """

    words: str
    measure: Callable[[LayeredGraph, np.random.Generator], Number]
    kind: str = "number"
    n_draws: int = 5
    convention: str = ""

    def of(self, start: Start, draw: int, *, seed: int = 0, folder: Path | None = None) -> Number:
        """The number of one draw.

        Raises
        ------
        DataSetError
            If the data that the initialiser needs are not there.
        """
        graph = drawn(start, draw, seed=seed, folder=folder)
        return self.measure(graph, rng_for(seed, "findings", "measure", str(draw)))


def drawn(start: Start, draw: int, *, seed: int = 0, folder: Path | None = None) -> LayeredGraph:
    """A chain of sparse blocks from an initialiser, all weights 1.

    Raises
    ------
    DataSetError
        If the data that the initialiser needs are not there.
    """
    shapes = list(itertools.pairwise(start.sizes))
    counts = [round(start.density * n_source * n_target) for n_source, n_target in shapes]
    rule = INITIALISERS[start.name]
    given = dict(start.options)
    if start.data is not None:
        data = load_data(start.data, folder=folder, normalise="unit")
        given["features"] = np.asarray(data.train.images, float).reshape(len(data.train.images), -1)
    masks: list[Mask] = rule.function(shapes, counts, rng=rng_for(seed, "findings", start.name, str(draw)), **given)
    return LayeredGraph.from_matrices([mask.to_array().astype(np.float64) for mask in masks])


def grid_exponent(graph: LayeredGraph, rng: np.random.Generator) -> Number:
    """Exponent of the grid fit over all neurons, as the CHT papers have it."""
    return powerlaw(graph, rng=rng, replicas=1).grid_whole.alpha


def clustering(graph: LayeredGraph, rng: np.random.Generator) -> Number:
    """Share of three-paths that a four-cycle closes, blocks together."""
    return small_world(graph, rng=rng, n_null=0).blocks_together


def mean_distance(graph: LayeredGraph, rng: np.random.Generator) -> Number:
    """Mean distance between neurons that a path joins."""
    return path_length(graph, rng=rng).mean


def n_paths(graph: LayeredGraph, rng: np.random.Generator) -> Number:
    """Number of input-output paths."""
    del rng
    return float(credit_paths(graph, readout="include").total)


def central_mass(graph: LayeredGraph, rng: np.random.Generator) -> Number:
    """Share of the links of the input, a square image, that leave its centre: half its rows in half its columns."""
    del rng
    side = math.isqrt(graph.layers[0].size)
    return input_map(graph, shape=(side, side)).out_degree.central_mass


def scored_pairs(graph: LayeredGraph, rng: np.random.Generator) -> Number:
    """Share of the absent links that a path of three links joins, so that CH3-L3 gives them a score."""
    del rng
    n_scored = n_absent = 0
    for block in graph.blocks:
        present = sparse.csr_matrix(block.weights, dtype=bool).astype(np.int64)
        reached = (present @ present.T @ present).astype(bool)
        n_scored += int(reached.nnz - reached.multiply(present.astype(bool)).nnz)
        n_absent += present.shape[0] * present.shape[1] - present.nnz
    return n_scored / n_absent if n_absent else Undefined("no link is absent")
