"""CIFAR: records and pickled batches made here in the form of the originals; the JPEG variant from its real file."""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sparsegraph.data import DATASETS, DataSet, Source, load_data
from sparsegraph.data.cifar_pickle import read_batch
from sparsegraph.data.cifar_q75 import FIRST_ROW, from_batches
from sparsegraph.data.cifar_records import BATCHES, PIXELS, binary_records
from sparsegraph.data.published import Edition, PublishedSet
from sparsegraph.errors import DataSetError, MissingDataError

FILES = {"cifar-10": (BATCHES, 10), "cifar-100": (("train", "test"), 100)}
EACH = 20


def batches(name: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pixels and labels of made-up batches."""
    names, n_classes = FILES[name]
    rng = np.random.default_rng(0)
    return {batch: (rng.integers(0, 256, (EACH, PIXELS), np.uint8), np.arange(EACH) * 7 % n_classes) for batch in names}


class Python2(pickle._Pickler):
    """Writes bytes as the strings of Python 2, in which the originals are written."""

    def save_bytes(self, obj: bytes) -> None:
        self.write(b"T" + struct.pack("<i", len(obj)) + obj)
        self.memoize(obj)

    dispatch = {**pickle._Pickler.dispatch, bytes: save_bytes}  # noqa: RUF012


def pickled(content: object) -> bytes:
    file = io.BytesIO()
    Python2(file, protocol=2).dump(content)
    return file.getvalue()


def binary_files(name: str) -> dict[str, bytes]:
    coarse = name == "cifar-100"
    return {
        f"{batch}.bin": np.hstack([*([labels[:, None] // 5] if coarse else []), labels[:, None], pixels])
        .astype(np.uint8)
        .tobytes()
        for batch, (pixels, labels) in batches(name).items()
    }


def python_files(name: str) -> dict[str, bytes]:
    key = b"fine_labels" if name == "cifar-100" else b"labels"
    return {
        batch: pickled({b"data": pixels, key: labels.tolist(), b"filenames": [b"a.png"] * EACH})
        for batch, (pixels, labels) in batches(name).items()
    }


def expecting(name: str, files: dict[str, bytes], archive: bytes = b"") -> Source:
    """The source of that name, with sizes and checksums of these files in the place of the originals'."""
    source = DATASETS[name]
    assert isinstance(source.read, PublishedSet)

    def of(edition: Edition) -> Edition:
        known = tuple(
            replace(file, size=len(files[file.name]), md5=hashlib.md5(files[file.name]).hexdigest())
            for file in edition.files
        )
        return replace(edition, files=known, archive_md5=hashlib.md5(archive).hexdigest())

    matching = tuple(of(edition) for edition in source.read.editions if edition.files[0].name in files)
    return replace(source, read=replace(source.read, editions=matching))


@pytest.mark.parametrize("name", ["cifar-10", "cifar-100"])
@pytest.mark.parametrize("edition", [binary_files, python_files])
@pytest.mark.parametrize("is_archive", [False, True])
def test_both_editions_hold_the_same(tmp_path: Path, name: str, edition: Any, is_archive: bool) -> None:
    files, folder = edition(name), tmp_path / name
    folder.mkdir()
    archive = b""
    if is_archive:
        form = "binary" if edition is binary_files else "python"
        path = folder / f"{name}-{form}.tar.gz"
        with tarfile.open(path, "w:gz") as tape:
            for member, content in reversed(files.items()):
                entry = tarfile.TarInfo(f"{name}-batches/{member}")
                entry.size = len(content)
                tape.addfile(entry, io.BytesIO(content))
        archive = path.read_bytes()
    else:
        for member, content in files.items():
            (folder / member).write_bytes(content)
    data = load_data(expecting(name, files, archive), folder=tmp_path, normalise="unit")
    made = list(batches(name).values())
    pixels = np.concatenate([pixels for pixels, _ in made[:-1]])
    assert np.array_equal(np.rint(255 * data.train.images), pixels)
    assert np.array_equal(np.rint(255 * data.test.images), made[-1][0])
    assert np.array_equal(data.train.labels, np.concatenate([labels for _, labels in made[:-1]]))
    assert data.test.labels.tolist() == made[-1][1].tolist()
    assert (data.image_shape, data.n_classes) == ((3, 32, 32), FILES[name][1])


@pytest.mark.parametrize("name", ["cifar-10", "cifar-100"])
def test_other_files_of_these_names_are_refused(tmp_path: Path, name: str) -> None:
    for member, content in (binary_files(name) | python_files(name)).items():
        (tmp_path / member).write_bytes(content)
    with pytest.raises(DataSetError, match=r"ends after|expected checksum"):
        load_data(name, folder=tmp_path)
    for path in tmp_path.glob("*.bin"):
        path.unlink()
    with pytest.raises(DataSetError, match="expected checksum"):
        load_data(name, folder=tmp_path)


def test_records_that_do_not_fit() -> None:
    whole = {"a": np.zeros(2 * 3073, np.uint8), "b": np.zeros(3073, np.uint8)}
    whole["b"][0] = 10
    with pytest.raises(DataSetError, match=r"largest 10, .* expected one of 0 to 9"):
        binary_records(whole, names=("a", "b"), n_label_bytes=1, n_classes=10)
    with pytest.raises(DataSetError, match="expected records of 3074"):
        binary_records(whole, names=("a", "b"), n_label_bytes=2, n_classes=10)


class Harmful:
    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("run",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pickle.dumps({b"data": Harmful()}), "asks for builtins.print"),
        (pickle.dumps([1]), "holds a list"),
        (b"no pickle", "no CIFAR batch"),
        (pickled({b"data": np.zeros((1, PIXELS), np.uint8)})[:-100], "no CIFAR batch"),
        (pickle.dumps({b"data": np.zeros((1, PIXELS), np.float32)}, protocol=3), "not one of bytes"),
    ],
)
def test_pickles_never_run(capsys: pytest.CaptureFixture[str], content: bytes, message: str) -> None:
    with pytest.raises(DataSetError, match=message):
        read_batch(content, name="data_batch_1")
    assert capsys.readouterr().out == ""


