"""Random nets for the built-in trainer; imports no torch, so that memory can be compared."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from sparsegraph.graph.mask import Mask
from sparsegraph.training.compiled import CompiledMLP
from sparsegraph.training.optimiser import SGD

LEARNING_RATE, MOMENTUM = 0.01, 0.9


def random_masks(sizes: Sequence[int], density: float, rng: np.random.Generator) -> list[Mask]:
    """Uniformly random links, and a complete readout."""
    shapes = list(itertools.pairwise(sizes))
    hidden = [
        Mask(shape, np.sort(rng.choice(shape[0] * shape[1], round(density * shape[0] * shape[1]), replace=False)))
        for shape in shapes[:-1]
    ]
    return [*hidden, Mask.complete(shapes[-1])]


def built_in(masks: Sequence[Mask], batch_size: int) -> CompiledMLP:
    """An engine with normal weights of variance 2 over the mean number of links a target."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, np.sqrt(2 / (m.density * m.shape[0])), m.n_links).astype(np.float32) for m in masks]
    return CompiledMLP(masks, weights, batch_size=batch_size, optimiser=SGD(MOMENTUM))
