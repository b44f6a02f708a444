"""Pixels to floats: the same numbers whatever the piece, and no more memory than needed."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sparsegraph.data import normalise
from sparsegraph.data.normalise import channel_moments, normalised


@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.just(12))),
    st.integers(1, 40),
    st.sampled_from([1, 2, 3, 4]),
)
def test_against_the_formula_in_float64(images: np.ndarray, piece: int, n_channels: int) -> None:
    patch = pytest.MonkeyPatch()
    with patch.context() as local:
        local.setattr(normalise, "PIECE", piece)
        mean, std = channel_moments(images, None, n_channels, (0, 255))
        found = normalised(images, None, (0, 255), mean, std)
    by_channel = images.reshape(len(images), n_channels, -1) / 255
    spread = by_channel.std(axis=(0, 2))
    assert mean == pytest.approx(by_channel.mean(axis=(0, 2)), abs=1e-12)
    assert std == pytest.approx(np.where(spread < 1e-6, 1, spread), abs=1e-7)
    expected = (by_channel - np.array(mean)[:, None]) / np.array(std)[:, None]
    # float32: the rounding of mean and value, at most 255 units, divided by the spread
    assert np.abs(found - expected.reshape(found.shape)).max() < 4e-5 / min(std) / 255 + 1e-6
    assert found.dtype == np.float32


def test_bytes_end_exactly_at_0_and_1() -> None:
    images = np.arange(256, dtype=np.uint8)[None]
    found = normalised(images, None, (0, 255), (0.0,), (1.0,))
    assert np.array_equal(found[0], np.arange(256, dtype=np.float32) / np.float32(255))
    assert (found.min(), found.max()) == (0, 1)


def test_rows_of_a_view_with_gaps() -> None:
    records = np.arange(60, dtype=np.uint8).reshape(6, 10)
    images, rows = records[:, 1:], np.array([5, 0, 3])
    found = normalised(images, rows, (0, 1), (0.0,), (1.0,))
    assert np.array_equal(found, images[rows])
    assert found.flags.c_contiguous
    assert channel_moments(images, rows, 1, (0, 1))[0] == pytest.approx((images[rows].mean(),))


def test_floats_of_any_span() -> None:
    images = np.array([[-2.0, 0.0, 6.0]])
    assert normalised(images, None, (-2, 6), (0.0,), (1.0,)).tolist() == [[0, 0.25, 1]]


def test_memory_is_the_floats_and_little_else() -> None:
    images = np.zeros((20_000, 500), np.uint8)
    tracemalloc.start()
    found = normalised(images, np.arange(20_000), (0, 255), (0.5,), (0.25,))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < found.nbytes + 4 * normalise.PIECE
