"""The resume file: arrays of every type of number, states of random generators."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sparsegraph.errors import LoadError
from sparsegraph.io.runs.archive import write_archive
from sparsegraph.io.runs.resume_file import MAGIC, ResumePoint, Written, read_resume, write_resume


def test_everything_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "engine/weight.0": rng.normal(size=7).astype(np.float32),
        "head": np.arange(6, dtype=np.uint64).reshape(2, 3),
        "file": np.array(True),
        "nan/../x": np.array([np.nan, np.inf]),
        "empty": np.zeros((0, 3), np.int8),
    }
    meta = {"epoch": 3, "rng": rng.bit_generator.state, "stopped": [False, True]}
    write_resume(tmp_path, ResumePoint(arrays, meta, Written(3, 4, 5, 6)))
    found = read_resume(tmp_path)
    assert found is not None
    assert found.written == Written(3, 4, 5, 6)
    assert found.arrays.keys() == arrays.keys()
    for name, values in arrays.items():
        assert found.arrays[name].dtype == values.dtype
        np.testing.assert_array_equal(found.arrays[name], values)
    again = np.random.default_rng(1)
    again.bit_generator.state = found.meta["rng"]
    assert again.random() == rng.random()


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_resume(tmp_path / name, ResumePoint({"x": np.ones(3)}, {"epoch": 1}))
    assert (tmp_path / "a/resume.npz").read_bytes() == (tmp_path / "b/resume.npz").read_bytes()


def test_numpy_opens_it(tmp_path: Path) -> None:
    write_resume(tmp_path, ResumePoint({"x": np.arange(3)}, {"epoch": 1}))
    with np.load(tmp_path / "resume.npz", allow_pickle=False) as content:
        assert content["0"].tolist() == [0, 1, 2]
        assert b'"arrays": ["x"]' in content["head"].tobytes()


def test_objects_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="numbers are expected"):
        write_resume(tmp_path, ResumePoint({"x": np.array(["text"])}, {}))
    assert read_resume(tmp_path) is None


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ({"format": "other"}, "not a sparsegraph-resume"),
        ({"format": MAGIC, "format_version": 9}, "newer sparsegraph"),
        ({"format": MAGIC, "format_version": 1}, "without its remarks"),
        ({"format": MAGIC, "format_version": 1, "meta": {}, "written": {**vars(Written()), "records": -1}}, "counts"),
    ],
)
def test_a_wrong_file_is_refused(head: dict[str, object], message: str, tmp_path: Path) -> None:
    write_archive(tmp_path / "resume.npz", head, {})
    with pytest.raises(LoadError, match=message):
        read_resume(tmp_path)
