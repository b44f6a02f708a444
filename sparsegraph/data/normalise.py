"""Pixels to float32, piece by piece: the floats exist once and nothing else of their size does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

PIECE = 1 << 20
"""Values handled at a time: a few megabytes."""


def channel_moments(
    images: np.ndarray, rows: np.ndarray | None, n_channels: int, span: tuple[float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation (of the population) of each channel, of pixels on [0, 1].

    Parameters
    ----------
    images : numpy.ndarray
        Shape (n, features), channel by channel.
    rows : numpy.ndarray or None
        Rows to use; None for all.
    n_channels : int
        Number of channels.
    span : tuple of float
        Values that stand for 0 and 1.

    Notes
    -----
    Sums of values and squares in float64.  A channel that is constant has standard deviation 1 here, so that it can be
    divided by.
    """
    low, high = span
    total, squares, n = np.zeros(n_channels), np.zeros(n_channels), 0
    for _, piece in _pieces(images, rows):
        values = (piece.reshape(len(piece), n_channels, -1).astype(np.float64) - low) / (high - low)
        total += values.sum(axis=(0, 2))
        squares += np.einsum("ncp,ncp->c", values, values)
        n += values.shape[0] * values.shape[2]
    mean = total / n
    std = np.sqrt(np.maximum(squares / n - mean**2, 0))
    std[std < 1e-6] = 1
    return tuple(mean.tolist()), tuple(std.tolist())


def normalised(
    images: np.ndarray,
    rows: np.ndarray | None,
    span: tuple[float, float],
    mean: tuple[float, ...],
    std: tuple[float, ...],
) -> np.ndarray:
    """Rows as float32: ``((value - low) / (high - low) - mean) / std``, mean and std per channel.

    Computed as one subtraction and one division, so that with mean 0 and std 1 the bytes 0 and 255 become exactly 0 and
    1; in float32, or in float64 where the values need it: small differences of large values are not lost.  ``images``
    and ``rows`` are as in :func:`channel_moments`.
    """
    low, high = span
    per_channel = images.shape[1] // len(mean)
    precision = np.result_type(images.dtype, np.float32)
    offset = np.repeat(np.array([low + m * (high - low) for m in mean], precision), per_channel)
    divisor = np.repeat(np.array([s * (high - low) for s in std], precision), per_channel)
    out = np.empty((len(images) if rows is None else len(rows), images.shape[1]), np.float32)
    for start, piece in _pieces(images, rows):
        target = out[start : start + len(piece)]
        np.subtract(piece, offset, out=target, casting="same_kind")
        target /= divisor
    return out


def _pieces(images: np.ndarray, rows: np.ndarray | None) -> Iterator[tuple[int, np.ndarray]]:
    """First row and values of consecutive pieces."""
    step = max(1, PIECE // images.shape[1])
    for start in range(0, len(images) if rows is None else len(rows), step):
        yield start, images[start : start + step] if rows is None else images[rows[start : start + step]]
