"""Tiny nets with answers worked out by hand."""

from __future__ import annotations

import itertools

import numpy as np

from sparsegraph.graph.layered import LayeredGraph


def two_paths() -> LayeredGraph:
    """Seven links, of which percolation drops two.

    input      hidden     output
      0 ─────────  0 ─────────  0
      0 ─────────  3                  hidden 3 has no output
      1 ─────────  1 ─────────  1
      2 ─────────  1
      3            2 ─────────  1     hidden 2 has no input; input 3 has no link at all

    4 + 4 + 2 neurons; paths 0-0-0, 1-1-1, 2-1-1.
    """
    first = np.zeros((4, 4))
    first[[0, 1, 2, 0], [0, 1, 1, 3]] = [0.5, -1.0, 2.0, 0.25]
    second = np.zeros((4, 2))
    second[[0, 1, 2], [0, 1, 1]] = [1.5, -0.5, 3.0]
    return LayeredGraph.from_matrices([first, second])


def complete(*sizes: int) -> LayeredGraph:
    """Every link between consecutive layers."""
    return LayeredGraph.from_matrices([np.ones(shape) for shape in itertools.pairwise(sizes)])


def empty(*sizes: int) -> LayeredGraph:
    """No link at all."""
    return LayeredGraph.from_matrices([np.zeros(shape) for shape in itertools.pairwise(sizes)])


def erdos_renyi(sizes: tuple[int, ...], density: float, seed: int = 0) -> LayeredGraph:
    """Exactly round(density * n * m) links per block, uniformly at random, with normal weights."""
    rng = np.random.default_rng(seed)
    matrices = []
    for n_source, n_target in itertools.pairwise(sizes):
        n_links = round(density * n_source * n_target)
        matrix = np.zeros(n_source * n_target)
        matrix[rng.choice(matrix.size, n_links, replace=False)] = rng.normal(size=n_links)
        matrices.append(matrix.reshape(n_source, n_target))
    return LayeredGraph.from_matrices(matrices)
