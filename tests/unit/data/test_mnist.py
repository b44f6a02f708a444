"""MNIST and Fashion-MNIST: made-up files of the same form, and the real ones where they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.data import DATASETS, load_data
from sparsegraph.data.mnist import STEMS, idx_contents
from sparsegraph.errors import DataSetError


def idx(array: np.ndarray) -> np.ndarray:
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return np.frombuffer(bytes([0, 0, 8, array.ndim]) + lengths + array.astype(np.uint8).tobytes(), np.uint8)


def files(n_images: int = 4, labels: tuple[int, ...] = (1, 2, 3, 4)) -> dict[str, np.ndarray]:
    images = np.arange(n_images * 784).reshape(n_images, 28, 28) % 251
    return dict(zip(STEMS, 2 * (idx(images), idx(np.array(labels))), strict=True))


def test_rows_labels_and_transposition() -> None:
    upright = idx_contents(files(), names=STEMS, n_classes=4, first_label=1, transposed=False)
    turned = idx_contents(files(), names=STEMS, n_classes=4, first_label=1, transposed=True)
    assert upright.train[0][0, :30].tolist() == list(range(30))
    assert turned.train[0].reshape(4, 28, 28)[:, 3, 5].tolist() == upright.train[0].reshape(4, 28, 28)[:, 5, 3].tolist()
    assert upright.train[1].tolist() == [0, 1, 2, 3]
    assert upright.image_shape == (1, 28, 28)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (files(labels=(1, 2, 3)), r"\(n, 28, 28\) and \(n,\)"),
        (files(labels=(0, 2, 3, 4)), "labels 0 to 4; expected 1 to 4"),
        (files(labels=(1, 2, 3, 5)), "labels 1 to 5; expected 1 to 4"),
        (files() | {STEMS[2]: idx(np.zeros((4, 28)))}, r"\(4, 28\)"),
        (files() | {STEMS[0]: np.zeros(9, np.uint8)}, "expected an idx file"),
    ],
)
def test_files_that_do_not_fit(made: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(DataSetError, match=message):
        idx_contents(made, names=STEMS, n_classes=4, first_label=1, transposed=False)


# Counts: the page of MNIST and many a textbook; 6,000 a class: Xiao, Rasul and Vollgraf, Fashion-MNIST (2017).
TRAIN_COUNTS = {
    "mnist": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "fashion-mnist": 10 * [6000],
}
TEST_COUNTS = {"mnist": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], "fashion-mnist": 10 * [1000]}
# torchvision's examples (MNIST) and the README of many a training script (Fashion-MNIST)
MOMENTS = {"mnist": (0.1307, 0.3081), "fashion-mnist": (0.2860, 0.3530)}


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_the_real_files(shared: Path, name: str) -> None:
    data = load_data(name, folder=shared / "data", normalise="unit")
    assert np.bincount(data.train.labels).tolist() == TRAIN_COUNTS[name]
    assert np.bincount(data.test.labels).tolist() == TEST_COUNTS[name]
    assert (data.train.images.min(), data.train.images.max()) == (0, 1)
    assert (data.train.images.mean(dtype=float), data.train.images.std(dtype=float)) == pytest.approx(
        MOMENTS[name], abs=5e-5
    )
    assert data.checksum == "MD5 verified"
    assert (data.image_shape, data.n_classes, data.validation) == ((1, 28, 28), 10, None)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_downloads_are_the_real_files(shared: Path, name: str) -> None:
    for wanted in DATASETS[name].downloads:
        path = shared / "data" / wanted.folder / wanted.name
        assert hashlib.md5(path.read_bytes()).hexdigest() == wanted.md5


def test_first_labels_and_standard_normalisation(shared: Path) -> None:
    data = load_data("mnist", folder=shared / "data" / "mnist")
    # the first images that every tutorial shows: 5, 0, 4, 1, 9 for training and 7, 2, 1, 0, 4 for the test
    assert data.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert data.train.images[0, 0] == pytest.approx(-0.1307 / 0.3081)
    assert data.train.images.mean(dtype=float) == pytest.approx(0, abs=5e-4)
    assert data.train.images.std(dtype=float) == pytest.approx(1, abs=5e-4)
    pixels = data.pixels(data.test.images[:50])
    assert np.abs(255 * pixels - np.rint(255 * pixels)).max() < 1e-4


def test_survival_split(shared: Path) -> None:
    data = load_data("mnist", folder=shared / "data", split="survival", seed=3)
    assert data.validation is not None
    # Survival of the Most Connected, table 6
    assert (len(data.train), len(data.validation), len(data.test)) == (53_900, 6_300, 9_800)
    counts = np.array(TRAIN_COUNTS["mnist"]) + TEST_COUNTS["mnist"]
    assert np.abs(np.bincount(data.test.labels) - 0.14 * counts).max() < 3
    assert np.abs(np.bincount(data.validation.labels) - 0.09 * counts).max() < 3


def test_fashion_files_are_not_taken_for_mnist(shared: Path) -> None:
    with pytest.raises(DataSetError, match="belongs to another data set"):
        load_data("mnist", folder=shared / "data" / "fashion-mnist")
