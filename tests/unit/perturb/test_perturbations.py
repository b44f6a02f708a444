"""The rules by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.perturb.perturbations import PAPER_ORDER, PERTURBATIONS, Perturbed

WEIGHTS = np.array([0.5, -3.0, 1.0, -1.0, 2.0], np.float32)


def perturbed(name: str, x: float, weights: np.ndarray = WEIGHTS, seed: int = 0) -> Perturbed:
    return PERTURBATIONS[name].rule(weights, x, np.random.default_rng(seed))


def test_the_papers_five_are_there() -> None:
    assert set(PAPER_ORDER) == set(PERTURBATIONS)


@pytest.mark.parametrize(
    ("name", "x", "left"),
    [
        ("strongest", 0.4, [0, 2, 3]),
        ("strongest", 0.6, [0, 3]),  # of 1.0 and -1.0 the first in the net goes first
        ("weakest", 0.2, [1, 2, 3, 4]),
        ("weakest", 0.4, [1, 3, 4]),
        ("weakest", 0.3, [1, 3, 4]),  # 1.5 links are rounded to 2
        ("weakest", 1.0, []),
    ],
)
def test_order_of_removal(name: str, x: float, left: list[int]) -> None:
    assert np.flatnonzero(perturbed(name, x).kept).tolist() == left


@pytest.mark.parametrize("name", list(PERTURBATIONS))
@pytest.mark.parametrize("n", [0, 1, 5, 1000])
def test_nothing_changes_at_0(name: str, n: int) -> None:
    weights = np.random.default_rng(n).normal(size=n).astype(np.float32)
    copy = perturbed(name, 0.0, weights)
    assert copy.kept.all()
    assert np.array_equal(copy.weights, weights)


@pytest.mark.parametrize("name", ["random", "strongest", "weakest"])
def test_all_links_are_gone_at_1(name: str) -> None:
    assert not perturbed(name, 1.0).kept.any()


@pytest.mark.parametrize("n_steps", [20, 100])
def test_shares_are_rounded_as_decimals(n_steps: int) -> None:
    """0.15 x 20 = 3 although the product of the floats is less than 3 here and there."""
    for step in range(n_steps + 1):
        assert perturbed("random", step / n_steps, np.ones(n_steps, np.float32)).kept.sum() == n_steps - step


def test_each_set_of_links_is_as_likely_to_be_removed() -> None:
    counts = np.zeros(5)
    for seed in range(2000):
        counts += ~perturbed("random", 0.4, seed=seed).kept
    # 2,000 draws of probability 0.4: standard deviation 21.9; 5 of them
    assert np.abs(counts - 800).max() < 110


def test_a_shuffle_stays_inside_its_bins() -> None:
    weights = np.random.default_rng(0).permutation(np.arange(100, dtype=np.float32))
    copy = perturbed("shuffled", 0.1, weights)
    assert copy.kept.all()
    assert sorted(copy.weights) == sorted(weights)
    assert np.array_equal(copy.weights // 10, weights // 10)
    assert (copy.weights != weights).sum() > 50
    whole = perturbed("shuffled", 1.0, weights)
    assert (np.abs(whole.weights - weights) > 10).sum() > 50


def test_a_full_shuffle_is_uniform() -> None:
    first = np.array([np.argmax(perturbed("shuffled", 1.0, seed=seed).weights) for seed in range(2000)])
    # the largest weight comes to each of 5 places with probability 0.2: standard deviation 17.9
    assert np.abs(np.bincount(first, minlength=5) - 400).max() < 90


def test_noise_is_as_strong_as_the_weights_differ() -> None:
    weights = np.random.default_rng(0).normal(5.0, 2.0, 100_000).astype(np.float32)
    noise = perturbed("noise", 3.0, weights).weights - weights
    # s of the weights is 2 within 0.5 %, and so is that of the noise
    assert noise.std() == pytest.approx(3 * weights.std(), rel=0.02)
    assert abs(noise.mean()) < 0.1
    assert perturbed("noise", 3.0, weights).weights.dtype == np.float32
