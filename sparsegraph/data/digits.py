"""The embedded digits: small enough to travel with the package."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np


@dataclass(frozen=True)
class Split:
    """Images as rows with values in [0, 1], float32 of shape (n, 64), and their classes, int64 of shape (n,)."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Digits:
    """Training and test part of the digits."""

    train: Split
    test: Split


def load_digits(*, rng: np.random.Generator, test_share: float = 0.2) -> Digits:
    """Handwritten digits, 1,797 images of 8 x 8 pixels in 10 classes.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the split.
    test_share : float
        Share of the images in the test part, in (0, 1).

    References
    ----------
    E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998),
    licensed under CC BY 4.0; the set's test part, pixels 0 to 16 scaled to [0, 1] here.
    """
    with (files("sparsegraph.data") / "digits.npz").open("rb") as stream:
        stored = np.load(stream)
        images = (stored["images"].reshape(-1, 64) / 16).astype(np.float32)
        labels = stored["labels"].astype(np.int64)
    order = rng.permutation(labels.size)
    cut = round(test_share * labels.size)
    test, train = order[:cut], order[cut:]
    return Digits(Split(images[train], labels[train]), Split(images[test], labels[test]))
