"""The embedded digits: small enough to travel with the package."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from sparsegraph.data.dataset import Split
from sparsegraph.data.source import Place, Raw, Source


@dataclass(frozen=True)
class Digits:
    """Training and test part of the digits."""

    train: Split
    test: Split


def load_digits(*, rng: np.random.Generator, test_share: float = 0.2) -> Digits:
    """Handwritten digits, 1,797 images of 8 x 8 pixels in 10 classes, pixels scaled to [0, 1].

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
    pixels, labels = _stored()
    images = (pixels / 16).astype(np.float32)
    order = rng.permutation(labels.size)
    cut = round(test_share * labels.size)
    test, train = order[:cut], order[cut:]
    return Digits(Split(images[train], labels[train]), Split(images[test], labels[test]))


def _stored() -> tuple[np.ndarray, np.ndarray]:
    with (files("sparsegraph.data") / "digits.npz").open("rb") as stream, np.load(stream) as stored:
        return stored["images"].reshape(-1, 64), stored["labels"].astype(np.int64)


def _read(_: Place) -> Raw:
    return Raw(_stored(), None, (1, 8, 8), 10, (0.0, 16.0), checksum="embedded")


SOURCES = (Source("digits", "UCI digits", _read),)
