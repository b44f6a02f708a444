"""The door: whatever lies at a path, one line says so."""

from __future__ import annotations

import hashlib
import os
import pickle
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fuzz_samples import Sample, generated

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents
from sparsegraph.io.readers.formats import formats

pytestmark = pytest.mark.filterwarnings("ignore:Sparse CSR tensor support:UserWarning")


def refusal(path: Path) -> str:
    with pytest.raises(LoadError) as caught:
        read_contents(path)
    message = str(caught.value)
    assert message.isprintable()  # one line
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    return message


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return generated()


def test_recognised_by_content_whatever_the_name(samples: list[Sample], tmp_path: Path) -> None:
    seen = set()
    for sample in samples:
        if len(sample.files) == 1:
            path = tmp_path / "checkpoint.txt"
            path.write_bytes(sample.files[sample.opened])
            contents = read_contents(path)
            assert contents.tensors, sample.name
            assert contents.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
            seen.add(contents.format)
    assert seen == {
        "torch zip", "torch legacy", "pickle", "npz", "npy", "scipy sparse npz", "MATLAB 4", "MATLAB 5", "Keras HDF5",
        "HDF5", "ONNX", "sparsegraph checkpoint, version 1", "sparsegraph snapshot, version 1", "sparsegraph arrays",
    }  # fmt: skip


def test_every_tensor_can_be_read_twice_and_has_the_size_it_says(samples: list[Sample], tmp_path: Path) -> None:
    for sample in samples:
        for name, data in sample.files.items():
            (tmp_path / name).write_bytes(data)
        for tensor in read_contents(tmp_path / sample.opened).tensors:
            first, second = tensor.read(), tensor.read()
            assert first.shape == second.shape == tensor.shape
            if isinstance(first, np.ndarray):
                assert first.nbytes == tensor.n_bytes, (sample.name, tensor.name)
                assert first.flags.c_contiguous
                assert first.dtype.isnative
                np.testing.assert_array_equal(first, second)


def test_missing_empty_and_unknown(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "missing.pt")
    (tmp_path / "empty.pt").write_bytes(b"")
    assert "0 bytes" in refusal(tmp_path / "empty.pt")
    (tmp_path / "unknown.pt").write_bytes(b"\x01\x02 some text")
    assert "01 02 20" in refusal(tmp_path / "unknown.pt")
    assert "null byte" in refusal(tmp_path / "a\0b")
    assert "too long" in refusal(tmp_path / ("a" * 300))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00", "git lfs pull"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<!DOCTYPE html><html>", "download"),
        (b"\0" * 257 + b"ustar" + b"\0" * 300, "tar archive"),
        (b"GGUF\x03\0\0\0", "GGUF"),
        (b"MATLAB 7.3 MAT-file" + b" " * 109 + b"\0" * 400 + b"\x89HDF\r\n\x1a\n", "-v7"),
    ],
)
def test_other_files_are_named(start: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(start)
    assert said in refusal(tmp_path / "file")


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "pipe" in refusal(tmp_path / "pipe")
    assert "device" in refusal(Path("/dev/zero"))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket"))
        assert "socket" in refusal(tmp_path / "socket")


def test_links(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.ones((2, 3)))
    (tmp_path / "good").symlink_to("array.npy")
    assert read_contents(tmp_path / "good").format == "npy"
    (tmp_path / "dangling").symlink_to("nothing")
    assert "link to nothing" in refusal(tmp_path / "dangling")
    (tmp_path / "loop").symlink_to("loop")
    assert "symbolic links" in refusal(tmp_path / "loop")


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    np.save(tmp_path / "array.npy", np.ones(3))
    monkeypatch.setattr(Path, "open", denied)  # permissions do not bind whoever runs as root
    assert "Permission denied" in refusal(tmp_path / "array.npy")


def test_directories(tmp_path: Path) -> None:
    assert "0 checkpoints" in refusal(tmp_path)
    (tmp_path / "README.md").write_text("text")
    np.save(tmp_path / "one.npy", np.ones((2, 3)))
    assert read_contents(tmp_path).tensors[0].name == "one"
    np.save(tmp_path / "two.npy", np.ones((2, 3)))
    assert "2 checkpoints (one.npy, two.npy)" in refusal(tmp_path)


def test_a_file_that_vanishes_before_its_tensor_is_read(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.ones(3))
    (tensor,) = read_contents(tmp_path / "array.npy").tensors
    (tmp_path / "array.npy").unlink()
    with pytest.raises(LoadError, match="tensor 'array': cannot be read"):
        tensor.read()


def test_names_are_harmless_and_told_apart(tmp_path: Path) -> None:
    names = ["a\x1b]0;x\x07", r"a\x1b]0;x\x07", "层1.weight", "\udc80"]
    with (tmp_path / "net.pkl").open("wb") as file:
        pickle.dump({name: np.full(i + 1, i) for i, name in enumerate(names)}, file)
    tensors = read_contents(tmp_path / "net.pkl").tensors
    expected = [r"a\x1b]0;x\x07", r"a\x1b]0;x\x07 (2)", "层1.weight", r"\udc80"]
    assert [tensor.name for tensor in tensors] == expected
    assert [tensor.read().size for tensor in tensors] == [1, 2, 3, 4]


def test_notes_are_harmless(tmp_path: Path) -> None:
    np.savez(tmp_path / "net.npz", **{"te\x1bxt": np.array(["a"]), "w": np.ones(2)})
    (note,) = read_contents(tmp_path / "net.npz").notes
    assert note.startswith(r"te\x1bxt: an array of type <U1")


def test_an_empty_path_is_not_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "array.npy", np.ones((2, 3)))
    monkeypatch.chdir(tmp_path)
    assert read_contents(".").tensors
    with pytest.raises(LoadError, match="an empty path"):
        read_contents("")


