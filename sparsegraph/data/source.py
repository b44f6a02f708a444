"""Where a named data set comes from: what an entry of the registry is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sparsegraph.registry import Registry


@dataclass(frozen=True, eq=False)
class Raw:
    """A data set as its files hold it, before any split or scaling.

    Parameters
    ----------
    train, test : tuple of numpy.ndarray
        Images of shape (n, features), of any real type, and labels of shape (n,) from 0; ``test`` is None where the
        files have no test part.
    image_shape : tuple of int
        Channels, height, width.
    n_classes : int
        Number of classes.
    span : tuple of float
        Values that stand for black and white, mapped to 0 and 1.
    checksum : str
        How the files were recognised.
    notes : tuple of str
        What a reader of results must know.
    """

    train: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray] | None
    image_shape: tuple[int, int, int]
    n_classes: int
    span: tuple[float, float] = (0.0, 255.0)
    checksum: str = "none"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """What a reader is given: folders to look in, the first one first, and the seed of what it draws."""

    roots: tuple[Path, ...]
    seed: int


@dataclass(frozen=True)
class Download:
    """A file as its makers offer it.

    Parameters
    ----------
    folder, name : str
        Where it goes under the data folder.
    urls : tuple of str
        Mirrors, tried in order.
    md5 : str
        Published checksum of the file as it is sent.
    """

    folder: str
    name: str
    urls: tuple[str, ...]
    md5: str


@dataclass(frozen=True)
class Source:
    """An entry of :data:`DATASETS`.

    Parameters
    ----------
    name, title : str
        Name to load it by, and name to print.
    read : callable
        From a :class:`Place` to a :class:`Raw`; raises ``MissingDataError`` where the files are not there.
    mean, std : tuple of float, optional
        Per channel, of the training images on [0, 1]; computed from them where not given.
    n_validation : int, optional
        Images that the split "survival" takes from the training part, the test part left as it is.  Without it that
        split pools all images.
    downloads : tuple of Download
        Files that make the set complete.
    """

    name: str
    title: str
    read: Callable[[Place], Raw]
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    n_validation: int | None = None
    downloads: tuple[Download, ...] = ()


def _fill() -> None:
    from sparsegraph.data import cifar, digits, emnist, mnist, patterns

    for module in (cifar, digits, emnist, mnist, patterns):
        for source in module.SOURCES:
            DATASETS.add(source.name, source)


DATASETS: Registry[Source] = Registry("data set", group="sparsegraph.data", fill=_fill)
"""Data sets by name.  Another package adds one through the entry-point group ``sparsegraph.data``: a module that calls
``DATASETS.add(name, Source(...))``."""
