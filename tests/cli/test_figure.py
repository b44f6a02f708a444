"""sparsegraph figure, as a user meets it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_runs import EPOCHS, train_tiny

from sparsegraph.io.runs.writer import RunWriter

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with runs of two methods, one of them with two seeds."""
    folder = tmp_path_factory.mktemp("runs")
    for profile, seed in (("sulyok-ch3l3", 0), ("sulyok-ch3l3", 1), ("sulyok-rlr", 0)):
        train_tiny(profile, folder, seed=seed)
    return folder


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")


def test_the_list_says_what_each_needs(sparsegraph: Command) -> None:
    answer = sparsegraph("figure", "--list")
    assert (answer.status, answer.err) == (0, "")
    lines = {line.split()[0]: line for line in answer.out.splitlines() if line.strip()}
    assert "no runs" in lines["chts-2"]
    assert "runs of sulyok-ch3l3" in lines["sulyok-convergence"]
    assert "needs a GPU" in lines["chts-table-1"]


def test_names_to_type_are_whole_in_a_narrow_list(sparsegraph: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = sparsegraph("figure", "--list").out.splitlines()
    assert not [line for line in lines if "…" in line]
    needs = "".join(line[lines[0].index("needs") :].strip() for line in lines)
    assert "survival-momentum-random-removal" in needs


def test_with_runs_the_list_says_what_they_lack(sparsegraph: Command, runs: Path) -> None:
    answer = sparsegraph("figure", "--list", runs)
    assert answer.status == 0
    told = {line.split()[0]: " ".join(line.split()) for line in answer.out.splitlines() if line.strip()}
    assert told["sulyok-convergence"].endswith("ready")
    assert told["chts-2"].endswith("ready")
    assert "needs runs of chts-chts" in told["chts-a1"]


def test_one_figure_leaves_pictures_data_caption_and_a_line(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    output = tmp_path / "deep" / "figures"
    answer = sparsegraph("figure", "sulyok-convergence", runs, "-o", output, "--jobs", "1")
    assert (answer.status, answer.err) == (0, "")
    names = {"sulyok-convergence.svg", "sulyok-convergence.png", "sulyok-convergence.csv", "sulyok-convergence.md"}
    assert {path.name for path in output.iterdir()} == {*names, "manifest.json"}
    caption = (output / "sulyok-convergence.md").read_text(encoding="utf-8")
    assert f"Scale: quick: {EPOCHS} of 100 epochs." in caption
    assert "CH3-L3 on digits (seeds 0, 1; 3 epochs); RLR on digits (seed 0; 3 epochs)" in caption
    assert "Not all is shown: there are none of sulyok-dense." in caption
    table = pd.read_csv(output / "sulyok-convergence.csv")
    assert len(table[table["method"] == "CH3-L3"]) == EPOCHS
    told = "".join(answer.out.splitlines())  # a long path goes on in the next line
    assert all(str(output / name) in told for name in names)


def test_the_manifest_tells_how_and_names_no_place(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    output = tmp_path / "figures"
    for name in ("sulyok-convergence", "cht-a5"):
        assert sparsegraph("figure", name, runs, "-o", output, "--jobs", "1", "--seed", "4").status == 0
    text = (output / "manifest.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert list(told) == ["cht-a5", "sulyok-convergence"]
    entry = told["sulyok-convergence"]
    assert entry["runs"] == [path.name for path in sorted(runs.iterdir())]
    assert (entry["seed"], entry["scale"]) == (4, f"quick: {EPOCHS} of 100 epochs")
    assert entry["command"] == (f"sparsegraph figure sulyok-convergence {runs.name} -o {output.name} --jobs 1 --seed 4")
    assert told["cht-a5"]["scale"] == "needs no training"
    assert {"sparsegraph", "python", "numpy"} <= set(entry["versions"])
    for place in (str(tmp_path), str(runs), str(Path.home()), os.uname().nodename):
        assert place not in text


def test_a_folder_behind_an_equals_sign_is_hidden_too(sparsegraph: Command, tmp_path: Path) -> None:
    assert sparsegraph("figure", "cht-a5", f"--data-dir={tmp_path}/images", "-o", tmp_path / "out").status == 0
    told = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert told["cht-a5"]["command"] == "sparsegraph figure cht-a5 --data-dir=images -o out"


def test_all_draws_what_the_runs_allow(sparsegraph: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sparsegraph.figures import catalogue

    monkeypatch.setattr(catalogue, "ids", lambda: ["cht-a5", "cht-a3", "chts-table-1", "sulyok-convergence"])
    answer = sparsegraph("figure", "all", "-o", tmp_path, "--format", "svg", "--jobs", "1")
    assert answer.status == 0
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == ["cht-a3.svg", "cht-a5.svg"]


def test_runs_with_changed_options_are_not_denied(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    for profile in ("sulyok-ch3l3", "sulyok-rlr"):
        train_tiny(profile, tmp_path, hidden="30-20-30")
    answer = sparsegraph("figure", "sulyok-convergence", tmp_path, "-o", tmp_path / "figures")
    assert answer.status == 1
    assert answer.err.endswith(
        "there are none of sulyok-dense, and there are runs of sulyok-ch3l3, sulyok-rlr, but with changed options: "
        "hidden=30-20-30\n"
    )


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_formats(sparsegraph: Command, tmp_path: Path, kind: str) -> None:
    assert sparsegraph("figure", "cht-a5", "-o", tmp_path, "--format", kind).status == 0
    begins = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}[kind]
    assert (tmp_path / f"cht-a5.{kind}").read_bytes().startswith(begins)
    assert len([path for path in tmp_path.iterdir() if path.stem == "cht-a5"]) == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cht-a55"], "there is no figure named 'cht-a55'; did you mean cht-a5"),
        (
            ["sulyok-convergence"],
            "sulyok-convergence needs runs of sulyok-ch3l3 sulyok-rlr sulyok-dense; there are none of",
        ),
        (["chts-3b"], "chts-3b needs runs of chts-chts, with start=bsw and several beta; there are none"),
        (["chts-table-1"], "chts-table-1 cannot be drawn here: needs a GPU"),
        (["cht-a5", "nowhere"], "nowhere: no such folder"),
    ],
)
def test_refusals_are_one_line_and_leave_nothing(
    sparsegraph: Command, tmp_path: Path, words: list[str], message: str
) -> None:
    answer = sparsegraph("figure", *words, "-o", tmp_path / "figures")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert message in answer.err
    assert not (tmp_path / "figures").exists()


def test_runs_put_back_from_tables_are_told_in_one_line(sparsegraph: Command, tmp_path: Path) -> None:
    environment = {"restored": "from tables: no snapshots"}
    config = {"request": {"profile": "survival-random", "seed": 0}, "data": {"name": "mnist"}}
    with RunWriter.create(tmp_path / "restored", config, environment) as writer:
        writer.history({"epoch": 1, "test": {"accuracy": 0.5}})
    for name in ("survival-4", "survival-5", "survival-7", "survival-12", "survival-20"):
        answer = sparsegraph("figure", name, tmp_path / "restored", "-o", tmp_path / "figures")
        assert (answer.status, answer.out) == (1, "")
        assert answer.err.count("\n") == 1
        assert "; restored, restored from tables, has none: train again, or give the runs as they were" in answer.err
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize("content", ['{"cht-a5": {"seed"', "[]", "null", "\xff", "[" * 100_000])
def test_a_damaged_manifest_is_kept_and_told_before_any_drawing(
    sparsegraph: Command, tmp_path: Path, content: str
) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="latin-1")
    answer = sparsegraph("figure", "cht-a5", "-o", tmp_path)
    assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "manifest.json: " in answer.err
    assert "put it back from a copy, or move it away" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
    assert (tmp_path / "manifest.json").read_text(encoding="latin-1") == content


def test_wrong_use_is_told_before_any_work(sparsegraph: Command, tmp_path: Path) -> None:
    for words, message in ((["cht-a5", "--format", "jpg"], "jpg"), ([], "name a figure")):
        answer = sparsegraph("figure", *words, "-o", tmp_path / "figures")
        assert answer.status == 2
        assert message in answer.err
    assert not (tmp_path / "figures").exists()
