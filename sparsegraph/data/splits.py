"""Which images train, which validate, which test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sparsegraph.data.source import Raw, Source
from sparsegraph.errors import DataSetError, UnknownNameError

SPLITS = ("standard", "survival")
"""Names of the rules: the makers' own parts; the pooled one of Survival of the Most Connected."""

TEST_SHARE = 0.2
"""Share of the test part where the makers give none."""

SURVIVAL_SHARES = (0.09, 0.14)
"""Shares of validation and test: 6,300 and 9,800 of the 70,000 images of MNIST (table 6 of the paper)."""


def stratified(labels: np.ndarray, sizes: Sequence[int], *, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Disjoint parts of exact sizes, each with the classes in proportion.

    A part of size s takes from a class with r of the R labels left r s / R of them, rounded so that the sum is s
    (largest remainder); which ones is drawn.

    Parameters
    ----------
    labels : numpy.ndarray
        Shape (n,), classes from 0.
    sizes : sequence of int
        Sizes of the parts; their sum is n.
    rng : numpy.random.Generator
        Draws the members.

    Returns
    -------
    tuple of numpy.ndarray
        Increasing indices of each part, int64.

    Raises
    ------
    DataSetError
        If the sizes do not add up to the number of labels, or one is negative.

    Examples
    --------
    >>> labels = np.array([0, 0, 0, 0, 1, 1])
    >>> [part.size for part in stratified(labels, (3, 3), rng=np.random.default_rng(0))]
    [3, 3]
    """
    if sum(sizes) != labels.size or min(sizes) < 0:
        raise DataSetError(f"parts of {', '.join(map(str, sizes))} images do not make up {labels.size}")
    left = np.bincount(labels)
    members = [rng.permutation(np.flatnonzero(labels == c)) for c in range(left.size)]
    parts = []
    for size in sizes:
        share, remainder = np.divmod(left * size, max(left.sum(), 1))
        share[np.argsort(-remainder, kind="stable")[: size - share.sum()]] += 1
        parts.append(np.sort(np.concatenate([m[n - k : n] for m, n, k in zip(members, left, share, strict=True)])))
        left = left - share
    return tuple(parts)


def parts_of(
    raw: Raw, source: Source, split: str, rng: np.random.Generator
) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
    """Images, labels and rows (None: all) of "train", "test" and, where the rule makes one, "validation".

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    DataSetError
        If there are too few images for the rule: of a class (two at least), or in all.
    """
    if split not in SPLITS:
        raise UnknownNameError(f"there is no split named {split!r}; known are: {', '.join(SPLITS)}")
    images, labels = raw.train
    if split == "standard" and raw.test is not None:
        return {"train": (images, labels, None), "test": (*raw.test, None)}
    if split == "standard":
        n_test = round(TEST_SHARE * labels.size)
        train, test = _drawn(labels, (labels.size - n_test, n_test), source.title, rng)
        return {"train": (images, labels, train), "test": (images, labels, test)}
    if source.n_validation is not None and raw.test is not None:
        train, validation = stratified(labels, (labels.size - source.n_validation, source.n_validation), rng=rng)
        return {
            "train": (images, labels, train),
            "validation": (images, labels, validation),
            "test": (*raw.test, None),
        }
    if raw.test is not None:
        images, labels = np.concatenate([images, raw.test[0]]), np.concatenate([labels, raw.test[1]])
    n_validation, n_test = (round(share * labels.size) for share in SURVIVAL_SHARES)
    sizes = (labels.size - n_validation - n_test, n_validation, n_test)
    rows = _drawn(labels, sizes, source.title, rng)
    return {part: (images, labels, own) for part, own in zip(("train", "validation", "test"), rows, strict=True)}


def _drawn(labels: np.ndarray, sizes: tuple[int, ...], title: str, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Parts none of which is empty; the first one takes more than half, so of two images of a class it has one."""
    classes, counts = np.unique(labels, return_counts=True)
    if counts.min() < 2:
        raise DataSetError(
            f"{title}: class {classes[counts.argmin()]} has only one image, and parts are to be drawn; expected at "
            "least two images of each class, or a test part of its own"
        )
    if min(sizes) == 0:
        raise DataSetError(f"{title}: {labels.size} images are too few for {len(sizes)} parts; expected more")
    return stratified(labels, sizes, rng=rng)
