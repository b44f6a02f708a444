"""The one door: names, options, and what is recorded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.data import DATASETS, Place, Raw, Source, load_data, synthetic
from sparsegraph.data.digits import load_digits
from sparsegraph.data.places import data_folders
from sparsegraph.errors import MissingDataError, UnknownNameError
from sparsegraph.rng import rng_for

NAMES = [
    "cifar-10",
    "cifar-100",
    "cifar10-q75",
    "digits",
    "emnist-balanced",
    "emnist-letters",
    "fashion-mnist",
    "mnist",
    "synthetic",
]


def test_the_names() -> None:
    assert list(DATASETS) == NAMES
    assert all(DATASETS[name].name == name for name in NAMES)


def test_unknown_names() -> None:
    with pytest.raises(UnknownNameError, match="did you mean fashion-mnist"):
        load_data("fashion_mnist")
    with pytest.raises(UnknownNameError, match="known are: standard, unit"):
        load_data("digits", normalise="none")
    with pytest.raises(UnknownNameError, match="known are: standard, survival"):
        load_data("digits", split="thirds")


@pytest.mark.parametrize("name", ["digits", "synthetic"])
@pytest.mark.parametrize("split", ["standard", "survival"])
def test_sets_without_files(name: str, split: str) -> None:
    data = load_data(name, split=split, seed=2)
    for part in (data.train, data.test, *([data.validation] if data.validation else [])):
        assert part.images.dtype == np.float32
        assert part.images.flags.c_contiguous
        assert part.labels.dtype == np.int64
        assert part.images.shape == (len(part), data.n_features)
        assert set(part.labels.tolist()) == set(range(data.n_classes))
    assert (data.validation is None) == (split == "standard")
    assert data.train.images.mean(dtype=float) == pytest.approx(0, abs=1e-5)
    recorded = json.loads(json.dumps(data.to_dict()))
    assert recorded["samples"]["train"] == len(data.train)
    assert (recorded["name"], recorded["split"], recorded["seed"]) == (name, split, 2)
    again = load_data(name, split=split, seed=2)
    assert np.array_equal(again.test.images, data.test.images)
    assert not np.array_equal(load_data(name, split=split, seed=3).test.images, data.test.images)


def test_digits_are_those_of_load_digits() -> None:
    data = load_data("digits", normalise="unit")
    demo = load_digits(rng=rng_for(0))
    for images in (data, demo):
        pooled = np.concatenate([images.train.images, images.test.images])
        assert pooled.sum(dtype=float) * 16 == 561_718  # sum of all pixels of optdigits.tes, as scikit-learn holds it
    assert np.bincount(data.test.labels).tolist() == [36, 36, 35, 37, 36, 36, 36, 36, 35, 36]


def test_pixels_undo_the_normalisation() -> None:
    source = synthetic(n_train=60, n_test=20, image_shape=(3, 4, 5), n_classes=3)
    unit, standard = (load_data(source, normalise=how) for how in ("unit", "standard"))
    assert len(standard.mean) == len(standard.std) == 3
    assert standard.pixels(standard.test.images) == pytest.approx(unit.test.images, abs=1e-6)


def test_correlations_are_the_same_either_way() -> None:
    source = synthetic(n_train=500, image_shape=(2, 3, 3), n_classes=3)
    unit, standard = (np.corrcoef(load_data(source, normalise=how).train.images.T) for how in ("unit", "standard"))
    assert np.abs(unit - standard).max() < 1e-6


def test_synthetic_classes_can_be_learned() -> None:
    data = load_data("synthetic")
    centres = np.stack([data.train.images[data.train.labels == c].mean(axis=0) for c in range(data.n_classes)])
    nearest = ((data.test.images[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == data.test.labels).mean() > 0.95
    noisy = load_data(synthetic(noise=3.0))
    centres = np.stack([noisy.train.images[noisy.train.labels == c].mean(axis=0) for c in range(10)])
    nearest = ((noisy.test.images[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    assert 0.1 < (nearest == noisy.test.labels).mean() < 0.8


def test_a_source_of_ones_own() -> None:
    def read(place: Place) -> Raw:
        return Raw((np.eye(6), np.arange(6) % 2), (np.eye(6)[:2], np.arange(2)), (1, 2, 3), 2, (0, 1), notes=("mine",))

    data = load_data(Source("mine", "Mine", read, mean=(0.5,), std=(0.5,)))
    assert data.train.images.tolist() == (2 * np.eye(6) - 1).tolist()
    assert data.notes == ("mine",)


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("SPARSEGRAPH_DATA", raising=False)
    assert data_folders() == (tmp_path / "cache" / "sparsegraph" / "data",)
    monkeypatch.setenv("SPARSEGRAPH_DATA", str(tmp_path))
    assert data_folders() == (tmp_path, tmp_path / "cache" / "sparsegraph" / "data")
    assert data_folders("here") == (Path("here"),)
    monkeypatch.setattr("sys.platform", "darwin")
    assert data_folders()[1].parts[-4:] == ("Library", "Caches", "sparsegraph", "data")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert data_folders()[1] == tmp_path / "local" / "sparsegraph" / "data"
    with pytest.raises(MissingDataError, match="local"):
        load_data("mnist")