def test_a_directory_of_many_checkpoints_says_how_many_are_not_named(tmp_path: Path) -> None:
    for i in range(7):
        np.save(tmp_path / f"{i}.npy", np.ones(2))
    assert "7 checkpoints (0.npy, 1.npy, 2.npy, 3.npy, and 3 more)" in refusal(tmp_path)


def test_shards_without_their_index(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    for i in (1, 2):
        save_file({f"fc{i}.weight": np.ones((2, 2))}, tmp_path / f"model-{i:05}-of-00002.safetensors")
    message = refusal(tmp_path)
    assert "2 shards (model-00001-of-00002.safetensors, " in message
    assert "without their index (such as model.safetensors.index.json)" in message
    assert "name one of the shards" in message


def test_max_memory(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.ones(100))
    assert read_contents(tmp_path / "array.npy", max_memory=800).tensors[0].read().size == 100
    with pytest.raises(LoadError, match="800 bytes; 799 are allowed"):
        read_contents(tmp_path / "array.npy", max_memory=799).tensors[0].read()


def test_names_with_control_characters_stay_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a\n\x1b[31mb.pt"
    path.write_bytes(b"\x01nothing")
    assert "a" in refusal(path)


@pytest.mark.parametrize(("module", "extra"), [("h5py", "hdf5"), ("onnx", "onnx")])
def test_a_missing_extra_says_what_to_install(
    module: str, extra: str, samples: list[Sample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    sample = next(s for s in samples if s.name == {"h5py": "keras.h5", "onnx": "model.onnx"}[module])
    (tmp_path / "file").write_bytes(sample.files[sample.opened])
    assert f"sparsegraph[{extra}]" in refusal(tmp_path / "file")


def test_nothing_reaches_the_terminal(samples: list[Sample], tmp_path: Path) -> None:
    data = {sample.name: sample.files[sample.opened] for sample in samples if len(sample.files) == 1}
    for name, content in data.items():
        (tmp_path / name).write_bytes(content[: len(content) * 2 // 3])
    code = """
import sys, pathlib
from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents
for path in pathlib.Path(sys.argv[1]).iterdir():
    try:
        [tensor.read() for tensor in read_contents(path).tensors]
    except LoadError:
        pass
"""
    command = [sys.executable, "-W", "always", "-c", code, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, check=True)
    assert (ran.stdout, ran.stderr) == (b"", b"")


def test_the_formats_are_listed() -> None:
    assert list(formats) == [
        "HDF5", "MATLAB", "MATLAB 4", "ONNX", "file of a run", "npy", "npz", "pickle", "safetensors", "shard index",
        "torch legacy", "torch zip",
    ]  # fmt: skip
