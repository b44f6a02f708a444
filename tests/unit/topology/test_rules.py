"""Uniform regrowth on arrays: laws and its distribution."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.topology.initialise import erdos_renyi
from sparsegraph.topology.regrowth import uniform


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_regrowth_returns_distinct_absent_links(n_source: int, n_target: int, data: st.DataObject) -> None:
    shape = (n_source, n_target)
    n_links = data.draw(st.integers(0, n_source * n_target))
    n_added = data.draw(st.integers(0, n_source * n_target - n_links))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    present = erdos_renyi([shape], [n_links], rng=rng)[0].positions
    added = uniform(present, shape, n_added, rng=rng)
    assert np.unique(present).size == n_links
    assert np.unique(added).size == n_added
    assert not np.isin(added, present).any()
    assert added.size == 0 or (added.min() >= 0 and added.max() < n_source * n_target)


def test_regrowth_is_uniform_over_the_absent_links() -> None:
    rng = np.random.default_rng(3)
    present = np.array([0, 1, 4, 8])  # 3 x 3: five absent positions
    drawn = np.concatenate([uniform(present, (3, 3), 2, rng=rng) for _ in range(5000)])
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [2, 3, 5, 6, 7]
    assert stats.chisquare(counts).pvalue > 1e-4
