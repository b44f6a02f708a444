"""Limbs against Python integers, scaled vectors against plain ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from sparsegraph.kernels.paths import OF_ZERO, Scaled, add_path_counts, limb_sum, n_limbs, rescaled, scaled_sum


@pytest.mark.parametrize(("bound", "limbs"), [(0, 1), (1, 1), (2**32 - 1, 1), (2**32, 2), (2**64, 3)])
def test_limbs_hold_their_bound(bound: int, limbs: int) -> None:
    assert n_limbs(bound) == limbs


@pytest.mark.parametrize("depth", [1, 3, 8, 40])
def test_counts_are_those_of_python_integers(depth: int) -> None:
    rng = np.random.default_rng(depth)
    width = 30
    expected = [1] * width
    limbs = n_limbs(width ** (depth + 1))
    counts = np.zeros((width, limbs), np.uint64)
    counts[:, 0] = 1
    for _ in range(depth):
        mask = sparse.csr_array(rng.random((width, width)) < 0.7)
        expected = [
            sum(expected[j] for j in mask.indices[a:b]) for a, b in zip(mask.indptr, mask.indptr[1:], strict=False)
        ]
        onward, counts = counts, np.zeros_like(counts)
        add_path_counts(mask.indptr, mask.indices, onward, counts)
    assert limb_sum(counts) == sum(expected)


def test_carries_run_through_every_limb() -> None:
    onward = np.full((2, 2), 2**32 - 1, np.uint64)
    counts = np.zeros((1, 3), np.uint64)
    add_path_counts(np.array([0, 2]), np.array([0, 1]), onward, counts)
    assert limb_sum(counts) == 2 * (2**64 - 1)


def test_scaled_sum_ignores_the_scale_of_zeros() -> None:
    nothing = rescaled(np.zeros(2), 10**6)
    assert nothing.exponent == OF_ZERO
    total = scaled_sum([nothing, Scaled(np.array([0.5, 0.25]), -3000)])
    assert (total.values * 2.0 ** (total.exponent + 3000)).tolist() == [0.5, 0.25]
