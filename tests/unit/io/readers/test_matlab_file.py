"""MATLAB files that SciPy writes, against SciPy's own reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import io, sparse

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents

FORMS = {"4": {"format": "4"}, "5": {}, "7": {"do_compression": True}}


@pytest.mark.parametrize("form", FORMS)
def test_equal_to_scipy(form: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    content = {
        "adjacency_matrix": (rng.random((7, 5)) < 0.3).astype(np.uint8),
        "weights": rng.normal(size=(3, 4)),
        "sparse": sparse.random_array((30, 20), density=0.1, rng=rng, format="csc"),
        "scalar": np.array([[2.5]]),
    }
    if form != "4":
        content |= {
            "single": rng.normal(size=(2, 3, 4)).astype(np.float32),
            "logical": rng.random((4, 4)) < 0.5,
            "long": np.array([[2**40, -1]]),
            "logical_sparse": sparse.csc_array(np.eye(4, dtype=bool)),
        }
    path = tmp_path / "x.mat"
    io.savemat(path, content, **FORMS[form])
    reference = io.loadmat(path)
    contents = read_contents(path)
    assert contents.format == f"MATLAB {'4' if form == '4' else '5'}"
    assert [tensor.name for tensor in contents.tensors] == list(content)
    for tensor in contents.tensors:
        ours, theirs = tensor.read(), reference[tensor.name]
        assert tensor.shape == theirs.shape
        assert tensor.layout == ("in_out" if tensor.name == "adjacency_matrix" else "unknown")
        if sparse.issparse(theirs):
            assert isinstance(ours, sparse.csr_array)
            ours, theirs = ours.toarray(), theirs.toarray()
        # SciPy hands over logical matrices as uint8
        assert ours.dtype == (bool if tensor.name.startswith("logical") else theirs.dtype)
        np.testing.assert_array_equal(ours, theirs)


def test_other_variables_are_noted(tmp_path: Path) -> None:
    content = {"text": "hi", "cell": np.array(["a", 1], object), "struct": {"a": 1}, "complex": np.eye(2) * 1j}
    content["x"] = 1.0
    io.savemat(tmp_path / "x.mat", content)
    contents = read_contents(tmp_path / "x.mat")
    assert [tensor.name for tensor in contents.tensors] == ["x"]
    assert [note.partition(":")[0] for note in contents.notes] == ["text", "cell", "struct", "complex"]
    io.savemat(tmp_path / "x.mat", {"text": "hi"})
    with pytest.raises(LoadError, match="text: text, not read"):
        read_contents(tmp_path / "x.mat")


def element(kind: int, data: bytes) -> bytes:
    """An element of a big-endian file: tag, data, padding, as the format describes them."""
    head = kind.to_bytes(4, "big") + len(data).to_bytes(4, "big")
    return head + data + b"\0" * (-len(data) % 8)


def matrix(name: bytes, kind: int, stored: int, values: np.ndarray) -> bytes:
    """A matrix: flags, dimensions, name, values."""
    shape = np.array(values.shape, ">i4").tobytes()
    parts = [(6, kind.to_bytes(4, "big") + bytes(4)), (5, shape), (1, name), (stored, values.tobytes(order="F"))]
    return element(14, b"".join(element(*part) for part in parts))


HEAD = b"MATLAB 5.0".ljust(124) + b"\x01\x00MI"


def test_big_endian_files(tmp_path: Path) -> None:
    values = np.array([[1.5, 2.5, 3.5]])
    (tmp_path / "x.mat").write_bytes(HEAD + matrix(b"x", 6, 9, values.astype(">f8")))
    (tensor,) = read_contents(tmp_path / "x.mat").tensors
    np.testing.assert_array_equal(tensor.read(), values)


@pytest.mark.parametrize("name", [b"s", b"labels"])
def test_strings_and_tables_are_noted(name: bytes, tmp_path: Path) -> None:
    # an object has no dimensions; what it is made of lies in a matrix without a name at the end of the file
    parts = [(6, (17).to_bytes(4, "big") + bytes(4)), (1, name), (1, b"MCOS"), (1, b"string")]
    object_ = element(14, b"".join(element(*part) for part in parts) + matrix(b"", 13, 6, np.array([[1]], ">u4")))
    weights = matrix(b"w", 6, 9, np.eye(2).astype(">f8"))
    (tmp_path / "x.mat").write_bytes(HEAD + object_ + weights + matrix(b"", 9, 2, np.zeros((1, 8), np.uint8)))
    contents = read_contents(tmp_path / "x.mat")
    assert [tensor.name for tensor in contents.tensors] == ["w"]
    assert contents.notes == (f"{name.decode()}: an object, not read",)


@pytest.mark.parametrize("form", FORMS)
def test_every_truncation_is_refused_or_whole(form: str, tmp_path: Path) -> None:
    content = {"a": np.eye(5), "s": sparse.csc_array(np.eye(5))}
    io.savemat(tmp_path / "x.mat", content, **FORMS[form])
    data = (tmp_path / "x.mat").read_bytes()
    for length in range(1, len(data), 7):
        (tmp_path / "y.mat").write_bytes(data[:length])
        try:
            values = {tensor.name: tensor.read() for tensor in read_contents(tmp_path / "y.mat").tensors}
        except LoadError:
            continue
        np.testing.assert_array_equal(values["a"], np.eye(5))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    import zlib

    head = (14).to_bytes(4, "little") + (2**32 - 8).to_bytes(4, "little")
    packed = zlib.compress(head + b"\0" * 10_000)
    tag = (15).to_bytes(4, "little") + len(packed).to_bytes(4, "little")
    (tmp_path / "x.mat").write_bytes(b"MATLAB 5.0".ljust(124) + b"\x00\x01IM" + tag + packed)
    with pytest.raises(LoadError, match="would unpack"):
        read_contents(tmp_path / "x.mat")
