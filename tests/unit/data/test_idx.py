"""idx files: what is written is read, what is damaged is refused, and no claim is believed."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sparsegraph.data.idx import TYPES, parse_idx, read_idx
from sparsegraph.errors import DataSetError


def packed(array: np.ndarray) -> bytes:
    """The idx file of an array, after the description on the page of MNIST."""
    code = {np.dtype(kind): number for number, kind in TYPES.items()}[array.dtype]
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return bytes([0, 0, code, array.ndim]) + lengths + array.tobytes()


def any_array() -> st.SearchStrategy[np.ndarray]:
    shapes = arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
    return st.sampled_from(sorted(TYPES.values())).flatmap(lambda kind: arrays.arrays(np.dtype(kind), shapes))


@given(any_array(), st.booleans())
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray, is_packed: bool) -> None:
    path = tmp_path_factory.mktemp("idx") / "file"
    path.write_bytes(gzip.compress(packed(array)) if is_packed else packed(array))
    found = read_idx(path)
    assert found.shape == array.shape
    assert found.dtype == array.dtype
    assert found.tobytes() == array.tobytes()


@given(any_array(), st.data())
def test_whatever_is_flipped_or_cut_is_read_or_refused(array: np.ndarray, data: st.DataObject) -> None:
    content = bytearray(packed(array))
    where = data.draw(st.integers(0, len(content) - 1))
    content[where] ^= data.draw(st.integers(1, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        found = parse_idx(cut, name="file")
    except DataSetError:
        return
    assert 4 + 4 * found.ndim + found.nbytes == len(cut)


LABELS = packed(np.arange(20, dtype=np.uint8))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "starts with nothing"),
        (b"PK\3\4" + LABELS[4:], "starts with 50 4b 03 04"),
        (b"\0\0\7\1" + LABELS[4:], "expected an idx file"),
        (b"\0\0\10\0" + LABELS[4:], "expected an idx file"),
        (b"\0\0\10\377" + LABELS[4:], "expected an idx file"),
        (LABELS[:6], "ends inside its header"),
        (LABELS[:-1], "holds 19"),
        (LABELS + b"\0", "and can hold|holds 21"),
        (b"\0\0\10\3" + b"\377" * 12 + b"\0" * 50, "can hold at most"),
        (gzip.compress(LABELS, mtime=0)[:-9], "cannot be read"),
        (gzip.compress(LABELS, mtime=0)[:-6] + b"\0" * 6, "cannot be read"),
        (gzip.compress(b"\0\0\10\3" + b"\377" * 12 + b"\0" * 50, mtime=0), "can hold at most"),
        (gzip.compress(LABELS + bytes(10**6), mtime=0), "holds 21"),
    ],
)
def test_damaged_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "labels"
    path.write_bytes(content)
    with pytest.raises(DataSetError, match=message) as refusal:
        read_idx(path)
    assert "\n" not in str(refusal.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match="cannot be read"):
        read_idx(tmp_path / "nothing")


def test_first_images_of_emnist_letters(shared: Path) -> None:
    folder = shared / "data" / "emnist-letters-partial"
    images = read_idx(folder / "emnist-letters-test-first10000-images-idx3-ubyte.gz")
    labels = read_idx(folder / "emnist-letters-test-labels-idx1-ubyte.gz")
    train = read_idx(folder / "emnist-letters-train-labels-idx1-ubyte.gz")
    assert images.shape == (10_000, 28, 28)
    # 4,800 and 800 a class, labels 1 to 26: Cohen et al., EMNIST (2017), table II
    assert np.bincount(train).tolist() == [0] + 26 * [4800]
    assert np.bincount(labels).tolist() == [0] + 26 * [800]
    assert math.prod(images.shape) == images.nbytes
