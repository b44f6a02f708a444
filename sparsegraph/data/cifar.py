"""CIFAR-10 and CIFAR-100, from their binary or their Python edition; CIFAR-10 as JPEG q75 is a set of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from sparsegraph.data.cifar_pickle import read_batch
from sparsegraph.data.cifar_q75 import EDITIONS as Q75_EDITIONS
from sparsegraph.data.cifar_records import BATCHES, PIXELS, binary_records, raw_of
from sparsegraph.data.published import Edition, PublishedFile, PublishedSet
from sparsegraph.data.source import Download, Raw, Source
from sparsegraph.errors import DataSetError

# MD5 of the archives: https://www.cs.toronto.edu/~kriz/cifar.html.  MD5 of the members: those of the Python edition are
# torchvision's; those of the binary one are held by several public projects (for CIFAR-100 by rai-project/dldataset).
MIRROR = "https://www.cs.toronto.edu/~kriz/"

BINARY_10 = (
    "5dd7e06a14cb22eb9f671a540d1b7c25",
    "5ea93a67294ea407fff1d09f752e9692",
    "942cd6a4bcdd0dd3c604fbe906cb4421",
    "ae636b3ba5c66a11e91e8cb52e771fcb",
    "53f37980c15c3d472c316c40844f3f0d",
    "803d5f7f4d78ea53de84dbe85f74fb6d",
)
PYTHON_10 = (
    "c99cafc152244af753f735de768cd75f",
    "d4bba439e000b95fd0a9bffe97cbabec",
    "54ebc095f3ab1f0389bbae665268c751",
    "634d18415352ddfa80567beed471001a",
    "482c414d41f54cd18b22e5b47cb7c3cb",
    "40351d587109b95175f43aff81a1287e",
)


def python_batches(
    contents: Mapping[str, np.ndarray], *, names: tuple[str, ...], label_key: str, n_classes: int
) -> Raw:
    """Data set in the pickled batches of the Python edition; the last one is the test part.

    Raises
    ------
    DataSetError
        If a batch holds anything but uint8 pixels and as many labels.
    """
    parts = []
    for name in names:
        batch = read_batch(contents[name].tobytes(), name=name)
        parts.append((_pixels(batch.get("data"), name), _labels(batch.get(label_key), name)))
    return raw_of(parts, names, n_classes)


def _pixels(data: Any, name: str) -> np.ndarray:
    if not isinstance(data, np.ndarray) or data.ndim != 2 or data.shape[1] != PIXELS:
        raise DataSetError(f"{name} holds no (n, {PIXELS}) pixels under 'data': use the binary edition")
    return data


def _labels(labels: Any, name: str) -> np.ndarray:
    if not isinstance(labels, list) or not all(type(label) is int for label in labels):
        raise DataSetError(f"{name} holds no list of labels: use the binary edition")
    return np.array(labels, np.int64)


def _editions_10() -> tuple[Edition, ...]:
    binary = tuple(PublishedFile(f"{name}.bin", 30_730_000, md5) for name, md5 in zip(BATCHES, BINARY_10, strict=True))
    python = tuple(PublishedFile(name, None, md5) for name, md5 in zip(BATCHES, PYTHON_10, strict=True))
    names = tuple(file.name for file in binary)
    return (
        Edition(
            binary,
            partial(binary_records, names=names, n_label_bytes=1, n_classes=10),
            ("cifar-10", "cifar-10-batches-bin"),
            "cifar-10-binary.tar.gz",
            "c32a1d4ab5d03f1284b67883e8d87530",
        ),
        Edition(
            python,
            partial(python_batches, names=BATCHES, label_key="labels", n_classes=10),
            ("cifar-10", "cifar-10-batches-py"),
            "cifar-10-python.tar.gz",
            "c58f30108f718f92721af3b95e74349a",
        ),
    )


def _editions_100() -> tuple[Edition, ...]:
    binary = (
        PublishedFile("train.bin", 153_700_000, "6172c7755cfe09b2fe270c85cebc1b15"),
        PublishedFile("test.bin", 30_740_000, "4499cfba6c016c1be1438163640a0898"),
    )
    python = (
        PublishedFile("train", None, "16019d7e3df5f24257cddd939b257f8d"),
        PublishedFile("test", None, "f0ef6b0ae62326f3e7ffdfab6717acfc"),
    )
    return (
        Edition(
            binary,
            partial(binary_records, names=("train.bin", "test.bin"), n_label_bytes=2, n_classes=100),
            ("cifar-100", "cifar-100-binary"),
            "cifar-100-binary.tar.gz",
            "03b5dce01913d631647c71ecec9e9cb8",
        ),
        Edition(
            python,
            partial(python_batches, names=("train", "test"), label_key="fine_labels", n_classes=100),
            ("cifar-100", "cifar-100-python"),
            "cifar-100-python.tar.gz",
            "eb9058c3a382ffc7106e4002c42a8d85",
        ),
    )


def _source(name: str, title: str, editions: tuple[Edition, ...], **known: Any) -> Source:
    best = editions[0]
    url = MIRROR + best.archive
    read = PublishedSet(title, editions, f"or download {best.archive} from {url} by --download (download=True)")
    downloads = (Download(name, best.archive, (url,), best.archive_md5),)
    return Source(name, title, read, n_validation=5000, downloads=downloads, **known)


SOURCES = (
    # mean and std of the 50,000 training images on [0, 1] as they are commonly printed
    _source(
        "cifar-10",
        "CIFAR-10",
        _editions_10(),
        mean=(0.4914, 0.4822, 0.4465),
        std=(0.2470, 0.2435, 0.2616),
    ),
    _source("cifar-100", "CIFAR-100", _editions_100()),
    # the same of the decoded JPEG images, measured on them
    Source(
        "cifar10-q75",
        "CIFAR-10 (JPEG q75)",
        PublishedSet(
            "CIFAR-10 (JPEG q75)",
            Q75_EDITIONS,
            "it is offered nowhere for download; the original, 'cifar-10', is",
        ),
        mean=(0.4913, 0.4821, 0.4465),
        std=(0.2452, 0.2428, 0.2606),
        n_validation=5000,
    ),
)
