"""HDF5 files: Keras weights, other datasets, and links that lead out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents

h5py = pytest.importorskip("h5py")


def test_keras_in_the_order_of_its_layers(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.attrs["layer_names"] = [b"zebra", b"ape"]
        for name in ("ape", "zebra"):
            group = file.create_group(name)
            group.attrs["weight_names"] = [f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()]
            group[f"{name}/kernel:0"] = np.eye(3, dtype=np.float32)
            group[f"{name}/bias:0"] = np.zeros(3)
    contents = read_contents(tmp_path / "x.h5")
    assert contents.format == "Keras HDF5"
    assert [tensor.name for tensor in contents.tensors] == [
        f"{layer}/{layer}/{weight}:0" for layer in ("zebra", "ape") for weight in ("bias", "kernel")
    ]
    assert {tensor.layout for tensor in contents.tensors} == {"channels_last"}


def test_real_keras_file(checkpoints: Path) -> None:
    contents = read_contents(checkpoints / "tfmot_mnist_pruned_80.h5")
    found = {t.name: t for t in contents.tensors}
    kernel = found["model_weights/conv2d/conv2d/kernel:0"]
    # shapes and fractions of zeros from the README of the checkpoints
    assert kernel.shape == (3, 3, 1, 12)
    assert round(1 - np.count_nonzero(kernel.read()) / 108, 4) == 0.7963
    dense = found["model_weights/dense/dense/kernel:0"].read()
    assert dense.shape == (2028, 10)
    assert round(1 - np.count_nonzero(dense) / dense.size, 4) == 0.8


def test_other_datasets_by_type(tmp_path: Path) -> None:
    arrays = {
        "half": np.ones((2, 3), np.float16),
        "big": np.arange(6, dtype=">i4").reshape(2, 3),
        "mask": np.eye(3, dtype=bool),
        "group/chunked": np.arange(100.0).reshape(10, 10),
    }
    with h5py.File(tmp_path / "x.h5", "w") as file:
        for name, array in arrays.items():
            options = {"chunks": (3, 4), "compression": "gzip"} if "chunked" in name else {}
            file.create_dataset(name, data=array, **options)
        file["text"] = "hello"
        file["nothing"] = h5py.Empty("f4")
    contents = read_contents(tmp_path / "x.h5")
    assert contents.format == "HDF5"
    assert {tensor.name for tensor in contents.tensors} == set(arrays)
    for tensor in contents.tensors:
        np.testing.assert_array_equal(tensor.read(), arrays[tensor.name])
    assert contents.notes == ("nothing: an empty dataset",)


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["model_weights/x"] = np.ones(3)
    (tmp_path / "raw").write_bytes(np.ones(3).tobytes())
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["own"] = np.zeros((2, 2))
        file["soft"] = h5py.SoftLink("/own")
        file["dangling"] = h5py.SoftLink("/nothing")
        file["model_weights"] = h5py.ExternalLink("secret.h5", "/model_weights")
        file.create_dataset("outside", (3,), "f8", external=[(str(tmp_path / "raw"), 0, 24)])
        layout = h5py.VirtualLayout((3,), "f8")
        layout[:] = h5py.VirtualSource(tmp_path / "secret.h5", "model_weights/x", (3,))
        file.create_virtual_dataset("virtual", layout)
    contents = read_contents(tmp_path / "x.h5")
    assert [tensor.name for tensor in contents.tensors] == ["own"]
    assert sorted(note.partition(":")[0] for note in contents.notes) == [
        "dangling", "model_weights", "outside", "soft", "virtual",
    ]  # fmt: skip


def test_groups_that_contain_themselves_end(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        group = file.create_group("a")
        group["again"] = file["/"]
        group["b"] = group
        group["w"] = np.ones(2)
    assert [tensor.name for tensor in read_contents(tmp_path / "x.h5").tensors] == ["a/w"]


def test_values_that_are_not_stored_do_not_fill_the_memory(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("bomb", (10**6, 10**6), "f8", chunks=(1000, 1000), compression="gzip")
    with pytest.raises(LoadError, match="would unpack"):
        read_contents(tmp_path / "x.h5")
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("bomb", (1, 1), "f8", maxshape=(None, None), chunks=(2**14, 2**14), compression="gzip")
    with pytest.raises(LoadError, match="would unpack"):
        read_contents(tmp_path / "x.h5")


@pytest.mark.parametrize(("fault", "said"), [("os.abort()", "crashes"), ("time.sleep(60)", "hangs")])
def test_a_library_that_crashes_or_hangs_does_so_elsewhere(
    fault: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["w"] = np.ones((2, 2))
    assert len(read_contents(tmp_path / "x.h5").tensors) == 1
    # a stand-in for the library that fails in the other process only
    stand_in = tmp_path / "path" / "h5py.py"
    stand_in.parent.mkdir()
    stand_in.write_text(f"import os, time\n{fault}\n")
    monkeypatch.setenv("PYTHONPATH", str(stand_in.parent))
    monkeypatch.setattr("sparsegraph.io.readers.hdf5_trial.SILENCE_SECONDS", 2.0)
    with pytest.raises(LoadError, match=said):
        read_contents(tmp_path / "x.h5")
