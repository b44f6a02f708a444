"""Shards: the index is the allow-list."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from fuzz_samples import weights
from safetensors.numpy import save_file

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents


def shards(folder: Path, weight_map: dict[str, object] | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    listed: dict[str, object] = {}
    for number, (key, value) in enumerate(weights().items(), 1):
        name = f"model-{number:05}-of-00003.safetensors"
        save_file({key: value}, folder / name)
        listed[key] = name
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": weight_map or listed}))
    return index


def test_index_and_directory_give_all_tensors(tmp_path: Path) -> None:
    index = shards(tmp_path / "model")
    (tmp_path / "model" / "config.json").write_text("{}")
    for path in (index, tmp_path / "model"):
        contents = read_contents(path)
        assert contents.format == "safetensors, 3 shards"
        for tensor in contents.tensors:
            np.testing.assert_array_equal(tensor.read(), weights()[tensor.name])
        assert len(contents.tensors) == 3


def test_the_hash_is_that_of_the_sorted_hashes(tmp_path: Path) -> None:
    index = shards(tmp_path)
    digests = sorted(hashlib.sha256(p.read_bytes()).hexdigest() for p in tmp_path.glob("*.safetensors"))
    assert read_contents(index).sha256 == hashlib.sha256("\n".join(digests).encode()).hexdigest()


def test_stray_shards_and_tensors_are_left_out(tmp_path: Path) -> None:
    index = shards(tmp_path, {"fc1.weight": "model-00001-of-00003.safetensors"})
    save_file({**weights(), "stray": np.ones(2)}, tmp_path / "model-00001-of-00003.safetensors")
    contents = read_contents(index)
    assert [tensor.name for tensor in contents.tensors] == ["fc1.weight"]
    assert "3 tensors that the index does not list" in contents.notes[0]


@pytest.mark.parametrize(
    "name",
    ["../secret.safetensors", "/etc/passwd", "a/b.safetensors", "..", ".", "", "a\\b", "C:x", "x\0y", "~/x/y"],
)
def test_names_that_lead_elsewhere_are_refused(name: str, tmp_path: Path) -> None:
    save_file(weights(), tmp_path / "secret.safetensors")
    index = shards(tmp_path / "model", {"fc1.weight": name})
    with pytest.raises(LoadError, match="only files in its own directory"):
        read_contents(index)


def test_a_link_out_of_the_directory_is_refused_and_a_cache_of_links_is_read(tmp_path: Path) -> None:
    index = shards(tmp_path / "blobs")
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    for path in (tmp_path / "blobs").iterdir():
        (snapshot / path.name).symlink_to(path)
    assert len(read_contents(snapshot).tensors) == 3
    (snapshot / index.name).unlink()
    (snapshot / index.name).write_bytes(index.read_bytes())
    with pytest.raises(LoadError, match="leads out of its directory"):
        read_contents(snapshot / index.name)


def test_missing_and_wrong_shards_are_named(tmp_path: Path) -> None:
    index = shards(tmp_path)
    save_file({"other": np.ones(2)}, tmp_path / "model-00002-of-00003.safetensors")
    with pytest.raises(LoadError, match=r"00002-of-00003\.safetensors lacks 'fc2\.weight'"):
        read_contents(index)
    (tmp_path / "model-00002-of-00003.safetensors").unlink()
    with pytest.raises(LoadError, match=r"00002-of-00003\.safetensors is missing"):
        read_contents(index)


@pytest.mark.parametrize("weight_map", [{"a": 1}, {"a": None}, {"a": "model.safetensors.index.json"}, {"a": "."}])
def test_an_index_of_anything_else_is_refused(weight_map: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(LoadError):
        read_contents(shards(tmp_path, weight_map))


def test_torch_shards(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.save({"a": torch.ones(2, 3)}, tmp_path / "pytorch_model-1.bin")
    index = tmp_path / "pytorch_model.bin.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "pytorch_model-1.bin"}}))
    assert read_contents(index).format == "torch zip, 1 shard"
