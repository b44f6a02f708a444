"""NumPy's files: dense, scipy sparse, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from sparsegraph.errors import LoadError, UnsafeFileError
from sparsegraph.io.contents import read_contents


def npy(header: str, data: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    text = header.encode("latin-1") + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + length + text + data


def npz(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "i1", "<i8", ">u2", "?", "<c8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy(dtype: str, order: str, tmp_path: Path) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype, order=order)
    np.save(tmp_path / "x.npy", array)
    (tensor,) = read_contents(tmp_path / "x.npy").tensors
    assert (tensor.name, tensor.layout, tensor.shape) == ("x", "unknown", (2, 3, 4))
    np.testing.assert_array_equal(tensor.read(), array)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(save: object, tmp_path: Path) -> None:
    arrays = {"a": np.eye(3), "b.c": np.zeros((0, 2)), "d": np.array(5)}
    save(tmp_path / "x.npz", **arrays)
    contents = read_contents(tmp_path / "x.npz")
    assert contents.format == "npz"
    for tensor, key in zip(contents.tensors, arrays, strict=True):
        assert tensor.name == key
        np.testing.assert_array_equal(tensor.read(), arrays[key])


@pytest.mark.parametrize("layout", ["csr", "csc", "coo"])
@pytest.mark.parametrize("compressed", [True, False])
def test_scipy_sparse_keeps_stored_zeros(layout: str, compressed: bool, tmp_path: Path) -> None:
    matrix = sparse.csr_array((np.array([1.0, 0.0, -2.0]), [1, 3, 0], [0, 2, 2, 3]), shape=(3, 4)).asformat(layout)
    sparse.save_npz(tmp_path / "x.npz", matrix, compressed=compressed)
    contents = read_contents(tmp_path / "x.npz")
    assert contents.format == "scipy sparse npz"
    (tensor,) = contents.tensors
    values = tensor.read()
    assert isinstance(values, sparse.csr_array)
    assert values.nnz == 3
    np.testing.assert_array_equal(values.toarray(), matrix.toarray())


def test_objects_are_refused_and_among_others_noted(tmp_path: Path) -> None:
    objects = np.array([{"a": 1}, None], object)
    np.save(tmp_path / "x.npy", objects, allow_pickle=True)
    with pytest.raises(UnsafeFileError, match="Python objects"):
        read_contents(tmp_path / "x.npy")
    np.savez(tmp_path / "x.npz", objects=objects, text=np.array(["a"]), records=np.zeros(2, "i4,f4"), good=np.ones(2))
    contents = read_contents(tmp_path / "x.npz")
    assert [tensor.name for tensor in contents.tensors] == ["good"]
    assert [note.partition(":")[0] for note in contents.notes] == ["objects", "text", "records"]


HUGE = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s,), }"


@pytest.mark.parametrize(
    "data",
    [
        npy(HUGE % 10**12),
        npy(HUGE % 10**30),
        npy(HUGE % -1),
        npy(HUGE % 1.5),
        npy(HUGE % True, b"\0" * 8),
        npy(HUGE % ", ".join(["1"] * 100), b"\0" * 8),
        npy("{'descr': '<f8', 'shape': (1,)}", b"\0" * 8),
        npy("__import__('os').system('true')", b"\0" * 8),
        npy("{'descr': [('a', [('b', '<f8')])], 'fortran_order': False, 'shape': (1,), }", b"\0" * 8),
        npy("(" * 5000 + ")" * 5000),
        npy("'" + "a" * 60_000 + "'"),
        npy(HUGE % 1, b"\0" * 8, (3, 0)),
        npy(HUGE % 1, b"\0" * 8, (9, 9)),
        npy(HUGE % 2, b"\0" * 15),
        b"\x93NUMPY",
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}",
    ],
    ids=range(16),
)
def test_hostile_headers(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(data)
    with pytest.raises(LoadError):
        read_contents(tmp_path / "x.npy")
    with pytest.raises(LoadError):
        read_contents(npz(tmp_path / "x.npz", {"a.npy": data}))


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    # the archive holds two MiB of zeros but its directory is made to declare four GB in a file of two kB
    data = npy(HUGE % 2**18, b"\0" * 2**21)
    path = npz(tmp_path / "x.npz", {"a.npy": data})
    assert read_contents(path).tensors[0].read().size == 2**18  # 1000 to 1, but small
    declared = path.read_bytes().replace(struct.pack("<I", len(data)), struct.pack("<I", 2**32 - 16))
    path.write_bytes(declared)
    with pytest.raises(LoadError, match="would unpack"):
        read_contents(path)


def test_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", npy(HUGE % 1, b"\0" * 8))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.npy", npy(HUGE % 1, b"\1" * 8))
    with pytest.raises(LoadError, match="two members"):
        read_contents(path)


def test_a_flipped_bit_does_not_match_the_checksum(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.savez(stream, a=np.full(16, 1.5))
    data = bytearray(stream.getvalue())
    data[data.index(np.full(16, 1.5).tobytes())] ^= 1
    (tmp_path / "x.npz").write_bytes(data)
    with pytest.raises(LoadError, match="CRC"):
        read_contents(tmp_path / "x.npz").tensors[0].read()


@pytest.mark.parametrize(
    "change",
    [
        {"indices": np.array([9])},
        {"indices": np.array([-1])},
        {"indices": np.array([0.5])},
        {"indptr": np.array([0, 2])},
        {"indptr": np.array([1, 1])},
        {"data": np.ones((1, 1))},
        {"shape": np.array([10**6, 1])},
        {"shape": np.array([1, 2, 3])},
        {"shape": np.array([-1, 3])},
    ],
)
def test_sparse_matrices_that_contradict_themselves(change: dict[str, np.ndarray], tmp_path: Path) -> None:
    parts = {"indices": np.array([2]), "indptr": np.array([0, 1]), "data": np.ones(1), "shape": np.array([1, 3])}
    np.savez(tmp_path / "x.npz", format=np.array(b"csr"), **{**parts, **change})
    with pytest.raises(LoadError):
        read_contents(tmp_path / "x.npz").tensors[0].read()
