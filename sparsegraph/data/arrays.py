"""Anyone's own arrays from a .npz file."""

from __future__ import annotations

import hashlib
import math
import os
import zipfile
import zlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from sparsegraph.data.source import Place, Raw, Source
from sparsegraph.errors import DataSetError, MissingDataError

MOST_BYTES = 16 * 1024**3
"""What the arrays of one file may take in memory."""

MOST = 1e38
"""Largest size of a value: differences of two are still float32."""

LEAST_UNIT_RANGE, LEAST_RANGE = 1e-6, 1e-30
"""What pixels must differ by: on [0, 1], where they are left as they are, and elsewhere, where they are scaled."""

FARTHEST = 1e6
"""How far test images may lie from the training images, in ranges of these."""

NAMES = {
    "train images": ("train_images", "x_train", "images", "x"),
    "train labels": ("train_labels", "y_train", "labels", "y"),
    "test images": ("test_images", "x_test"),
    "test labels": ("test_labels", "y_test"),
}
"""Part -> names that it may have in the file."""


def npz_source(path: str | os.PathLike[str]) -> Source:
    """Data set in a .npz file.

    Its arrays are ``train_images``, ``train_labels`` and, if there is a test part, ``test_images`` and ``test_labels``
    (or ``x_train``, ``y_train``, ``x_test``, ``y_test``; without a test part also ``images``, ``labels``).

    Images are of shape (n, features), (n, height, width), (n, channels, height, width) or, where only the last axis is
    1, 3 or 4 long, (n, height, width, channels).  Bytes stand for 0 to 255; other values are taken as they are if they
    lie in [0, 1], else scaled by the least and the largest one of the training images.  Labels are integers from 0, of
    two classes or more, and each class has training images.

    The source is named after the file, wherever it lies; its content is told by the checksum.
    """
    path = Path(path).expanduser()
    return Source(path.name, path.name, partial(_read, path))


def _read(path: Path, place: Place) -> Raw:
    if not path.is_file():
        raise MissingDataError(f"{path} is not there; expected a .npz file with train_images and train_labels")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = npz_arrays(file, path.name)
    found = {part: _first(stored, names) for part, names in NAMES.items()}
    if found["train images"] is None or found["train labels"] is None:
        raise DataSetError(f"{path} holds {', '.join(sorted(stored)) or 'nothing'}; {_expected()}")
    if (found["test images"] is None) != (found["test labels"] is None):
        has, lacks = ("images", "labels") if found["test labels"] is None else ("labels", "images")
        raise DataSetError(f"{path} holds test {has} without test {lacks}; {_expected()}")
    train, shape = _images(found["train images"], f"{path}: training")
    train_labels = _labels(found["train labels"], len(train), f"{path}: training labels")
    n_classes = _n_classes(train_labels, f"{path}: training labels")
    span = _span(train, f"{path}: training images")
    test = None
    if found["test images"] is not None and found["test labels"] is not None:
        images, test_shape = _images(found["test images"], f"{path}: test")
        labels = _labels(found["test labels"], len(images), f"{path}: test labels")
        if test_shape != shape or int(labels.max()) >= n_classes:
            raise DataSetError(
                f"{path}: test images of shape {test_shape} with labels up to {labels.max()} do not fit training "
                f"images of shape {shape} with {n_classes} classes; expected the same shape and classes"
            )
        _check_scale(images, train, span, str(path))
        test = (images, labels.astype(np.int64))
    return Raw((train, train_labels.astype(np.int64)), test, shape, n_classes, span, checksum=f"SHA-256 {digest}")


