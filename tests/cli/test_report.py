"""sparsegraph report, as a user meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_runs import train_tiny

Command = Callable[..., Any]
FEW = ("-m", "sparsity", "-m", "kshell", "--fast")


def test_a_checkpoint_becomes_one_file(sparsegraph: Command, checkpoint: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    answer = sparsegraph("report", checkpoint, *FEW, "-o", place)
    assert (answer.status, answer.out) == (0, "")
    *steps, last = answer.err.splitlines()
    assert last == f"sparsegraph: wrote {place}"
    assert "report: small.pt: kshell" in steps
    text = place.read_text(encoding="utf-8")
    assert "<title>small.pt · sparsegraph report</title>" in text
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_the_default_null_model_and_a_named_one(sparsegraph: Command, checkpoint: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    sparsegraph("report", checkpoint, "-m", "path_length", "--n-null", 4, "-o", place)
    assert "degree: 4 draws, seed 0" in place.read_text(encoding="utf-8")
    sparsegraph("report", checkpoint, "-m", "path_length", "--null", "er", "--n-null", 3, "--seed", 5, "-o", place)
    assert "er: 3 draws, seed 5" in place.read_text(encoding="utf-8")


def test_a_folder_is_set_side_by_side(sparsegraph: Command, checkpoint: Path, state_dict: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    answer = sparsegraph("report", checkpoint, state_dict, *FEW, "-o", place)
    assert answer.status == 0
    assert "2 networks side by side" in place.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "report.txt"), ".html"),
        (("-o", "nowhere/report.html"), "there is no folder"),
        (("-m", "kshel"), "kshell"),
        (("--null", "nothing"), "degree"),
        (("--findings",), "no run"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_no_file(
    sparsegraph: Command, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Any, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = sparsegraph("report", checkpoint, *words)
    assert answer.status == 1
    assert answer.err.count("\n") == 1
    assert told in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_which_only_its_training_is_measured_has_a_page(sparsegraph: Command, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    run = train_tiny("sulyok-rlr", tmp_path)
    answer = sparsegraph("report", run, "-m", "turnover", "--fast", "-o", place)
    assert answer.status == 0, answer.err
    text = place.read_text(encoding="utf-8")
    assert 'download="report.json"' in text
    assert 'download="results.csv"' not in text
