"""Densities of blocks and exact link counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.errors import DataError
from sparsegraph.topology.density import erdos_renyi, erk, link_counts, uniform

SURVIVAL_MLP = [(3072, 1024), (1024, 512), (512, 10)]
linear_shapes = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=6)


def test_the_survival_net_at_five_per_cent() -> None:
    """Requirements, section H: 0.0413, 0.0929, 1.0 with 183,757 links, that is 5 % of the weights."""
    densities = erk(SURVIVAL_MLP, 0.05)
    assert [round(d, 4) for d in densities] == [0.0413, 0.0929, 1.0]
    n_possible = sum(math.prod(shape) for shape in SURVIVAL_MLP)
    assert round(0.05 * n_possible) == 183_757
    counts = link_counts(SURVIVAL_MLP, densities, total=183_757)
    assert sum(counts) == 183_757
    assert counts[2] == 5120
    # The same section: mean degrees 42.3 of inputs, 174.5 and 105.2 of the hidden layers.
    assert counts[0] / 3072 == pytest.approx(42.3, abs=0.05)
    assert (counts[0] + counts[1]) / 1024 == pytest.approx(174.5, abs=0.05)
    assert (counts[1] + counts[2]) / 512 == pytest.approx(105.2, abs=0.05)


@given(linear_shapes, st.floats(0.001, 1.0))
def test_scaled_densities_add_up_and_stay_below_one(shapes: list[tuple[int, int]], density: float) -> None:
    densities = erk(shapes, density)
    n_links = sum(d * math.prod(s) for d, s in zip(densities, shapes, strict=True))
    assert n_links == pytest.approx(density * sum(math.prod(s) for s in shapes), rel=1e-9)
    assert all(0 < d <= 1 for d in densities)
    assert densities == erdos_renyi(shapes, density)
    assert densities == pytest.approx(erk([s[::-1] for s in shapes], density), rel=1e-12)


@given(linear_shapes, st.floats(0.001, 1.0))
def test_densities_below_one_share_one_factor(shapes: list[tuple[int, int]], density: float) -> None:
    factors = [d * math.prod(s) / sum(s) for d, s in zip(erk(shapes, density), shapes, strict=True) if d < 1]
    assert factors == pytest.approx([factors[0]] * len(factors) if factors else [], rel=1e-9)


def test_kernels_count_in_erk_and_not_in_er() -> None:
    shapes = [(16, 32, 3, 3), (32, 64, 3, 3), (64, 64, 1, 1)]
    kernel, plain = erk(shapes, 0.1), erdos_renyi(shapes, 0.1)
    assert kernel[0] / kernel[1] == pytest.approx((16 + 32 + 6) / (16 * 32) / ((32 + 64 + 6) / (32 * 64)))
    assert plain[0] / plain[1] == pytest.approx((16 + 32) / (16 * 32) / ((32 + 64) / (32 * 64)))


@given(linear_shapes, st.floats(0.001, 1.0))
def test_counts_reach_the_total_within_one_link_of_each_share(shapes: list[tuple[int, int]], density: float) -> None:
    densities = erk(shapes, density)
    sizes = [math.prod(shape) for shape in shapes]
    total = round(density * sum(sizes))
    counts = link_counts(shapes, densities, total)
    assert sum(counts) == total
    for count, size, d in zip(counts, sizes, densities, strict=True):
        assert 0 <= count <= size
        assert abs(count - d * size) < 1 + 1e-6


def test_equal_blocks_get_equally_many_links_without_a_total() -> None:
    shapes = [(784, 784)] * 3  # a share of 6146.56
    assert link_counts(shapes, uniform(shapes, 0.01)) == [6147] * 3


@pytest.mark.parametrize("density", [0.0, -0.1, 1.1, math.nan])
@pytest.mark.parametrize("rule", [uniform, erdos_renyi, erk])
def test_impossible_densities_are_refused(rule, density: float) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError, match="density"):
        rule([(4, 5)], density)


def test_impossible_totals_are_refused() -> None:
    with pytest.raises(DataError, match="cannot be had"):
        link_counts([(4, 5)], [0.5], total=12)
    with pytest.raises(DataError, match="cannot be had"):
        link_counts([(4, 5)], [1.0], total=21)
    with pytest.raises(DataError, match="between 0 and 1"):
        link_counts([(4, 5)], [1.5])
