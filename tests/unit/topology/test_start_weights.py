"""Start weights: their laws, and that they belong to positions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sparsegraph.graph.mask import Mask
from sparsegraph.topology.start_weights import START_WEIGHTS, swi

NAMES = sorted(START_WEIGHTS)


def random_mask(shape: tuple[int, int], n_links: int, seed: int) -> Mask:
    rng = np.random.default_rng(seed)
    return Mask(shape, np.sort(rng.choice(shape[0] * shape[1], n_links, replace=False)))


def draw(name: str, mask: Mask, seed: int = 0) -> np.ndarray:
    return START_WEIGHTS[name].function(mask, rng=np.random.default_rng(seed))


# Block 400 x 300 with 12,000 links, density 0.1: 40 links enter a target neuron on average.
@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("swi", stats.norm(0, np.sqrt(2 / 40))),
        ("kaiming", stats.norm(0, np.sqrt(2 / 400))),
        ("xavier", stats.norm(0, np.sqrt(2 / 700))),
        ("hundredth", stats.norm(0, 0.01)),
        ("torch-links", stats.uniform(-1 / np.sqrt(40), 2 / np.sqrt(40))),
    ],
)
def test_laws(name: str, law: stats.rv_continuous) -> None:
    weights = draw(name, random_mask((400, 300), 12_000, 1))
    assert weights.dtype == np.float32
    assert weights.shape == (12_000,)
    assert stats.kstest(weights, law.cdf).pvalue > 1e-3


def test_swi_of_a_complete_block_is_kaiming() -> None:
    mask = Mask.complete((30, 20))
    assert np.array_equal(draw("swi", mask), draw("kaiming", mask))


@pytest.mark.parametrize("name", NAMES)
def test_masks_agree_where_both_have_a_link(name: str) -> None:
    # Three parts of 2^20 positions, so that drawing in parts is tested too.
    one, other = (random_mask((3000, 900), 200_000, seed) for seed in (1, 2))
    common = np.intersect1d(one.positions, other.positions)
    assert common.size > 10_000
    a = draw(name, one)[np.searchsorted(one.positions, common)]
    b = draw(name, other)[np.searchsorted(other.positions, common)]
    assert np.array_equal(a, b)


def test_swi_keeps_the_second_moment_through_relu() -> None:
    """y = W'x with E[x^2] = 1/2 after ReLU of a standard normal: E[y^2] = 1 if sigma^2 = 2 / fan-in."""
    mask = random_mask((1000, 1000), 10_000, 3)
    rng = np.random.default_rng(4)
    x = np.maximum(rng.standard_normal((400, 1000)), 0)
    y = x @ mask.to_csr(swi(mask, rng=rng)).toarray()
    # Given the net, E[y^2] averages over 10,000 squared weights: standard error about sqrt(2 / 10,000) = 0.014.
    assert (y**2).mean() == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize("name", NAMES)
def test_no_link_no_weight(name: str) -> None:
    assert draw(name, Mask((4, 5), np.empty(0, np.int64))).shape == (0,)
