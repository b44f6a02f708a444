"""EMNIST: files as NIST writes them, made up here in full and real in part."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.data import Source, load_data
from sparsegraph.data.emnist import emnist_source
from sparsegraph.data.idx import read_idx
from sparsegraph.data.mnist import idx_contents
from sparsegraph.data.published import PublishedSet
from sparsegraph.errors import MissingDataError


def idx(array: np.ndarray) -> bytes:
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.astype(np.uint8).tobytes()


def write(folder: Path, part: str, n_classes: int, first_label: int) -> None:
    """Two training images and one test image a class, each with a column of its class, stored transposed."""
    folder.mkdir(parents=True)
    for stage, n_each in (("train", 2), ("test", 1)):
        classes = np.repeat(np.arange(n_classes), n_each)
        images = np.zeros((classes.size, 28, 28))
        images[np.arange(classes.size), :, classes % 28] = 255
        stem = folder / f"emnist-{part}-{stage}"
        Path(f"{stem}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images.transpose(0, 2, 1))))
        Path(f"{stem}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(classes + first_label)))


@pytest.mark.parametrize(("part", "n_classes", "first_label"), [("letters", 26, 1), ("balanced", 47, 0)])
@pytest.mark.parametrize("is_archive", [False, True])
def test_upright_and_numbered_from_0(
    tmp_path: Path, part: str, n_classes: int, first_label: int, is_archive: bool
) -> None:
    write(tmp_path / "emnist", part, n_classes, first_label)
    source = emnist_source(part, n_classes=n_classes, first_label=first_label, samples=(2 * n_classes, n_classes))
    if is_archive:
        with zipfile.ZipFile(tmp_path / "gzip.zip", "w") as archive:
            for path in (tmp_path / "emnist").iterdir():
                archive.write(path, f"gzip/{path.name}")
                path.unlink()
        source = trusting(source, tmp_path / "gzip.zip")
    data = load_data(source, folder=tmp_path, normalise="unit")
    assert data.test.labels.tolist() == list(range(n_classes))
    assert np.bincount(data.train.labels).tolist() == n_classes * [2]
    third = data.test.images[2].reshape(28, 28)
    assert third[:, 2].tolist() == 28 * [1]
    assert third.sum() == 28
    assert data.checksum == ("MD5 of gzip.zip verified" if is_archive else "sizes verified, no MD5 is published")


def trusting(source: Source, path: Path) -> Source:
    """The source with the checksum of this archive in the place of NIST's."""
    assert isinstance(source.read, PublishedSet)
    edition = replace(source.read.editions[0], archive_md5=hashlib.md5(path.read_bytes()).hexdigest())
    return replace(source, read=replace(source.read, editions=(edition,)))


def test_real_letters_stand_upright(shared: Path) -> None:
    folder = shared / "data" / "emnist-letters-partial"
    stems = ("images-idx3", "labels-idx1")
    paths = [folder / f"emnist-letters-test-first10000-{stem}-ubyte.gz" for stem in stems]
    contents = {path.name: np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8) for path in paths}
    names = 2 * tuple(contents)
    raw = idx_contents(contents, names=names, n_classes=26, first_label=1, transposed=True)
    images, labels = raw.train
    # the first 10,000 test images: 800 of each of A to L and 400 of M (the labels' file is sorted)
    assert np.bincount(labels).tolist() == 12 * [800] + [400]
    assert np.array_equal(labels, read_idx(paths[1]).astype(int) - 1)
    # I, J and L are tall, M is wide: the spread of the ink from top to bottom over that from left to right
    for letter, is_tall in (("I", True), ("J", True), ("L", True), ("M", False)):
        ink = images[labels == ord(letter) - ord("A")].mean(axis=0).reshape(28, 28)
        from_top, from_left = (spread(ink.sum(axis=axis)) for axis in (1, 0))
        assert (from_top > 1.5 * from_left) if is_tall else (from_left > 1.5 * from_top), letter


def spread(ink: np.ndarray) -> float:
    """Variance of the place of the ink along one axis."""
    place = np.arange(ink.size)
    centre = np.average(place, weights=ink)
    return float(np.average((place - centre) ** 2, weights=ink))


def test_the_partial_files_are_no_complete_set(shared: Path) -> None:
    with pytest.raises(MissingDataError, match=r"biometrics\.nist\.gov"):
        load_data("emnist-letters", folder=shared / "data")
