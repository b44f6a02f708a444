"""A made-up set that can be learned: for tests and for a first try without files."""

from __future__ import annotations

from functools import partial

import numpy as np

from sparsegraph.data.source import Place, Raw, Source
from sparsegraph.rng import rng_for


def synthetic(
    *,
    n_train: int = 2000,
    n_test: int = 500,
    image_shape: tuple[int, int, int] = (1, 8, 8),
    n_classes: int = 10,
    noise: float = 0.25,
) -> Source:
    """Images of noisy patterns, one pattern a class; the seed of ``load_data`` draws patterns, labels and noise.

    A pixel is its pattern's value, uniform on [0, 1], plus normal noise of standard deviation ``noise``, cut to [0, 1]
    and stored as a byte.  Classes are as equal in number as they can be.

    Parameters
    ----------
    n_train, n_test : int
        Images of the two parts, at least one a class for training.
    image_shape : tuple of int
        Channels, height, width.
    n_classes : int
        Number of classes.
    noise : float
        The larger the harder.

    Examples
    --------
    >>> from sparsegraph.data import load_data, synthetic
    >>> load_data(synthetic(n_train=100, n_classes=2), seed=1).train.images.shape
    (100, 64)
    """
    read = partial(_draw, sizes=(n_train, n_test), image_shape=image_shape, n_classes=n_classes, noise=noise)
    return Source("synthetic", f"synthetic patterns (noise {noise:g})", read)


def _draw(
    place: Place, *, sizes: tuple[int, int], image_shape: tuple[int, int, int], n_classes: int, noise: float
) -> Raw:
    rng = rng_for(place.seed, "data", "synthetic")
    patterns = rng.random((n_classes, int(np.prod(image_shape))), dtype=np.float32)

    def part(n_images: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.permutation(np.arange(n_images, dtype=np.int64) % n_classes)
        images = patterns[labels] + np.float32(noise) * rng.standard_normal((n_images, patterns.shape[1]), np.float32)
        return np.rint(255 * images.clip(0, 1)).astype(np.uint8), labels

    return Raw(part(sizes[0]), part(sizes[1]), image_shape, n_classes, checksum="made from the seed")


SOURCES = (synthetic(),)
