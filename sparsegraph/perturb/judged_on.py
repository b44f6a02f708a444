"""The images that a net is judged on: those of its run, or those that the user names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sparsegraph.arguments import whole
from sparsegraph.data.dataset import DataSet, Split
from sparsegraph.data.load import load_data
from sparsegraph.errors import DataError
from sparsegraph.rng import rng_for

_SAME = ("checksum", "image_shape", "n_classes", "mean", "std")


@dataclass(frozen=True)
class Images:
    """The test part of a data set, or some of it, and in words what it is.

    Parameters
    ----------
    test : Split
    n_available : int
        Images of the whole test part.
    data : DataSet
    """

    test: Split
    n_available: int
    data: DataSet

    @property
    def text(self) -> str:
        """Such as ``MNIST, 10,000 test images, split standard, normalisation standard``."""
        n = f"{len(self.test):,} test images"
        if len(self.test) < self.n_available:
            n = f"{len(self.test):,} of {self.n_available:,} test images, drawn at random"
        return f"{self.data.title}, {n}, split {self.data.split}, normalisation {self.data.normalise}"

    def drawn(self, n_samples: int | None, *, seed: int) -> Images:
        """At most so many of the images, drawn without replacement; the same ones for every net."""
        if n_samples is None or whole("n_samples", n_samples, least=1, of="images") >= len(self.test):
            return self
        chosen = rng_for(seed, "perturb", "samples").choice(len(self.test), n_samples, replace=False)
        chosen.sort()
        return replace(self, test=Split(self.test.images[chosen], self.test.labels[chosen]))


def named_images(
    name: str | os.PathLike[str],
    *,
    normalise: str = "standard",
    split: str = "standard",
    folder: str | os.PathLike[str] | None = None,
    download: bool = False,
) -> Images:
    """Test images of a data set; options as of :func:`sparsegraph.data.load_data`."""
    data = load_data(name, normalise=normalise, split=split, folder=folder, download=download)
    return Images(data.test, len(data.test), data)


def recorded_images(
    record: Mapping[str, Any],
    *,
    name: str | os.PathLike[str] | None = None,
    folder: str | os.PathLike[str] | None = None,
    download: bool = False,
) -> Images:
    """Test images of the data that a run has recorded: same split, seed and normalisation.

    Parameters
    ----------
    record : mapping
        As :meth:`sparsegraph.data.DataSet.to_dict` gives it.
    name : str or path, optional
        Where the data are now, if not under the recorded name.
    folder : path, optional
        Data folder.
    download : bool
        Whether missing data may be fetched from their makers.

    Raises
    ------
    DataError
        If the data are not those of the record; says in what.
    """
    try:
        asked = name or str(record["name"])
        options = {"split": record["split"], "normalise": record["normalise"], "seed": record["seed"]}
        expected = {key: record[key] for key in _SAME}
    except KeyError as missing:
        raise DataError(f"the run does not record the {missing} of its data; it cannot be judged as recorded") from None
    data = load_data(asked, folder=folder, download=download, **options)
    found = data.to_dict()
    for key, value in expected.items():
        if found[key] != value:
            trained = record.get("title", record["name"])
            raise DataError(
                f"the run was trained on {trained} ({key} {value}), not on {data.title} ({found[key]}); name the former"
            )
    return Images(data.test, len(data.test), data)
