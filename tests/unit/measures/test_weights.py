"""Weight distributions worked out by hand."""

from __future__ import annotations

import graphs
import numpy as np
import pytest
from scipy import sparse, stats

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.separation import separation
from sparsegraph.measures.weights import weights
from sparsegraph.result import Undefined


def chain(*values: float) -> LayeredGraph:
    columns = np.arange(len(values))
    return LayeredGraph.from_matrices(
        [sparse.csr_array((np.array(values), (np.zeros_like(columns), columns)), shape=(1, len(values)))]
    )


def test_by_hand() -> None:
    found = weights(chain(-4.0, 0.0, 1.0, 2.0, 2.0), bins=2).whole
    assert (found.n_links, found.n_zero, found.share_zero, found.share_positive) == (5, 1, 0.2, 0.6)
    assert found.mean == pytest.approx(0.2)
    assert found.std == pytest.approx(np.sqrt(25 / 5 - 0.04))
    assert found.near_zero_gap == 0.5  # smallest 1, median of 1, 2, 2, 4 is 2
    assert found.quantiles["0.5"] == 1.0
    assert (found.quantiles["0"], found.quantiles["1"]) == (-4.0, 2.0)
    assert (found.edges, found.counts) == ((-4.0, -1.0, 2.0), (1, 4))


def test_kurtosis_is_that_of_scipy() -> None:
    block = graphs.erdos_renyi((50, 60), 0.3).blocks[0]
    found = weights(LayeredGraph.from_matrices([block.weights])).whole
    assert found.kurtosis == pytest.approx(stats.kurtosis(block.weights.data))


def test_equal_weights_have_no_kurtosis() -> None:
    found = weights(graphs.complete(3, 3)).whole
    assert isinstance(found.kurtosis, Undefined)
    assert (found.std, found.near_zero_gap, sum(found.counts)) == (0.0, 1.0, 9)


def test_nearly_equal_weights_still_have_a_histogram() -> None:
    assert sum(weights(chain(1.0, np.nextafter(1.0, 2.0))).whole.counts) == 2


def test_zeros_only_and_nothing_at_all() -> None:
    zeros = weights(chain(0.0, 0.0)).whole
    assert isinstance(zeros.near_zero_gap, Undefined)
    assert zeros.share_zero == 1.0
    nothing = weights(graphs.empty(2, 2)).whole
    assert isinstance(nothing.mean, Undefined)
    assert nothing.n_links == 0


def test_huge_weights_do_not_overflow() -> None:
    found = weights(chain(-1e308, 1e308, 5e307)).whole
    assert found.kurtosis == pytest.approx(stats.kurtosis([-2, 2, 1]))
    weights(chain(-1e308, 1e308)).to_dict()


def test_separation_by_hand() -> None:
    """|w| = 1, 3, 3, 4: F = 1/4, 3/4, 1 at 1, 3, 4; its majorant is the line from 0 to 1 at 4.

    The two of size 3 may be rounded from as low as 2, as the nearer neighbour is at 4: there the line is at 1/2 and F
    at 1/4.  The density is 1/4 over a length of 3 before, and 3/4 over 1 after.  2/4 - 1/4 is the share that is tied.
    """
    found = weights(chain(1.0, -3.0, 3.0, -4.0, 0.0)).whole.separation
    assert found.gap == pytest.approx(0.25)
    assert found.gap_at == 3.0
    assert found.gap_depth == pytest.approx(1 - (1 / 12) / (3 / 4))
    assert found.near_zero_ratio == 0.0
    assert found.median == 3.0
    assert (sum(found.profile), len(found.profile)) == (4, 96)
    assert found.gap_noise == pytest.approx(1.47 / 2 + 0.25 / 2)


def test_the_gap_is_the_distance_to_the_upper_hull() -> None:
    """Against the majorant by brute force: the highest chord over any two points of the distribution function."""
    absolute = np.sort(np.random.default_rng(3).gamma(2.0, size=60))
    x, y = np.append(0.0, absolute), np.arange(61) / 60
    down = np.minimum(np.diff(x), np.append(np.diff(x)[1:], np.inf))  # to the nearer neighbour
    expected = max(
        y[i] + (y[j] - y[i]) * (x[k] - down[k - 1] - x[i]) / (x[j] - x[i]) - y[k - 1]
        for k in range(1, 61)
        for i in range(k)
        for j in range(k, 61)
    )
    assert weights(chain(*absolute)).whole.separation.gap == pytest.approx(expected)


def test_equal_weights_have_no_gap() -> None:
    for values in ((1.0,), (0.5, 0.5, -0.5)):
        found = weights(chain(*values)).whole.separation
        assert found.gap == 0.0
        assert isinstance(found.gap_depth, Undefined)


def test_new_links_at_zero_hide_the_gap_from_the_share_and_from_bimodality_but_not_from_the_gap() -> None:
    rng = np.random.default_rng(0)
    lobes = rng.choice([-1.0, 1.0], 3000) * (1.0 + np.abs(rng.normal(size=3000)))
    bare = weights(chain(*lobes)).whole.separation
    filled = weights(chain(*lobes, *rng.normal(scale=0.05, size=800))).whole.separation
    assert bare.near_zero_ratio == 0.0
    assert filled.near_zero_ratio > 1.0
    assert filled.bimodality < 5 / 9 < bare.bimodality
    for found in (bare, filled):
        assert found.gap > 10 * found.gap_noise
        assert found.gap_depth > 0.9
        assert 0.8 < found.gap_at < 1.1


def test_bimodality_is_that_of_the_bias_corrected_moments_of_scipy() -> None:
    values = np.random.default_rng(1).gamma(3.0, size=200)
    n = values.size
    skewness, excess = stats.skew(values, bias=False), stats.kurtosis(values, bias=False)
    expected = (skewness**2 + 1) / (excess + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    assert weights(chain(*values)).whole.separation.bimodality == pytest.approx(expected)


def test_many_weights_are_counted_in_bins(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(2).gamma(2.0, size=5000)
    exact = separation(values)
    monkeypatch.setattr("sparsegraph.measures.separation.MOST_VALUES", 4000)
    assert separation(values).gap == pytest.approx(exact.gap, abs=0.005)


def test_units_and_tiny_weights() -> None:
    small, large = weights(chain(1.0, 3.0, 4.0)).whole.separation, weights(chain(1e300, 3e300, 4e300)).whole.separation
    assert (large.gap, large.gap_depth) == (pytest.approx(small.gap), pytest.approx(small.gap_depth))
    assert large.gap_at == pytest.approx(1e300 * small.gap_at)
    weights(chain(*[1.0] * 3, *[1e-310] * 10)).to_dict()
