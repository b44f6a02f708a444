"""A data set as arrays: its parts, and what was done to its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Split:
    """One part of a data set.

    Parameters
    ----------
    images : numpy.ndarray
        Shape (n, features), float32, C order: one image a row, channel by channel, each row by row.
    labels : numpy.ndarray
        Shape (n,), int64, classes from 0.
    """

    # Writable: torch.from_numpy warns of read-only arrays, and compiled kernels would need a second version for them.
    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class DataSet:
    """A named data set, split and normalised, with all that a run must say about it.

    Parameters
    ----------
    name, title : str
        Name to load it by, and name to print; both tell a lossy variant from the original.  For a ``.npz`` of one's own
        both are the file's name, wherever it lies; ``checksum`` tells its content.
    train, test : Split
        Parts for training and for the reported accuracy.
    validation : Split or None
        Part between them; only some splits have one.
    image_shape : tuple of int
        Channels, height, width.
    n_classes : int
        Number of classes.
    split, seed
        Rule that made the parts, and the seed of what it drew.
    normalise : str
        "standard" or "unit".
    mean, std : tuple of float
        Per channel, of pixels on [0, 1]: ``images = (pixels - mean) / std``; 0 and 1 under "unit".
    checksum : str
        How the files were recognised.
    notes : tuple of str
        What else a reader of the results must know.
    """

    name: str
    title: str
    train: Split
    test: Split
    validation: Split | None
    image_shape: tuple[int, int, int]
    n_classes: int
    split: str
    seed: int
    normalise: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    checksum: str
    notes: tuple[str, ...] = ()

    @property
    def n_features(self) -> int:
        """Values of one image."""
        return int(np.prod(self.image_shape))

    def pixels(self, images: np.ndarray) -> np.ndarray:
        """Images of this set with the normalisation undone: float32 on [0, 1], same shape, a new array."""
        per_channel = self.n_features // self.image_shape[0]
        mean, std = (np.repeat(np.array(values, np.float32), per_channel) for values in (self.mean, self.std))
        return images * std + mean

    def to_dict(self) -> dict[str, Any]:
        """What a run records about its data: everything but the arrays, ready for JSON."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        return {
            "name": self.name,
            "title": self.title,
            "samples": {part: len(split) for part, split in parts.items() if split is not None},
            "image_shape": list(self.image_shape),
            "n_classes": self.n_classes,
            "split": self.split,
            "seed": self.seed,
            "normalise": self.normalise,
            "mean": list(self.mean),
            "std": list(self.std),
            "checksum": self.checksum,
            "notes": list(self.notes),
        }
