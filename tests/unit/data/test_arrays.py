"""Anyone's own arrays: what is taken, and what is refused in one line."""

from __future__ import annotations

import contextlib
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.data import load_data
from sparsegraph.data.arrays import npz_arrays
from sparsegraph.errors import DataSetError, MissingDataError

IMAGES = np.arange(40 * 12, dtype=np.uint8).reshape(40, 12)
LABELS = np.arange(40) % 4
PARTS = {"train_images": IMAGES, "train_labels": LABELS, "test_images": IMAGES[:4], "test_labels": LABELS[:4]}


def saved(folder: Path, **arrays: Any) -> Path:
    path = folder / "own.npz"
    np.savez_compressed(path, **arrays)
    return path


@pytest.mark.parametrize("names", [tuple(PARTS), ("x_train", "y_train", "x_test", "y_test")])
def test_four_arrays(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = saved(tmp_path, **dict(zip(names, PARTS.values(), strict=True)))
    data = load_data(path, normalise="unit")
    assert np.array_equal(np.rint(255 * data.train.images), IMAGES)
    assert data.test.labels.tolist() == [0, 1, 2, 3]
    assert (data.name, data.title, data.image_shape) == ("own.npz", "own.npz", (1, 1, 12))
    assert data.checksum == f"SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"


def test_the_record_tells_the_content_and_not_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, **PARTS)
    monkeypatch.chdir(tmp_path)
    recorded = load_data(path).to_dict()
    assert load_data("own.npz").to_dict() == recorded
    saved(tmp_path, **PARTS | {"train_images": IMAGES[::-1]})
    assert load_data(path).to_dict() != recorded