def test_batches_without_pixels_or_labels(tmp_path: Path) -> None:
    for content, message in (({b"labels": [1]}, "under 'data'"), ({b"data": np.zeros((1, PIXELS), np.uint8)}, "list")):
        files = dict.fromkeys(BATCHES, pickled(content))
        for member, stored in files.items():
            (tmp_path / member).write_bytes(stored)
        with pytest.raises(DataSetError, match=message):
            load_data(expecting("cifar-10", files), folder=tmp_path)


@pytest.fixture(scope="module")
def q75(shared: Path) -> DataSet:
    return load_data("cifar10-q75", folder=shared / "data", split="survival")


def test_the_jpeg_variant_says_so(q75: DataSet) -> None:
    assert (q75.name, q75.title) == ("cifar10-q75", "CIFAR-10 (JPEG q75)")
    assert "lossy" in q75.notes[0]
    assert q75.to_dict()["samples"] == {"train": 45_000, "validation": 5_000, "test": 10_000}


def test_the_jpeg_variant_is_near_the_original(q75: DataSet) -> None:
    assert q75.validation is not None
    assert np.bincount(q75.train.labels).tolist() == 10 * [4500]
    assert np.bincount(q75.validation.labels).tolist() == 10 * [500]
    assert np.bincount(q75.test.labels).tolist() == 10 * [1000]
    # the first labels of the test batch as every tutorial shows them: cat, ship, ship, airplane, frog
    assert q75.test.labels[:5].tolist() == [3, 8, 8, 0, 6]
    by_channel = q75.test.images.reshape(-1, 3, 1024)
    pixels_mean = by_channel.mean(axis=(0, 2), dtype=float) * q75.std + q75.mean
    # published means of CIFAR-10's training images; the test images are other ones, and lossy
    assert pixels_mean == pytest.approx((0.4914, 0.4822, 0.4465), abs=0.01)
    train = q75.train.images.reshape(-1, 3, 1024)[::5]
    assert train.mean(axis=(0, 2), dtype=float) == pytest.approx(0, abs=0.02)
    assert train.std(axis=(0, 2), dtype=float) == pytest.approx(1, abs=0.02)


def test_the_first_image_as_decoded(shared: Path) -> None:
    image_module = pytest.importorskip("PIL.Image")
    with np.load(shared / "data" / "cifar-10" / "cifar10_jpeg_q75.npz") as stored:
        jpeg = stored["header"].tobytes() + stored["body"][: stored["length"][0]].tobytes()
    red = np.asarray(image_module.open(io.BytesIO(jpeg)))[0, :, 0]
    assert red[: len(FIRST_ROW)].tolist() == list(FIRST_ROW)


def test_neither_is_taken_for_the_other(shared: Path) -> None:
    with pytest.raises(MissingDataError, match=r"data_batch_1\.bin"):
        load_data("cifar-10", folder=shared / "data")
    with np.load(shared / "data" / "cifar-10" / "cifar10_jpeg_q75.npz") as stored:
        labels = stored["label"].reshape(6, 10_000)
    records = np.zeros((6, 10_000, 3073), np.uint8)
    records[:, :, 0] = labels
    contents = {f"{name}.bin": batch.reshape(-1) for name, batch in zip(BATCHES, records, strict=True)}
    records[0, 0, 1 : 1 + len(FIRST_ROW)] = FIRST_ROW
    assert "lossy" in from_batches(contents).notes[0]
    # the first red values of CIFAR-10 as many tutorials print x_train[0]: 59, 43, 50
    records[0, 0, 1:4] = 59, 43, 50
    with pytest.raises(DataSetError, match="load it as 'cifar-10'"):
        from_batches(contents)
    records[0, 0, 0] = 5
    with pytest.raises(DataSetError, match="not those of CIFAR-10"):
        from_batches(contents)
