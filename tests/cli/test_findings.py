"""sparsegraph findings, as a user meets it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparsegraph.io.runs.writer import RunWriter

Command = Callable[..., Any]


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """ESML and SET with three seeds and two epochs, ESML ahead."""
    folder = tmp_path / "runs"
    folder.mkdir()
    for profile, base in (("esml-esml", 0.9), ("esml-set", 0.8)):
        for seed in range(3):
            config = {"profile": {"name": profile, "epochs": 2}, "data": {"name": "mnist"}, "seed": seed}
            request = {"profile": profile, "seed": seed, "data": "mnist"}
            with RunWriter.create(folder / f"{profile}_{seed}", {**config, "request": request}) as writer:
                for epoch in (1, 2):
                    accuracy = base + 0.001 * seed * (1 if base > 0.85 else -1)
                    writer.history({"epoch": epoch, "step": epoch, "test": {"accuracy": accuracy}})
    return folder


def test_the_page_says_word_scale_and_numbers(sparsegraph: Command, runs: Path) -> None:
    answer = sparsegraph("findings", runs, "--only", "F03", "--only", "f58")
    assert answer.status == 0
    assert "1 supported (quick), 1 not run" in answer.out
    assert "ESML is more accurate than SET" in answer.out
    assert "quick: 2 of 250 epochs" in answer.out
    assert "transformers for translation need a GPU" in answer.out
    steps = answer.err.splitlines()
    assert steps[0] == "findings: reading the histories of the runs"
    assert "findings: F03" in steps
    assert "\r" not in answer.err
    assert "\x1b" not in answer.err


def test_the_table_of_one_paper(sparsegraph: Command, runs: Path) -> None:
    answer = sparsegraph("findings", runs, "--paper", "002", "-o", runs.parent / "table.md")
    assert answer.status == 0
    assert "F03" in answer.out
    assert "F44" not in answer.out
    assert "✗ The papers' own numbers speak against their claims" in answer.out
    assert "| F03 | ESML is more accurate" in (runs.parent / "table.md").read_text(encoding="utf-8")


def test_one_document_for_programs(sparsegraph: Command, runs: Path) -> None:
    answer = sparsegraph("findings", runs, "--only", "F03", "--json")
    document = json.loads(answer.out)
    assert document["findings_schema"] == 1
    found = document["findings"][0]
    assert (found["id"], found["verdict"], found["scale"]) == ("F03", "supported", "quick")
    part = found["parts"][0]
    assert part["value"] == pytest.approx(0.102)
    assert (part["n"], part["n_seeds"], part["p_value"]) == (3, 3, 0.125)
    assert part["per_data"][0]["seeds"] == [0, 1, 2]


@pytest.mark.parametrize("ending", [".json", ".csv", ".md", ".txt"])
def test_every_output_is_written(sparsegraph: Command, runs: Path, ending: str) -> None:
    path = runs.parent / f"found{ending}"
    assert sparsegraph("findings", runs, "--only", "F03", "-o", path).status == 0
    text = path.read_text(encoding="utf-8")
    assert "F03" in text
    if ending == ".csv":
        rows = list(csv.DictReader(text.splitlines()))
        assert [(row["id"], row["part_verdict"], row["data"]) for row in rows] == [("F03", "supported", "mnist")]


def test_unfinished_runs_are_told(sparsegraph: Command, runs: Path) -> None:
    config = {"profile": {"name": "esml-set", "epochs": 9}, "data": {"name": "mnist"}, "seed": 3}
    with RunWriter.create(runs / "half", {**config, "request": {"profile": "esml-set", "seed": 3}}) as writer:
        writer.history({"epoch": 1, "step": 1, "test": {"accuracy": 0.1}})
    told = "half: not finished: 1 of 9 epochs"
    assert told in sparsegraph("findings", runs, "--only", "F03").out
    document = json.loads(sparsegraph("findings", runs, "--only", "F03", "--json").out)
    assert [entry["reason"] for entry in document["left_out"]] == ["not finished: 1 of 9 epochs"]


def test_runs_that_no_finding_asks_for_are_told_by_kind(sparsegraph: Command, runs: Path) -> None:
    for seed in range(3):
        config = {"profile": {"name": "sulyok-rlr", "epochs": 1}, "data": {"name": "mnist"}, "seed": seed}
        request = {"profile": "sulyok-rlr", "seed": seed, "data": "mnist", "sparsity": 0.95, "hidden": "100x3"}
        with RunWriter.create(runs / f"rlr_{seed}", {**config, "request": request}) as writer:
            writer.history({"epoch": 1, "step": 1, "test": {"accuracy": 0.1}})
    reason = "no finding asks for sulyok-rlr with hidden=100x3, sparsity=0.95"
    answer = sparsegraph("findings", runs, "--only", "F02", "-o", runs.parent / "found.md")
    assert f"3 runs: {reason}" in answer.out
    assert f"- left out: 3 runs: {reason}" in (runs.parent / "found.md").read_text(encoding="utf-8")
    document = json.loads(sparsegraph("findings", runs, "--only", "F02", "--json").out)
    assert [(Path(entry["path"]).name, entry["reason"]) for entry in document["left_out"]] == [
        (f"rlr_{seed}", reason) for seed in range(3)
    ]


def test_the_list_needs_no_runs(sparsegraph: Command) -> None:
    answer = sparsegraph("findings", "--list", "--paper", "003")
    assert answer.status == 0
    assert "F36" in answer.out
    assert "survival-gradient" in answer.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--only", "F99"), "there is no finding named 'F99'"),
        (("--paper", "7"), "there is no paper '7'; known are: 000, 002, 003, 004"),
        (("--only", "F03", "--paper", "003"), "F03: no finding of paper 003; leave --only or --paper out"),
        (("nowhere",), "no such folder"),
        (("-o", "found.pdf"), "ends in .json, .csv, .md, .txt, not in .pdf"),
    ],
)
def test_what_cannot_be_is_one_line(sparsegraph: Command, words: tuple[str, ...], told: str) -> None:
    answer = sparsegraph("findings", *words)
    assert answer.status == 1
    assert told in answer.err
    *steps, error = answer.err.splitlines()
    assert error.startswith("sparsegraph: ")
    assert all(step.startswith("findings: ") for step in steps)
    assert answer.out == ""
