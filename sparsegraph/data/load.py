"""The one door to data: a name to a data set, split and normalised."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from sparsegraph.data.arrays import npz_source
from sparsegraph.data.dataset import DataSet, Split
from sparsegraph.data.downloading import download as fetch
from sparsegraph.data.normalise import channel_moments, normalised
from sparsegraph.data.places import data_folders
from sparsegraph.data.source import DATASETS, Place, Raw, Source
from sparsegraph.data.splits import parts_of
from sparsegraph.errors import DataError, MissingDataError, UnknownNameError
from sparsegraph.rng import rng_for

NORMALISATIONS = ("standard", "unit")
"""Pixels on [0, 1], and these minus mean over standard deviation of the training images, per channel."""


def load_data(
    name: str | os.PathLike[str] | Source,
    *,
    folder: str | os.PathLike[str] | None = None,
    split: str = "standard",
    normalise: str = "standard",
    seed: int = 0,
    download: bool = False,
) -> DataSet:
    """A data set by its name, from the original files.

    Parameters
    ----------
    name : str, path or Source
        A name in :data:`~sparsegraph.data.DATASETS`, the path of a ``.npz`` file with arrays of your own (see
        :func:`~sparsegraph.data.npz_source`), or a source as an object.
    folder : path, optional
        Data folder, the only place searched.  By default that in ``SPARSEGRAPH_DATA``, then the user's cache.  Files
        lie in ``folder/<name>/`` or in ``folder`` itself.
    split : {"standard", "survival"}
        "standard": the makers' training and test part; where they give one part, 20 % of each class are the test.
        "survival": with a validation part as in Survival of the Most Connected, table 6: all images pooled, 77, 9 and
        14 % of each class (MNIST 53,900, 6,300, 9,800); for CIFAR 45,000 and 5,000 of the training part, the test part
        as it is.
    normalise : {"standard", "unit"}
        "unit": pixels on [0, 1].  "standard": these minus the mean, divided by the standard deviation, per channel:
        constants of the training part (0.1307 and 0.3081 for MNIST).
    seed : int
        Draws the split, where one is drawn, and the synthetic set.
    download : bool
        Whether missing files may be fetched from the makers' servers.  Nothing is fetched without it.

    Raises
    ------
    MissingDataError
        If the files are not there; the message names them, and where to put them.
    DataSetError
        If a file is damaged, or not the published one.
    UnknownNameError
        If there is no data set, split or normalisation of that name.

    Notes
    -----
    The [0, 1] pixels for CSTI are ``data.pixels(data.train.images)`` or those of ``normalise="unit"``; the Pearson
    correlation of two features is the same either way up to rounding, as each feature is scaled by itself.  But a
    feature that is constant is exactly 0 only on [0, 1]: elsewhere rounding in its mean may hide that.

    Bytes are turned into floats piece by piece: beside the float32 images (4 bytes a value, made once) memory holds the
    original bytes while loading.

    Examples
    --------
    >>> data = load_data("digits", normalise="unit")
    >>> data.train.images.shape, data.image_shape, data.n_classes
    ((1438, 64), (1, 8, 8), 10)
    """
    if normalise not in NORMALISATIONS:
        raise UnknownNameError(f"there is no normalisation named {normalise!r}; known are: {', '.join(NORMALISATIONS)}")
    source = _source(name)
    place = Place(data_folders(folder), seed)
    raw = _read(source, place, download=download)
    parts = parts_of(raw, source, split, rng_for(seed, "data", "split"))
    mean, std = _moments(source, raw, normalise, parts["train"])
    splits = {
        part: Split(normalised(images, rows, raw.span, mean, std), labels if rows is None else labels[rows])
        for part, (images, labels, rows) in parts.items()
    }
    return DataSet(
        name=source.name,
        title=source.title,
        train=splits["train"],
        test=splits["test"],
        validation=splits.get("validation"),
        image_shape=raw.image_shape,
        n_classes=raw.n_classes,
        split=split,
        seed=seed,
        normalise=normalise,
        mean=mean,
        std=std,
        checksum=raw.checksum,
        notes=raw.notes,
    )


def _source(name: str | os.PathLike[str] | Source) -> Source:
    if isinstance(name, Source):
        return name
    text = os.fspath(name)
    if text.endswith(".npz"):
        return npz_source(text)
    if text not in DATASETS and Path(text).exists():
        raise DataError(f"{text}: data of your own are the arrays of a .npz file; see numpy.savez and docs/data.md")
    return DATASETS[text]


def _read(source: Source, place: Place, *, download: bool) -> Raw:
    try:
        return source.read(place)
    except MissingDataError:
        if not (download and source.downloads):
            raise
    fetch(source, folder=place.roots[0])
    return source.read(place)


def _moments(
    source: Source, raw: Raw, normalise: str, train: tuple[np.ndarray, np.ndarray, np.ndarray | None]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    n_channels = raw.image_shape[0]
    if normalise == "unit":
        return (0.0,) * n_channels, (1.0,) * n_channels
    if source.mean is not None and source.std is not None:
        return source.mean, source.std
    images, _, rows = train
    return channel_moments(images, rows, n_channels, raw.span)
