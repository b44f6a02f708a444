"""Which checkpoints and runs a folder stands for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from evolving import snapshots

from sparsegraph.errors import LoadError
from sparsegraph.io.listing import checkpoints_in
from sparsegraph.io.runs.layout import CONFIG
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.io.runs.writer import RunWriter


def run_at(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with RunWriter.create(path, {"recipe": "set"}) as writer:
        writer.snapshot(snapshots(1)[0])
    return path


def test_runs_lie_in_a_folder_or_one_deeper(tmp_path: Path) -> None:
    nested = [run_at(tmp_path / "b" / f"seed{seed}") for seed in (0, 1)]
    found = [run_at(tmp_path / "a"), *nested, run_at(tmp_path / "c")]
    assert runs_in(tmp_path) == found
    assert checkpoints_in(tmp_path) == found
    assert runs_in(tmp_path / "b") == nested
    assert runs_in(found[0]) == [found[0]]


def test_numbers_in_names_count(tmp_path: Path) -> None:
    names = ["epoch_1", "epoch_2", "epoch_10", "epoch_010", "last"]
    runs = {name: run_at(tmp_path / name) for name in reversed(names)}
    assert runs_in(tmp_path) == [runs[name] for name in ["epoch_1", "epoch_2", "epoch_010", "epoch_10", "last"]]


def test_files_and_nested_runs_stand_side_by_side(tmp_path: Path) -> None:
    nested = run_at(tmp_path / "a" / "seed0")
    shutil.copy(nested / "snapshots" / "000000.pt", tmp_path / "b.pt")
    assert checkpoints_in(tmp_path) == [nested, tmp_path / "b.pt"]
    assert runs_in(tmp_path) == [nested]


def test_a_damaged_nested_run_is_listed_so_that_its_reader_says_why(tmp_path: Path) -> None:
    (run_at(tmp_path / "a" / "seed0") / CONFIG).unlink()
    assert runs_in(tmp_path) == [tmp_path / "a" / "seed0"]


@pytest.mark.parametrize("name", [".hidden", ".hidden/a", "a/.hidden", "a/b/c"])
def test_hidden_and_deeper_folders_are_passed_over(tmp_path: Path, name: str) -> None:
    other = run_at(tmp_path / "other")
    run_at(tmp_path / name)
    assert runs_in(tmp_path) == checkpoints_in(tmp_path) == [other]


def test_a_folder_that_is_named_is_searched_whatever_its_name(tmp_path: Path) -> None:
    assert runs_in(run_at(tmp_path / ".hidden" / "a").parent) == [tmp_path / ".hidden" / "a"]


def test_folders_without_a_run_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "notes.txt").write_text("none", encoding="utf-8")
    with pytest.raises(LoadError, match=r"no run and holds none, nor do the folders in it; expected one with a config"):
        runs_in(tmp_path)
    with pytest.raises(LoadError, match="without a checkpoint"):
        checkpoints_in(tmp_path)
