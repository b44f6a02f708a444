"""Masks stored as floats: recognised where every matrix is one, at the cost of one small matrix."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from stored import contents, sparse_weights

from sparsegraph.io.network.binary import binary_as_masks
from sparsegraph.io.network.roles import Entry, classify
from sparsegraph.io.network.wrappers import unwrap
from sparsegraph.io.tensor import StoredTensor

MASK = (np.arange(24).reshape(4, 6) % 3 == 0).astype(np.float32)


def entries(state: dict[str, object]) -> tuple[Entry, ...]:
    return tuple(classify(named) for named in unwrap(contents(state).tensors))


def roles(state: dict[str, object]) -> list[str]:
    return [entry.role for entry in binary_as_masks(entries(state))]


def test_all_matrices_or_none() -> None:
    filters = np.zeros((4, 3, 2, 2))
    filters[0, 0] = 1
    assert roles({"a.weight": MASK, "b.weight": filters, "a.bias": np.ones(4)}) == ["mask", "mask", "bias"]
    assert roles({"a.weight": MASK, "b.weight": filters * 0.5}) == ["weights", "filters"]


def test_beside_true_masks_binary_weights_are_weights() -> None:
    assert roles({"a.weight": MASK, "a.mask": MASK}) == ["weights", "mask"]


def test_a_sparse_matrix_says_itself_what_is_a_link() -> None:
    assert roles({"a.weight": sparse.csr_array(MASK)}) == ["weights"]


def test_of_weights_only_the_smallest_matrix_is_read() -> None:
    reads: list[str] = []

    def stored(name: str, n: int) -> StoredTensor:
        def read() -> np.ndarray:
            reads.append(name)
            return sparse_weights((n, n))

        return StoredTensor(name, (n, n), "float32", "torch", read)

    binary_as_masks(tuple(Entry(stored(f"w{n}", n), f"w{n}", "weights", "") for n in (9, 3, 6)))
    assert reads == ["w3"]
