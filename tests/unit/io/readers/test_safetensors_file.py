"""Safetensors files against the safetensors library, and hostile headers."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from fuzz_samples import weights
from safetensors.numpy import save_file

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents


def file_of(path: Path, header: object, data: bytes = b"", length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return path


def test_equal_to_the_library(tmp_path: Path) -> None:
    tensors = {f"{dtype}": np.arange(12).reshape(3, 4).astype(dtype) for dtype in ("f8", "f4", "f2", "i8", "u1", "?")}
    tensors["scalar"], tensors["empty"] = np.array(1.5), np.zeros((0, 3), np.float32)
    save_file(tensors, tmp_path / "x.safetensors", metadata={"format": "pt"})
    contents = read_contents(tmp_path / "x.safetensors")
    assert contents.format == "safetensors"
    assert {tensor.name for tensor in contents.tensors} == set(tensors)
    for tensor in contents.tensors:
        assert tensor.layout == "torch"
        assert tensor.read().dtype == tensors[tensor.name].dtype
        np.testing.assert_array_equal(tensor.read(), tensors[tensor.name])


def test_narrow_types_equal_torch(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file as save_torch

    values = torch.tensor([[0.5, -1.0], [3.0, 0.0]])
    tensors = {str(t): values.to(t) for t in (torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2)}
    save_torch(tensors, tmp_path / "x.safetensors")
    for tensor in read_contents(tmp_path / "x.safetensors").tensors:
        assert tensor.dtype == tensor.name.removeprefix("torch.")
        np.testing.assert_array_equal(tensor.read(), values.numpy())


def test_bitmask_keys_of_compressed_tensors(tmp_path: Path) -> None:
    # keys and types as compressed-tensors writes them (reference page on checkpoint formats)
    tensors = {
        "W.shape": np.array([2, 9]),
        "W.compressed": np.array([1.0, 2.0, 3.0], np.float32),
        "W.bitmask": np.array([[1, 0], [128, 1]], np.uint8),
        "W.row_offsets": np.array([0, 1]),
    }
    save_file(tensors, tmp_path / "x.safetensors")
    assert {t.name: t.shape for t in read_contents(tmp_path / "x.safetensors").tensors} == {
        key: value.shape for key, value in tensors.items()
    }


def entry(shape: object, start: object, stop: object, dtype: object = "F32") -> dict[str, object]:
    return {"a": {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (entry([2], 0, 8) | {"b": 1}, "no offsets"),
        (entry([2**40, 2**40], 0, 8), "shape needs"),
        (entry([2**60], 0, 8), "shape"),
        (entry([-1], 0, 8), "shape"),
        (entry([2.0], 0, 8), "shape"),
        (entry([True], 0, 4), "shape"),
        (entry([1] * 100, 0, 4), "shape"),
        (entry("ab", 0, 8), "no shape"),
        (entry([4], 0, 16), "beyond the end"),
        (entry([2], -8, 0), "beyond the end"),
        (entry([2], 8, 0), "beyond the end"),
        (entry([2], "0", 8), "no offsets"),
        (entry([3], 0, 8), "8 bytes but its shape needs 12"),
        ([1], "no checkpoint"),
        (b'{"a":' + b"[" * 100_000, "RecursionError"),
        (b'{"a": NaN}', "no offsets"),
        (b'{"\xff": 1}', "UnicodeDecodeError"),
        (b'{"a"', "JSONDecodeError"),
    ],
)
def test_hostile_headers(header: object, said: str, tmp_path: Path) -> None:
    path = file_of(tmp_path / "x.safetensors", header, b"\0" * 8)
    with pytest.raises(LoadError, match=said):
        read_contents(path)


@pytest.mark.parametrize("length", [2**60, 2**64 - 1, 2**31, 1000])
def test_gigantic_header_lengths(length: int, tmp_path: Path) -> None:
    path = file_of(tmp_path / "x.safetensors", entry([2], 0, 8), b"\0" * 8, length)
    with pytest.raises(LoadError, match=f"header of {length} bytes"):
        read_contents(path)


def test_unknown_types_are_noted(tmp_path: Path) -> None:
    header = entry([4], 0, 2, "F4") | {"b": {"dtype": "U8", "shape": [6], "data_offsets": [2, 8]}}
    contents = read_contents(file_of(tmp_path / "x.safetensors", header, b"\0" * 8))
    assert [tensor.name for tensor in contents.tensors] == ["b"]
    assert contents.notes == ("a: numbers of type F4, which is not read",)


def test_tensors_that_share_their_bytes_are_bounded_together(tmp_path: Path) -> None:
    shared = {"dtype": "U8", "shape": [1 << 20], "data_offsets": [0, 1 << 20]}
    path = file_of(tmp_path / "x.safetensors", {str(i): shared for i in range(100)}, b"\0" * (1 << 20))
    assert len(read_contents(path).tensors) == 100
    # 42 GB of views of one MiB, in a file of 4 MB
    path = file_of(tmp_path / "y.safetensors", {str(i): shared for i in range(40_000)}, b"\0" * (1 << 20))
    with pytest.raises(LoadError, match="its tensors would unpack"):
        read_contents(path)


def test_reading_in_the_order_of_the_file(tmp_path: Path) -> None:
    save_file(weights(), tmp_path / "x.safetensors")
    assert [t.name for t in read_contents(tmp_path / "x.safetensors").tensors] == sorted(weights())
