"""Random crops and mirror images of a batch, all samples at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CropAndFlip:
    """Pad, crop at random back to the old size, mirror every second image or so.

    Parameters
    ----------
    rng : numpy.random.Generator
        Drawn from at each call.
    padding : int
        Pixels on each side.
    fill : float
        Value of the padding; 0 is the mean of normalised images.

    References
    ----------
    K. He, X. Zhang, S. Ren, J. Sun, Deep residual learning for image recognition, CVPR 2016, section 4.2.
    """

    rng: np.random.Generator
    padding: int = 4
    fill: float = 0.0

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Changed copies of images of shape (batch, channels, height, width)."""
        n_images, _, height, width = images.shape
        wide = ((0, 0), (0, 0), (self.padding, self.padding), (self.padding, self.padding))
        padded = np.pad(images, wide, constant_values=self.fill)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(2, 3))
        top, left = self.rng.integers(0, 2 * self.padding + 1, (2, n_images))
        cropped = windows[np.arange(n_images), :, top, left]
        mirrored = self.rng.random(n_images) < 0.5
        cropped[mirrored] = cropped[mirrored][..., ::-1]
        return np.ascontiguousarray(cropped)
