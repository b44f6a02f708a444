"""Writes MNIST or Fashion-MNIST as colour images of 3 x 32 x 32: a border of 2 zeros, the one channel three times.

    python analyses/survival_accuracy_tables/as_colour.py mnist mnist-3x32x32.npz

So the multilayer perceptron has 3,072 inputs on every data set, the only number that 003 gives (table 5).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from sparsegraph.data import load_data

_BORDER = 2


def as_colour(images: np.ndarray) -> np.ndarray:
    """Bytes of shape (n, 3, 32, 32) from pixels on [0, 1] of shape (n, 784)."""
    grey = np.rint(255 * images.reshape(-1, 1, 28, 28)).astype(np.uint8)
    padded = np.pad(grey, ((0, 0), (0, 0), (_BORDER, _BORDER), (_BORDER, _BORDER)))
    return np.repeat(padded, 3, axis=1)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", choices=("mnist", "fashion-mnist"))
    parser.add_argument("output", type=Path, help=".npz file to write")
    parser.add_argument("--data-dir", type=Path)
    chosen = parser.parse_args()
    data = load_data(chosen.data, folder=chosen.data_dir, normalise="unit")
    np.savez_compressed(
        chosen.output,
        train_images=as_colour(data.train.images),
        train_labels=data.train.labels,
        test_images=as_colour(data.test.images),
        test_labels=data.test.labels,
    )


if __name__ == "__main__":
    main()
