"""MNIST and Fashion-MNIST, from the four idx files of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from sparsegraph.data.idx import parse_idx
from sparsegraph.data.published import Edition, PublishedFile, PublishedSet
from sparsegraph.data.source import Download, Raw, Source
from sparsegraph.errors import DataSetError

STEMS = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
"""Images and labels for training, images and labels for the test."""


def idx_contents(
    contents: Mapping[str, np.ndarray], *, names: tuple[str, ...], n_classes: int, first_label: int, transposed: bool
) -> Raw:
    """A data set out of four idx files: square images of one channel, and their labels.

    Parameters
    ----------
    contents : mapping
        Bytes by name.
    names : tuple of str
        Training images and labels, test images and labels.
    n_classes, first_label : int
        Labels are ``first_label`` to ``first_label + n_classes - 1``; they become 0 to ``n_classes - 1``.
    transposed : bool
        Whether the files hold columns where rows are expected.

    Raises
    ------
    DataSetError
        If a file is no idx file, or images and labels do not fit together.
    """
    arrays = [parse_idx(contents[name], name=name) for name in names]
    parts = []
    for (images, image_name), (labels, label_name) in zip(
        zip(arrays[::2], names[::2], strict=True), zip(arrays[1::2], names[1::2], strict=True), strict=True
    ):
        if images.ndim != 3 or images.shape[1:] != (28, 28) or labels.shape != images.shape[:1]:
            raise DataSetError(
                f"{image_name} has shape {images.shape} and {label_name} {labels.shape}; "
                "expected (n, 28, 28) and (n,): get the files again"
            )
        classes = labels.astype(np.int64) - first_label
        if classes.size and not 0 <= classes.min() <= classes.max() < n_classes:
            raise DataSetError(
                f"{label_name} holds labels {labels.min()} to {labels.max()}; "
                f"expected {first_label} to {first_label + n_classes - 1}: get the file again"
            )
        upright = images.transpose(0, 2, 1) if transposed else images
        parts.append((upright.reshape(len(images), -1), classes))
    return Raw(parts[0], parts[1], (1, 28, 28), n_classes)


def _source(
    name: str, title: str, md5: tuple[str, ...], packed_md5: tuple[str, ...], mirrors: tuple[str, ...]
) -> Source:
    sizes = (16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000)
    files = tuple(PublishedFile(*file) for file in zip(STEMS, sizes, md5, strict=True))
    decode = partial(idx_contents, names=STEMS, n_classes=10, first_label=0, transposed=False)
    folders = (name, f"{title.replace('-', '')}/raw")
    read = PublishedSet(
        title, (Edition(files, decode, folders),), f"or download it from {mirrors[0]} by --download (download=True)"
    )
    downloads = tuple(
        Download(name, f"{stem}.gz", tuple(f"{mirror}{stem}.gz" for mirror in mirrors), digest)
        for stem, digest in zip(STEMS, packed_md5, strict=True)
    )
    # mean and std of the 60,000 training images on [0, 1], to four digits as everyone prints them
    mean, std = {"mnist": (0.1307, 0.3081), "fashion-mnist": (0.2860, 0.3530)}[name]
    return Source(name, title, read, (mean,), (std,), downloads=downloads)


# The MD5 of the packed files are those that the makers (Fashion-MNIST's README) and torchvision publish; the MD5 of
# the contents are those of these packed files unpacked.
SOURCES = (
    _source(
        "mnist",
        "MNIST",
        (
            "6bbc9ace898e44ae57da46a324031adb",
            "a25bea736e30d166cdddb491f175f624",
            "2646ac647ad5339dbf082846283269ea",
            "27ae3e4e09519cfbb04c329615203637",
        ),
        (
            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3",
            "ec29112dd5afa0611ce80d1b7f02629c",
        ),
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
    ),
    _source(
        "fashion-mnist",
        "Fashion-MNIST",
        (
            "f4a8712d7a061bf5bd6d2ca38dc4d50a",
            "9018921c3c673c538a1fc5bad174d6f9",
            "8181f5470baa50b63fa0f6fddb340f0a",
            "15d484375f8d13e6eb1aabb0c3f46965",
        ),
        (
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
            "bb300cfdad3c16e7a12a480ee83cd310",
        ),
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
    ),
)
