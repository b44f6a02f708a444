"""The binary records of CIFAR: label bytes, then the red, green and blue planes of 32 x 32 pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sparsegraph.data.source import Raw
from sparsegraph.errors import DataSetError

IMAGE_SHAPE = (3, 32, 32)
PIXELS = 3072

BATCHES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch")


def binary_records(
    contents: Mapping[str, np.ndarray], *, names: tuple[str, ...], n_label_bytes: int, n_classes: int
) -> Raw:
    """Data set in files of fixed-length records; the last file is the test part.

    Parameters
    ----------
    contents : mapping
        Bytes by name.
    names : tuple of str
        Files in order.
    n_label_bytes : int
        Label bytes of a record; the last one is the class (CIFAR-100 has the coarse class before it).
    n_classes : int
        Classes are 0 to ``n_classes - 1``.

    Raises
    ------
    DataSetError
        If a file is no whole number of records, or holds other classes.
    """
    length = n_label_bytes + PIXELS
    parts = []
    for name in names:
        content = contents[name]
        if content.size % length:
            raise DataSetError(f"{name} has {content.size} bytes; expected records of {length}: get the file again")
        records = content.reshape(-1, length)
        parts.append((records[:, n_label_bytes:], records[:, n_label_bytes - 1].astype(np.int64)))
    return raw_of(parts, names, n_classes)


def raw_of(parts: Sequence[tuple[np.ndarray, np.ndarray]], names: Sequence[str], n_classes: int) -> Raw:
    """Data set out of batches of pixels and labels, the last one being the test part.

    Raises
    ------
    DataSetError
        If a batch has other classes, or not one label for each image.
    """
    for (images, labels), name in zip(parts, names, strict=True):
        if labels.shape != images.shape[:1] or (labels.size and not 0 <= labels.min() <= labels.max() < n_classes):
            raise DataSetError(
                f"{name} holds {len(labels)} labels, the largest {labels.max(initial=0)}, for {len(images)} images; "
                f"expected one of 0 to {n_classes - 1} for each: get the file again"
            )
    train = parts[:-1]
    images = train[0][0] if len(train) == 1 else np.concatenate([batch for batch, _ in train])
    return Raw((images, np.concatenate([labels for _, labels in train])), parts[-1], IMAGE_SHAPE, n_classes)
