"""The gap beside zero: absent where there is none, in as many samples as it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sparsegraph.measures.separation import separation

LAWS: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "uniform": lambda rng: rng.uniform(-1.0, 1.0, 1000),
    "normal": lambda rng: rng.normal(size=1000),
    "shifted by half a standard deviation": lambda rng: rng.normal(0.5, size=1000),
    "laplace": lambda rng: rng.laplace(size=1000),
    "student": lambda rng: rng.standard_t(2, size=1000),
    "normal with a peak of new links": lambda rng: rng.normal(scale=rng.choice([1.0, 0.01], 1000)),
}


@pytest.mark.parametrize("law", LAWS)
def test_single_modes_have_no_gap(law: str) -> None:
    """400 samples: at a level of 5 % at most 33 exceed it with probability 0.999; uniform weights do in about 20."""
    found = [separation(LAWS[law](np.random.default_rng(seed))) for seed in range(400)]
    exceed = sum(one.gap > one.gap_noise for one in found)
    assert exceed <= 33
    if law == "uniform":
        assert exceed >= 8
    else:
        assert exceed <= 4


@pytest.mark.parametrize("empty", [0.2, 0.5, 1.0])
def test_a_zone_without_weights_is_found(empty: float) -> None:
    """Normal weights whose smallest were removed, as a pruning threshold does."""
    rng = np.random.default_rng(0)
    drawn = rng.normal(size=4000)
    found = separation(drawn[np.abs(drawn) > empty])
    assert found.gap > 3 * found.gap_noise
    assert found.gap_depth == 1.0
    assert found.gap_at == pytest.approx(empty, rel=0.02)
