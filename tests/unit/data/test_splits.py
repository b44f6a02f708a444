"""Parts are disjoint, of exact size, and hold the classes in proportion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.data.source import Raw, Source
from sparsegraph.data.splits import parts_of, stratified
from sparsegraph.errors import DataSetError, UnknownNameError
from sparsegraph.rng import rng_for


@given(st.lists(st.integers(0, 6), min_size=1, max_size=200), st.data())
def test_stratified(classes: list[int], data: st.DataObject) -> None:
    labels = np.array(classes)
    first = data.draw(st.integers(0, labels.size))
    second = data.draw(st.integers(0, labels.size - first))
    sizes = (labels.size - first - second, first, second)
    parts = stratified(labels, sizes, rng=rng_for(0))
    assert tuple(part.size for part in parts) == sizes
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(labels.size))
    counts = np.bincount(labels)
    found = np.bincount(labels[parts[0]], minlength=counts.size)
    assert np.abs(found - counts * sizes[0] / labels.size).max() < 1
    for part in parts:
        assert (np.diff(part) > 0).all()
        # two roundings of less than one, one of them shared with the parts before
        found = np.bincount(labels[part], minlength=counts.size)
        assert np.abs(found - counts * part.size / labels.size).max() < 3


def test_the_generator_decides_who_and_nothing_else() -> None:
    labels = np.repeat(np.arange(5), 20)
    first, again, other = (stratified(labels, (70, 30), rng=rng_for(seed)) for seed in (0, 0, 1))
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[1], other[1])
    assert np.bincount(labels[other[1]]).tolist() == [6, 6, 6, 6, 6]


@pytest.mark.parametrize("sizes", [(50, 49), (101, -1), (50, 51)])
def test_sizes_that_do_not_add_up(sizes: tuple[int, int]) -> None:
    with pytest.raises(DataSetError, match="do not make up 100"):
        stratified(np.zeros(100, int), sizes, rng=rng_for(0))


def raw(n_train: int, n_test: int) -> Raw:
    labels = np.arange(n_train + n_test) % 10
    images = np.arange(n_train + n_test, dtype=np.uint8)[:, None]
    test = (images[n_train:], labels[n_train:]) if n_test else None
    return Raw((images[:n_train], labels[:n_train]), test, (1, 1, 1), 10)


def source(n_validation: int | None = None) -> Source:
    return Source("made", "made", lambda place: raw(0, 0), n_validation=n_validation)


def test_standard_keeps_the_parts_of_the_makers() -> None:
    made = raw(150, 50)
    parts = parts_of(made, source(), "standard", rng_for(0))
    assert set(parts) == {"train", "test"}
    assert parts["train"] == (*made.train, None)
    assert made.test is not None
    assert parts["test"] == (*made.test, None)


def test_standard_holds_a_fifth_of_each_class_out_where_there_is_one_part() -> None:
    _, labels, rows = parts_of(raw(200, 0), source(), "standard", rng_for(0))["test"]
    assert rows is not None
    assert np.bincount(labels[rows]).tolist() == [4] * 10


def test_survival_pools() -> None:
    parts = parts_of(raw(150, 50), source(), "survival", rng_for(0))
    rows = {part: own for part, (_, _, own) in parts.items() if own is not None}
    assert {part: own.size for part, own in rows.items()} == {"train": 154, "validation": 18, "test": 28}
    assert np.array_equal(np.sort(np.concatenate(list(rows.values()))), np.arange(200))


def test_survival_leaves_the_test_part_where_the_source_says_so() -> None:
    parts = parts_of(raw(150, 50), source(n_validation=20), "survival", rng_for(0))
    sizes = {part: len(labels) if own is None else own.size for part, (_, labels, own) in parts.items()}
    assert sizes == {"train": 130, "validation": 20, "test": 50}
    with pytest.raises(DataSetError, match="do not make up"):
        parts_of(raw(10, 5), source(n_validation=20), "survival", rng_for(0))


@given(st.lists(st.integers(2, 12), min_size=2, max_size=30), st.sampled_from(["standard", "survival"]))
def test_the_training_part_has_every_class(counts: list[int], split: str) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    made = Raw((labels[:, None], labels), None, (1, 1, 1), len(counts))
    if split == "survival" and labels.size < 6:  # 9 % of 5 images is none
        with pytest.raises(DataSetError, match="images are too few for 3 parts"):
            parts_of(made, source(), split, rng_for(0))
        return
    parts = {part: rows for part, (_, _, rows) in parts_of(made, source(), split, rng_for(0)).items()}
    train = parts["train"]
    assert train is not None
    assert set(labels[train].tolist()) == set(range(len(counts)))
    assert all(rows is not None and rows.size for rows in parts.values())


def test_an_unknown_split() -> None:
    with pytest.raises(UnknownNameError, match="standard, survival"):
        parts_of(raw(10, 5), source(), "halves", rng_for(0))
