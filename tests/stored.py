"""Contents of files that were never written, for tests of what comes after the readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse

from sparsegraph.io.tensor import Contents, Layout, StoredTensor


def tensor(name: str, values: Any, layout: Layout = "torch") -> StoredTensor:
    """A stored tensor of these values."""
    array = values if sparse.issparse(values) else np.asarray(values)
    return StoredTensor(name, tuple(array.shape), array.dtype.name, layout, lambda: array)


def contents(tensors: Mapping[str, Any], layout: Layout = "torch") -> Contents:
    """Contents of a file that holds these tensors in this order."""
    return Contents("synthetic", tuple(tensor(name, values, layout) for name, values in tensors.items()), "0" * 64)


def sparse_weights(shape: tuple[int, ...], density: float = 0.3, seed: int = 0) -> np.ndarray:
    """Normal float32 weights with zeros."""
    rng = np.random.default_rng(seed)
    return ((rng.random(shape) < density) * rng.normal(size=shape)).astype(np.float32)


def mlp(*sizes: int, density: float = 0.4, seed: int = 0) -> dict[str, np.ndarray]:
    """State dict of torch Linear layers fc1, fc2, ...: weights (out, in) and biases."""
    state = {}
    for i in range(1, len(sizes)):
        state[f"fc{i}.weight"] = sparse_weights((sizes[i], sizes[i - 1]), density, seed + i)
        state[f"fc{i}.bias"] = np.ones(sizes[i], np.float32)
    return state