def npz_arrays(file: IO[bytes], name: str) -> dict[str, np.ndarray]:
    """Arrays of a .npz file by name; objects (pickles) are refused, and so are sizes that the file cannot hold.

    Raises
    ------
    DataSetError
        If the file is damaged, holds pickled objects or claims more than ``MOST_BYTES``.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.endswith(".npy")]
            if (total := sum(entry.file_size for entry in entries)) > MOST_BYTES:
                raise DataSetError(f"{name} unpacks to {total} bytes; expected at most {MOST_BYTES}: store fewer")
            return {entry.filename.removesuffix(".npy"): _array(archive, entry, name) for entry in entries}
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        raise DataSetError(f"{name} cannot be read ({error}); expected a .npz file of numpy.savez") from None


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> np.ndarray:
    """One array; its header is held against the size of its entry before memory is asked for."""
    with archive.open(entry) as stream:
        major, _ = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        shape, is_fortran, kind = header(stream)
        if kind.hasobject:
            raise DataSetError(f"{name}: {entry.filename} holds pickled objects, which are never read; store numbers")
        claimed = math.prod(shape) * kind.itemsize
        if claimed != entry.file_size - stream.tell():
            raise DataSetError(f"{name}: {entry.filename} claims {claimed} bytes and holds others: save it again")
        values = np.frombuffer(bytearray(stream.read()), kind)
    return values.reshape(shape, order="F" if is_fortran else "C")


def _first(stored: Mapping[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray | None:
    return next((stored[name] for name in names if name in stored), None)


def _expected() -> str:
    train, labels, test, test_labels = (f"{part} as {' or '.join(names[:2])}" for part, names in NAMES.items())
    return f"expected {train}, {labels} and, if there is a test part (optional), {test}, {test_labels}"


def _images(images: np.ndarray, part: str) -> tuple[np.ndarray, tuple[int, int, int]]:
    """Images as rows, and their shape with channels first."""
    if images.ndim and not len(images):
        raise DataSetError(f"{part} part is empty (images of shape {images.shape}); expected at least one image")
    if images.ndim not in (2, 3, 4) or not images.size or images.dtype.kind not in "buif":
        raise DataSetError(
            f"{part} images have shape {images.shape} and type {images.dtype}; expected real numbers of shape "
            "(n, features), (n, height, width) or (n, channels, height, width)"
        )
    if images.dtype.kind == "f" and not np.isfinite(images).all():
        raise DataSetError(f"{part} images hold NaN or infinity; expected finite numbers: clean them")
    largest = max(_range(images), key=abs)
    if abs(largest) > MOST:
        raise DataSetError(
            f"{part} images hold {largest:.3g}, too large for float32; expected at most {MOST:g} in size: scale them"
        )
    if images.ndim == 4 and images.shape[3] in (1, 3, 4) and images.shape[1] not in (1, 3, 4):
        images = images.transpose(0, 3, 1, 2)
    shape = (1,) * (4 - images.ndim) + images.shape[1:]
    return images.reshape(len(images), -1), (int(shape[0]), int(shape[1]), int(shape[2]))


def _labels(labels: np.ndarray, n_images: int, name: str) -> np.ndarray:
    labels = labels.reshape(-1) if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if labels.ndim != 1 or labels.dtype.kind not in "ui":
        raise DataSetError(
            f"{name} have shape {labels.shape} and type {labels.dtype}; expected {n_images} integers, one per image"
        )
    if len(labels) != n_images:
        raise DataSetError(f"{name}: {len(labels)} labels for {n_images} images; expected one label per image")
    if labels.min() < 0:
        raise DataSetError(f"{name}: the lowest label is {labels.min()}; expected classes from 0: number them anew")
    return labels


def _n_classes(labels: np.ndarray, name: str) -> int:
    classes = np.unique(labels)
    if classes.size == 1:
        raise DataSetError(f"{name} are all {classes[0]}; expected at least two classes, or nothing can be learned")
    if classes.size != int(classes[-1]) + 1:
        raise DataSetError(
            f"{name} hold {classes.size} classes, {classes[0]} to {classes[-1]}; expected 0 to "
            f"{classes.size - 1}, each with images: number them anew"
        )
    return int(classes.size)


def _range(images: np.ndarray) -> tuple[float, float]:
    return float(images.min()), float(images.max())


def _span(images: np.ndarray, name: str) -> tuple[float, float]:
    """Values that stand for 0 and 1, of training images that are not all alike."""
    low, high = _range(images)
    if low == high:
        raise DataSetError(f"{name}: all pixels are the same ({low:g}); expected images that differ")
    if images.dtype == np.uint8:
        return 0.0, 255.0
    is_unit = low >= 0 and high <= 1
    if high - low < (least := LEAST_UNIT_RANGE if is_unit else LEAST_RANGE):
        raise DataSetError(
            f"{name}: pixels lie within {high - low:.3g} of each other, too close for float32; expected a range of "
            f"{least:g} or more: scale them"
        )
    return (0.0, 1.0) if is_unit else (low, high)


def _check_scale(test: np.ndarray, train: np.ndarray, span: tuple[float, float], name: str) -> None:
    """Whether test images are in the units of the training images."""
    if (test.dtype == np.uint8) != (train.dtype == np.uint8):
        raise DataSetError(
            f"{name}: training images are of type {train.dtype}, test images of {test.dtype}; bytes stand for 0 to "
            "255 and other numbers do not: expected bytes in both or in neither"
        )
    low, high = span
    farthest = max(_range(test), key=lambda value: abs(value - low))
    if abs(farthest - low) > FARTHEST * (high - low):
        raise DataSetError(
            f"{name}: test images hold {farthest:.3g}, training images lie from {low:.3g} to {high:.3g}; expected the "
            "same units in both: scale them alike"
        )
