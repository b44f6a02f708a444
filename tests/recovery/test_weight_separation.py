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


def bfloat16(values: np.ndarray) -> np.ndarray:
    """Rounded to 8 significant bits."""
    mantissa, exponent = np.frexp(values)
    rounded: np.ndarray = np.ldexp(np.round(mantissa * 256) / 256, exponent)
    return rounded


ROUNDED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bfloat16": bfloat16,
    "float16": lambda values: values.astype(np.float16).astype(np.float64),
    "int8": lambda values: np.round(values / 4.0 * 127) / 127 * 4.0,
    "int4": lambda values: np.round(values / 4.0 * 7) / 7 * 4.0,
}


@pytest.mark.parametrize("grid", ROUNDED)
@pytest.mark.parametrize("n", [1000, 100_000])
def test_quantised_weights_have_no_gap(grid: str, n: int) -> None:
    """20 samples each of uniform and of normal weights, for which the gap of the uniform ones exceeds in one."""
    rng = np.random.default_rng(n)
    for law in (lambda: rng.uniform(-1.0, 1.0, n), lambda: rng.normal(size=n)):
        found = [separation(ROUNDED[grid](law())) for _ in range(20)]
        assert sum(one.gap > one.gap_noise for one in found) <= 5


@pytest.mark.parametrize("grid", ["bfloat16", "int8"])
def test_a_zone_without_weights_is_found_on_a_grid(grid: str) -> None:
    drawn = np.random.default_rng(0).normal(size=4000)
    found = separation(ROUNDED[grid](drawn[np.abs(drawn) > 0.5]))
    assert found.gap > 3 * found.gap_noise


@pytest.mark.parametrize("empty", [0.2, 0.5, 1.0])
def test_a_zone_without_weights_is_found(empty: float) -> None:
    """Normal weights whose smallest were removed, as a pruning threshold does."""
    rng = np.random.default_rng(0)
    drawn = rng.normal(size=4000)
    found = separation(drawn[np.abs(drawn) > empty])
    assert found.gap > 3 * found.gap_noise
    assert found.gap_depth == 1.0
    assert found.gap_at == pytest.approx(empty, rel=0.02)