def test_standard_is_computed_from_the_training_part(tmp_path: Path) -> None:
    data = load_data(saved(tmp_path, images=IMAGES, labels=LABELS), seed=5)
    assert (len(data.train), len(data.test)) == (32, 8)
    assert np.bincount(data.test.labels).tolist() == [2, 2, 2, 2]
    assert data.train.images.mean(dtype=float) == pytest.approx(0, abs=1e-6)
    assert data.train.images.std(dtype=float) == pytest.approx(1, abs=1e-6)
    again = load_data(saved(tmp_path, images=IMAGES, labels=LABELS), seed=5)
    other = load_data(saved(tmp_path, images=IMAGES, labels=LABELS), seed=6)
    assert np.array_equal(data.test.images, again.test.images)
    assert not np.array_equal(data.test.images, other.test.images)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((40, 3, 4), (1, 3, 4)), ((40, 3, 2, 2), (3, 2, 2)), ((40, 2, 2, 3), (3, 2, 2)), ((40, 1, 3, 4), (1, 3, 4))],
)
def test_shapes(tmp_path: Path, shape: tuple[int, ...], expected: tuple[int, int, int]) -> None:
    images = IMAGES.reshape(shape)
    data = load_data(saved(tmp_path, x_train=images, y_train=LABELS[:, None]), normalise="unit")
    assert data.image_shape == expected
    first = data.train.images[0].reshape(expected)
    stored = images.transpose(0, 3, 1, 2) if shape == (40, 2, 2, 3) else images
    assert any(np.array_equal(np.rint(255 * first), each.reshape(expected)) for each in stored)


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (IMAGES / 255, (0, 1)),
        (IMAGES / 255 * 0.5, (0, 0.5)),
        (IMAGES * 4.0 - 100, (0, 1)),
    ],
)
def test_floats_in_the_unit_range_stay_and_others_are_scaled(
    tmp_path: Path, images: np.ndarray, expected: tuple[float, float]
) -> None:
    data = load_data(saved(tmp_path, images=images, labels=LABELS), normalise="unit")
    found = data.train.images
    assert (found.min(), found.max()) == pytest.approx((expected[0], expected[1] * IMAGES.max() / 255), abs=0.05)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train_labels": None}, r"train labels as train_labels or y_train and, if there is a test part \(optional\)"),
        ({"test_labels": None}, "test images without test labels"),
        ({"test_images": None}, "test labels without test images"),
        ({"train_labels": LABELS[:-1]}, "39 labels for 40 images"),
        ({"train_labels": LABELS[:-1, None]}, "39 labels for 40 images"),
        ({"train_labels": LABELS.astype(float)}, "type float64"),
        ({"train_labels": LABELS.reshape(20, 2)}, "one per image"),
        ({"train_labels": LABELS - 1}, "the lowest label is -1"),
        ({"train_labels": LABELS * 0}, "are all 0; expected at least two classes"),
        ({"train_labels": np.where(LABELS, LABELS, 2**64 - 1)}, "number them anew"),
        ({"test_labels": np.full(4, 2**64 - 1)}, "do not fit"),
        ({"train_labels": LABELS + 1}, "number them anew"),
        ({"train_labels": LABELS * 10**9}, "number them anew"),
        ({"test_labels": LABELS[:4] + 4}, "do not fit"),
        ({"test_images": IMAGES[:4, :6]}, "do not fit"),
        ({"train_images": IMAGES.astype(complex)}, "expected real numbers"),
        ({"train_images": IMAGES[:0], "train_labels": LABELS[:0]}, "training part is empty"),
        ({"test_images": IMAGES[:0], "test_labels": LABELS[:0]}, "test part is empty"),
        ({"train_images": IMAGES[:, :0]}, "expected real numbers"),
        ({"train_images": IMAGES * 0 + 7}, r"all pixels are the same \(7\)"),
        ({"train_images": IMAGES * 1e298}, r"training images hold 2.55e\+300, too large for float32"),
        ({"train_images": IMAGES * 1.0, "test_images": IMAGES[:4] * -1e298}, r"test images hold -4.7e\+299"),
        ({"train_images": IMAGES * 1e-10}, "lie within 2.55e-08 of each other"),
        ({"train_images": IMAGES * -1e-40}, "lie within 2.55e-38 of each other"),
        ({"train_images": IMAGES / 255}, "expected bytes in both or in neither"),
        ({"train_images": IMAGES / 255, "test_images": IMAGES[:4] * 1e9}, r"test images hold 4.7e\+10"),
        ({"train_images": IMAGES[:, 0]}, "expected real numbers"),
        ({"train_images": np.where(IMAGES, IMAGES, np.nan)}, "NaN or infinity"),
        ({"train_images": IMAGES.astype(object)}, "pickled objects"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    arrays = {name: array for name, array in (PARTS | change).items() if array is not None}
    with pytest.raises(DataSetError, match=message) as refusal:
        load_data(saved(tmp_path, **arrays))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_extremes_stay_finite_and_are_scaled(tmp_path: Path, kind: type[np.floating]) -> None:
    """Warnings are errors here: nothing overflows on the way."""
    largest = 6e4 if kind is np.float16 else 1e38
    images = np.where(IMAGES % 2, largest, -largest).astype(kind)
    data = load_data(saved(tmp_path, images=images, labels=LABELS))
    assert np.unique(data.train.images) == pytest.approx([-1, 1], abs=1e-6)  # half of the pixels each


def test_small_differences_of_large_values_are_kept(tmp_path: Path) -> None:
    images = 1e9 + IMAGES.astype(float)
    data = load_data(saved(tmp_path, images=images, labels=LABELS), normalise="unit")
    rows = {row.tobytes() for row in IMAGES}
    span = IMAGES.max() - IMAGES.min()
    assert {row.tobytes() for row in np.rint(data.train.images * span).astype(np.uint8)} <= rows


@pytest.mark.parametrize("split", ["standard", "survival"])
def test_each_class_needs_two_images_where_a_part_is_held_out(tmp_path: Path, split: str) -> None:
    path = saved(tmp_path, images=IMAGES[:3], labels=np.arange(3))
    with pytest.raises(DataSetError, match="class 0 has only one image"):
        load_data(path, split=split)
    data = load_data(saved(tmp_path, images=IMAGES[:6], labels=np.arange(6) % 3), split=split)
    assert set(data.train.labels.tolist()) == {0, 1, 2}
    assert len(data.test) == 1


def test_no_file_and_no_archive(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="is not there"):
        load_data(tmp_path / "none.npz")
    (tmp_path / "own.npz").write_bytes(b"text")
    with pytest.raises(DataSetError, match="cannot be read"):
        load_data(tmp_path / "own.npz")


def test_a_header_that_claims_more_than_there_is() -> None:
    array = io.BytesIO()
    np.lib.format.write_array_header_1_0(array, {"descr": "|u1", "fortran_order": False, "shape": (1 << 50,)})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("train_images.npy", array.getvalue() + b"123")
    with pytest.raises(DataSetError, match="claims 1125899906842624 bytes"):
        npz_arrays(file, "own.npz")


@given(st.data())
def test_damage_is_read_or_refused(data: st.DataObject) -> None:
    file = io.BytesIO()
    np.savez(file, train_images=IMAGES[:3], train_labels=np.asfortranarray(LABELS))
    content = bytearray(file.getvalue())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(DataSetError):
        npz_arrays(io.BytesIO(content[: data.draw(st.integers(0, len(content)))]), "own.npz")
