"""The ring lattice by hand; its use with rewiring is tested with the initialiser."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.kernels.ring_lattice import ring_lattice


def test_by_hand() -> None:
    """Three rows at 0, 1, 2 of a ring of length 3 and six columns at 0, 0.5, ..., one link a column.

    The window of a column at x begins at floor(x - 1/2): -1, 0, 0, 1, 1, 2.
    """
    present = np.zeros(18, int)
    present[ring_lattice((3, 6), 6, rng=np.random.default_rng(0))] = 1
    assert present.reshape(3, 6).argmax(axis=0).tolist() == [2, 0, 0, 1, 1, 2]
    assert present.sum() == 6


@pytest.mark.parametrize("shape", [(30, 40), (40, 30), (25, 25), (1, 7)])
@pytest.mark.parametrize("share", [0.0, 0.13, 0.5, 1.0])
def test_links_are_exact_distinct_and_even(shape: tuple[int, int], share: float) -> None:
    n_links = round(share * shape[0] * shape[1])
    positions = ring_lattice(shape, n_links, rng=np.random.default_rng(1))
    assert positions.size == n_links
    assert (np.diff(positions) > 0).all()
    ends = positions % shape[1] if shape[1] >= shape[0] else positions // shape[1]
    degrees = np.bincount(ends, minlength=max(shape))
    assert degrees.max() - degrees.min() <= 1
