"""Ring lattices by hand and in size; distributions are under recovery."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.errors import DataError
from sparsegraph.topology.small_world import bipartite_small_world


def lattice(shape: tuple[int, int], n_links: int, seed: int = 0) -> np.ndarray:
    (mask,) = bipartite_small_world([shape], [n_links], rng=np.random.default_rng(seed), beta=0.0)
    return mask.to_array()


def test_neighbours_on_the_ring_by_hand() -> None:
    """Three sources at 0, 1, 2 and six targets at 0, 0.5, ..., 2.5 of a ring of length 3; two links a target.

    The window of a target at x begins at floor(x - 1): targets 0 and 1 see sources 2 and 0.
    """
    expected = [
        [1, 1, 1, 1, 0, 0],
        [0, 0, 1, 1, 1, 1],
        [1, 1, 0, 0, 1, 1],
    ]
    assert lattice((3, 6), 12).astype(int).tolist() == expected


def test_roles_go_by_size() -> None:
    assert np.array_equal(lattice((6, 3), 12), lattice((3, 6), 12).T)


@pytest.mark.parametrize("n_links", [160, 163, 199, 399])
def test_degrees_of_the_larger_side_differ_by_one_at_most(n_links: int) -> None:
    present = lattice((10, 40), n_links)
    degrees = present.sum(axis=0)
    n_more = n_links % 40
    assert np.bincount(degrees, minlength=n_links // 40 + 2)[n_links // 40 :][:2].tolist() == [40 - n_more, n_more]
    assert present.sum() == n_links


def test_which_neurons_have_one_link_more_is_random() -> None:
    assert not np.array_equal(lattice((10, 40), 60, seed=0), lattice((10, 40), 60, seed=1))


def test_the_rewired_share_is_checked() -> None:
    for beta in (-0.1, 1.1, float("nan")):
        with pytest.raises(DataError, match="between 0 and 1"):
            bipartite_small_world([(3, 3)], [2], rng=np.random.default_rng(0), beta=beta)
