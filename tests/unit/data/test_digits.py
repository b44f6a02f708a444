"""The embedded digits are those of the UCI test part."""

from __future__ import annotations

import numpy as np

from sparsegraph.data.digits import load_digits
from sparsegraph.rng import rng_for


def test_counts_of_the_classes() -> None:
    digits = load_digits(rng=rng_for(0))
    labels = np.concatenate([digits.train.labels, digits.test.labels])
    # class counts of optdigits.tes, from the repository's description of the set
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert digits.train.images.shape == (1438, 64)
    assert digits.train.images.dtype == np.float32
    assert (digits.train.images.min(), digits.train.images.max()) == (0, 1)
