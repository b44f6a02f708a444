"""Agreement of partitions against igraph, and at its ends."""

from __future__ import annotations

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.kernels.partitions import adjusted_rand_index, normalised_mutual_information


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=2, max_size=40))
def test_as_igraph_has_it(pairs: list[tuple[int, int]]) -> None:
    first, second = np.array(pairs).T
    nmi, rand = normalised_mutual_information(first, second), adjusted_rand_index(first, second)
    assert nmi == pytest.approx(normalised_mutual_information(second, first), abs=1e-12)
    assert nmi == pytest.approx(igraph.compare_communities(first, second, method="nmi"), abs=1e-12)
    singles = all(np.unique(labels).size in (1, len(pairs)) for labels in (first, second))
    if not singles:  # igraph has no answer where chance leaves nothing to correct
        expected = igraph.compare_communities(first, second, method="adjusted_rand")
        assert rand == pytest.approx(expected, abs=1e-12)


def test_equal_partitions_are_one_whatever_they_are() -> None:
    for labels in (np.zeros(5, int), np.arange(5), np.array([7, 7, -1, 3, 3])):
        assert normalised_mutual_information(labels, labels) == pytest.approx(1.0, abs=1e-15)
        assert adjusted_rand_index(labels, labels) == 1.0
    one_thing = np.array([4])
    assert (normalised_mutual_information(one_thing, one_thing), adjusted_rand_index(one_thing, one_thing)) == (1, 1)


def test_independent_partitions_have_nothing_in_common() -> None:
    first, second = np.divmod(np.arange(600), 20)
    assert normalised_mutual_information(first, second) == pytest.approx(0.0, abs=1e-12)
    rng = np.random.default_rng(0)
    shuffled = [adjusted_rand_index(first, rng.permutation(first)) for _ in range(50)]
    assert abs(np.mean(shuffled)) < 0.005
