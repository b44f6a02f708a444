"""The per-epoch table: appended, cut, and read in spite of a half-written line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sparsegraph.errors import LoadError
from sparsegraph.io.runs.history_file import append_record, cut_history, read_history


@pytest.fixture
def path(tmp_path: Path) -> Path:
    for epoch in (1, 2, 3):
        append_record(tmp_path / "history.jsonl", {"epoch": epoch, "loss": 1 / epoch, "anp": [0.5, epoch]})
    return tmp_path / "history.jsonl"


def test_records_come_back_and_make_a_table(path: Path) -> None:
    history = read_history(path)
    assert len(history) == 3
    assert history[1] == {"epoch": 2, "loss": 0.5, "anp": [0.5, 2]}
    assert [record["epoch"] for record in history[1:]] == [2, 3]
    assert history.to_frame()["loss"].tolist() == [1.0, 0.5, 1 / 3]


def test_a_half_written_last_line_is_left_out_wherever_it_broke(path: Path) -> None:
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for end in range(last, len(whole) - 1):
        path.write_bytes(whole[:end])
        assert len(read_history(path)) == 2
    path.write_bytes(whole[:-1])
    assert len(read_history(path)) == 3


@pytest.mark.parametrize("line", [b"{", b"3", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"\xff\xfe"])
def test_a_damaged_line_is_named(path: Path, line: bytes) -> None:
    lines = path.read_bytes().split(b"\n")
    lines[1] = line
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(LoadError, match=r"history\.jsonl: line 2"):
        read_history(path)


def test_cutting_leaves_the_first_records(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'{"epoch": 4, "lo')
    cut_history(path, 2)
    append_record(path, {"epoch": 3})
    assert [record["epoch"] for record in read_history(path)] == [1, 2, 3]
    with pytest.raises(LoadError, match=r"3 records; .* after 5"):
        cut_history(path, 5)


def test_numpy_values_become_plain_and_what_json_lacks_is_null(tmp_path: Path) -> None:
    record = {"loss": np.float32("nan"), "links": np.array([3, 4]), "rate": (np.float64(0.5), float("inf")), "ok": True}
    append_record(tmp_path / "h", record)
    assert (tmp_path / "h").read_text() == '{"loss": null, "links": [3, 4], "rate": [0.5, null], "ok": true}\n'
    with pytest.raises(TypeError, match="plain values only"):
        append_record(tmp_path / "h", {"model": object()})


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert len(read_history(tmp_path / "none")) == 0
