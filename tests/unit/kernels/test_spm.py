"""Structural perturbation of a block against the method on its whole symmetric matrix, vector by vector."""

from __future__ import annotations

from math import ceil

import numpy as np
import pytest

from sparsegraph.kernels.spm import spm_scores
from sparsegraph.topology.regrowth import REGROWTH_SCORES


def by_definition(present: np.ndarray, rng: np.random.Generator, n_perturbations: int) -> np.ndarray:
    """Lü et al.: perturbed matrices of the whole network, each vector by itself (no equal eigenvalues here)."""
    m, n = present.shape
    total = np.zeros((m, n))
    places = np.flatnonzero(present)
    for _ in range(n_perturbations):
        removed = np.zeros((m, n))
        removed.flat[places[rng.choice(places.size, ceil(0.1 * places.size), replace=False)]] = 1
        whole, gone = (
            np.block([[np.zeros((m, m)), part], [part.T, np.zeros((n, n))]]) for part in (present - removed, removed)
        )
        values, vectors = np.linalg.eigh(whole)
        assert np.diff(values).min() > 1e-8
        perturbed = (vectors * (values + np.einsum("ik,ij,jk->k", vectors, gone, vectors))) @ vectors.T
        total += perturbed[:m, m:]
    return np.where(present, 0.0, np.maximum(total, 0.0))


@pytest.mark.parametrize("seed", range(3))
def test_scores_are_those_of_the_whole_matrix(seed: int) -> None:
    # a square block of full rank: no null space, so that every eigenvalue stands alone
    present = (np.random.default_rng(seed).random((24, 24)) < 0.4).astype(float)
    found = spm_scores(present, rng=np.random.default_rng(seed), n_perturbations=4)
    expected = by_definition(present, np.random.default_rng(seed), 4)
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=0)


def test_the_missing_link_of_a_complete_group_comes_first() -> None:
    present = np.kron(np.eye(2), np.ones((6, 7)))
    present[2, 3] = 0
    scores = spm_scores(present, rng=np.random.default_rng(0))
    assert np.unravel_index(scores.argmax(), scores.shape) == (2, 3)
    assert scores[2, 3] > 5 * np.delete(scores, 2 * 14 + 3).max()


def test_neurons_without_links_stay_without() -> None:
    rng = np.random.default_rng(3)
    present = rng.random((20, 15)) < 0.2
    present[[4, 7]] = present[:, 9] = False
    scores = spm_scores(present, rng=rng)
    assert not scores[[4, 7]].any()
    assert not scores[:, 9].any()
    inner = np.ix_(np.flatnonzero(present.any(axis=1)), np.flatnonzero(present.any(axis=0)))
    again = spm_scores(present[inner], rng=np.random.default_rng(1))
    np.testing.assert_array_equal(spm_scores(present, rng=np.random.default_rng(1))[inner], again)


def test_a_mask_with_no_or_every_or_one_link() -> None:
    for present in (np.zeros((3, 4)), np.ones((3, 4)), np.eye(3, 4)[:1]):
        assert not spm_scores(present, rng=np.random.default_rng(0)).any()


def test_cn_on_paths_of_three_counts_them() -> None:
    present = np.random.default_rng(5).random((15, 12)) < 0.25
    counted = np.zeros((15, 12))
    for u in range(15):
        for v in range(12):
            if not present[u, v]:
                counted[u, v] = sum(
                    present[u, z1] and present[z2, z1] and present[z2, v] for z1 in range(12) for z2 in range(15)
                )
    assert REGROWTH_SCORES["l3-cn"].function(present).tolist() == counted.tolist()
    assert REGROWTH_SCORES["l3-cn"].function is REGROWTH_SCORES["l3"].function
