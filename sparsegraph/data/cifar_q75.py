"""CIFAR-10 recompressed as JPEG of quality 75: lossy, and never to be taken for CIFAR-10."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sparsegraph.data.arrays import npz_arrays
from sparsegraph.data.cifar_records import BATCHES, PIXELS, binary_records
from sparsegraph.data.published import Edition, PublishedFile
from sparsegraph.data.source import Raw
from sparsegraph.errors import DataSetError

NOTES = ("CIFAR-10 recompressed as JPEG of quality 75, lossy: results are not results on CIFAR-10",)

N_IMAGES = 60_000

LABELS_MD5 = "f8f5d533d58aebceda8f45f2593c8bbf"
"""MD5 of all 60,000 labels in order, one byte each: those of CIFAR-10."""

FIRST_ROW = (61, 48, 56, 81, 107, 132, 149, 147)
"""Red values at the start of the first training image as decoded; the original starts with 59, 43, 50."""

DECODER_TOLERANCE = 2
"""Grey levels by which two JPEG decoders may differ."""


def from_jpeg(contents: Mapping[str, np.ndarray]) -> Raw:
    """Decode the .npz: one header for all images, their bodies end to end, the length of each, the labels."""
    stored = npz_arrays(io.BytesIO(contents[NPZ.name].tobytes()), NPZ.name)
    if set(stored) != {"header", "body", "length", "label"}:
        raise DataSetError(f"{NPZ.name} holds {', '.join(sorted(stored))}; expected header, body, length and label")
    ends = np.cumsum(stored["length"], dtype=np.int64)
    if len(ends) != N_IMAGES or len(stored["label"]) != N_IMAGES or ends[-1] != stored["body"].size:
        raise DataSetError(f"{NPZ.name} holds not {N_IMAGES} images and labels: get the file again")
    header, body = stored["header"].tobytes(), stored["body"].tobytes()
    images = np.empty((N_IMAGES, PIXELS), np.uint8)
    for index, (start, end) in enumerate(zip((0, *ends[:-1].tolist()), ends.tolist(), strict=True)):
        images[index] = _decoded(header + body[start:end], index)
    labels = stored["label"].astype(np.int64)
    n_train = N_IMAGES - 10_000
    train, test = (images[:n_train], labels[:n_train]), (images[n_train:], labels[n_train:])
    return Raw(train, test, (3, 32, 32), 10, notes=NOTES)


def _decoded(jpeg: bytes, index: int) -> np.ndarray:
    """The planes of one JPEG, end to end."""
    from PIL.JpegImagePlugin import JpegImageFile

    image = JpegImageFile(io.BytesIO(jpeg))
    if image.size != (32, 32) or image.mode != "RGB":
        raise DataSetError(f"{NPZ.name}: image {index} is {image.size} {image.mode}; expected (32, 32) RGB")
    return np.frombuffer(image.tobytes(), np.uint8).reshape(-1, 3).T.ravel()


def from_batches(contents: Mapping[str, np.ndarray]) -> Raw:
    """Binary batches written from the decoded images; refuses those of the original.

    Raises
    ------
    DataSetError
        If labels or first pixels are not those of the JPEG images.
    """
    raw = binary_records(contents, names=tuple(f"{name}.bin" for name in BATCHES), n_label_bytes=1, n_classes=10)
    assert raw.test is not None
    labels = np.concatenate([raw.train[1], raw.test[1]]).astype(np.uint8)
    first = raw.train[0][0, : len(FIRST_ROW)].astype(int)
    if hashlib.md5(labels.tobytes(), usedforsecurity=False).hexdigest() != LABELS_MD5:
        raise DataSetError("the labels in data_batch_1.bin to test_batch.bin are not those of CIFAR-10: get them again")
    if np.abs(first - FIRST_ROW).max() > DECODER_TOLERANCE:
        raise DataSetError(
            f"data_batch_1.bin starts with {first.tolist()}, the JPEG q75 images with {list(FIRST_ROW)}; if this is "
            "the original, load it as 'cifar-10'"
        )
    return replace(raw, notes=NOTES)


# The .npz is put together from the files named in docs/data.md; its MD5 is that of the file described there.
NPZ = PublishedFile("cifar10_jpeg_q75.npz", 18_052_528, "e64b727fbb798926a4ef6846f79bea8d")

EDITIONS = (
    Edition(tuple(PublishedFile(f"{name}.bin", 30_730_000, None) for name in BATCHES), from_batches, ("cifar10-q75",)),
    Edition((NPZ,), from_jpeg, ("cifar10-q75", "cifar-10")),
)
