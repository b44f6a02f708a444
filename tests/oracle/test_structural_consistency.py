"""Structural consistency against the authors' program.

``structural_consistency.npz`` holds, for three networks, five given removals each: the consistency, and for the first
the perturbed matrix.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from sparsegraph.kernels.perturbation import first_order_change
from sparsegraph.kernels.spectral import structural_consistency

NETWORKS = ["karate", "layered130", "ba120"]


@pytest.mark.parametrize("name", NETWORKS)
def test_structural_consistency_of_given_removals(oracles: Path, name: str) -> None:
    known = np.load(oracles / "structural_consistency.npz")
    found = [structural_consistency(known[f"{name}__A"], training) for training in known[f"{name}__T"]]
    assert found == known[f"{name}__sigma"].tolist()


@pytest.mark.parametrize("name", NETWORKS)
def test_perturbed_matrix(oracles: Path, name: str) -> None:
    known = np.load(oracles / "structural_consistency.npz")
    training = known[f"{name}__T"][0].astype(float)
    change = first_order_change(sparse.csr_array(training), sparse.csr_array(known[f"{name}__A"] - training))
    np.testing.assert_allclose(training + change, known[f"{name}__P1"], atol=1e-10, rtol=0)
