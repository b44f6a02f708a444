"""Run directories on the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from evolving import snapshots

from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES
from sparsegraph.report.document import schema


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        with RunWriter.create(tmp_path / "runs" / name, {}) as writer:
            for snapshot in snapshots(3, seed=ord(name)):
                writer.snapshot(snapshot)
                writer.topology(snapshot)
    return tmp_path / "runs"


def test_a_run_is_analysed_at_its_final_snapshot_which_is_named(sparsegraph: Callable[..., Any], folder: Path) -> None:
    page = sparsegraph("analyze", folder / "a", "-m", "sparsity")
    assert page.status == 0
    assert "\n  the final snapshot of the run: snapshots/000002.pt\n" in page.out  # a note and no warning
    of_run = json.loads(sparsegraph("analyze", folder / "a", "-m", "sparsity", "--json").out)
    of_file = json.loads(sparsegraph("analyze", folder / "a/snapshots/000002.pt", "-m", "sparsity", "--json").out)
    assert of_run["results"] == of_file["results"]
    assert of_run["results"]["sparsity"]["n_links"] == 42


def test_one_snapshot_of_a_run_is_named_by_its_number(sparsegraph: Callable[..., Any], folder: Path) -> None:
    (folder / "a/snapshots/000001.pt").unlink()
    for number, file in (("0", "snapshots/000000.pt"), ("1", "topology/000001.npz")):
        of_number, of_file = (
            json.loads(sparsegraph("analyze", path, "-m", "degree", "--json").out)
            for path in (f"{folder / 'a'}@{number}", folder / "a" / file)
        )
        assert of_number["results"] == of_file["results"]
        assert of_number["checkpoint"]["sha256"] == of_file["checkpoint"]["sha256"]
        assert of_number["checkpoint"]["path"].endswith(f"a@{number}")
    for number in ("7", "last"):
        answer = sparsegraph("analyze", f"{folder / 'a'}@{number}")
        assert (answer.status, answer.err.count("\n")) == (1, 1)
        assert f"there is no snapshot {number}; there are: 0, 1, 2" in answer.err


def test_a_folder_of_runs_is_not_one(sparsegraph: Callable[..., Any], folder: Path) -> None:
    answer = sparsegraph("inspect", folder)
    assert answer.status == 1
    assert f"a folder of runs (a, b); expected one of them: {folder / 'a'}" in " ".join(answer.err.split())
    deeper = sparsegraph("inspect", folder.parent)
    assert f"a folder of runs (runs/a, runs/b); expected one of them: {folder / 'a'}" in " ".join(deeper.err.split())


def test_a_checkpoint_beside_a_run_is_the_folders(sparsegraph: Callable[..., Any], folder: Path) -> None:
    shutil.copy(folder / "a/snapshots/000001.pt", folder / "net.pt")
    assert sparsegraph("inspect", folder).status == 0


def test_a_run_larger_than_allowed_is_refused(sparsegraph: Callable[..., Any], folder: Path) -> None:
    for file in ("a", "a/topology/000001.npz"):
        answer = sparsegraph("analyze", folder / file, "-m", "sparsity", "--max-memory", "40")
        assert (answer.status, answer.err.count("\n")) == (1, 1)
        assert "bytes; 40 are allowed" in answer.err
        assert sparsegraph("analyze", folder / file, "-m", "sparsity", "--max-memory", "1M").status == 0


def test_runs_side_by_side_are_compared_by_their_folders(sparsegraph: Callable[..., Any], folder: Path) -> None:
    for paths in ([folder], [folder / "a", folder / "b"]):
        answer = sparsegraph("analyze", *paths, "-m", "sparsity", "--json")
        assert answer.status == 0
        reports = json.loads(answer.out)["comparison"]
        assert [one["checkpoint"]["path"] for one in reports] == [str(folder / "a"), str(folder / "b")]


def test_inspect_shows_the_blocks(sparsegraph: Callable[..., Any], folder: Path) -> None:
    for path in (folder / "a", folder / "a/snapshots/000001.pt"):
        found = json.loads(sparsegraph("inspect", path, "--json").out)
        assert [(row["name"], row["n_links"]) for row in found["tensors"]] == [("fc1", 30), ("fc2", 12)]


def test_a_run_without_a_snapshot_is_one_line(sparsegraph: Callable[..., Any], tmp_path: Path) -> None:
    RunWriter.create(tmp_path / "run", {}).close()
    answer = sparsegraph("analyze", tmp_path / "run")
    assert answer.status == 1
    assert answer.err.count("\n") == 1
    assert "a run without a snapshot" in answer.err


def test_inspect_tells_where_a_snapshot_comes_from(sparsegraph: Callable[..., Any], tmp_path: Path) -> None:
    meta = {"profile": "set", "recipe": "set", "seed": 3, "data": {"name": "digits"}}
    with RunWriter.create(tmp_path / "run", {}) as writer:
        writer.snapshot(replace(snapshots(3)[2], meta={**meta, "metrics": {"test": {"accuracy": 0.5125}}}))
    page = sparsegraph("inspect", tmp_path / "run/snapshots/000002.pt").out
    assert "snapshot 2: epoch 2, step 20, update 2; set, seed 3, digits, test accuracy 51.25 %\n" in page
    found = json.loads(sparsegraph("inspect", tmp_path / "run", "--json").out)
    assert (found["about"]["number"], found["about"]["test_accuracy"]) == (2, 0.5125)


def test_topology_snapshots_are_analysed_as_masks(sparsegraph: Callable[..., Any], folder: Path) -> None:
    answer = sparsegraph("analyze", folder / "a/topology", "-m", "sparsity", "--json")
    assert answer.status == 0
    reports = json.loads(answer.out)["comparison"]
    assert [one["results"]["sparsity"]["n_links"] for one in reports] == [42, 42, 42]


@pytest.mark.parametrize("with_a_good_one", [True, False])
def test_a_long_list_of_failures_is_cut(
    sparsegraph: Callable[..., Any], folder: Path, tmp_path: Path, *, with_a_good_one: bool
) -> None:
    place = tmp_path / "many"
    place.mkdir()
    for number in range(100):
        (place / f"{number:03d}.npz").write_bytes(b"damaged")
    if with_a_good_one:
        shutil.copy(folder / "a/snapshots/000001.pt", place)
    answer = sparsegraph("analyze", place, "-m", "sparsity")
    assert answer.status == 1
    assert answer.err.count("\n") == (21 if with_a_good_one else 1)
    assert ("and 80 more" if with_a_good_one else "and 97 more") in answer.err
    assert len(answer.err) < 10_000


def test_a_run_is_followed_too(sparsegraph: Callable[..., Any], folder: Path) -> None:
    made = json.loads(sparsegraph("analyze", folder / "a", "-m", "sparsity", "-m", "turnover", "--json").out)
    jsonschema.Draft202012Validator(schema()).validate(made)
    assert list(made["results"]) == ["sparsity"]
    assert list(made["trajectory"]) == ["turnover"]
    page = sparsegraph("analyze", folder / "a", "-m", "turnover")
    assert page.status == 0
    assert "Over training" in page.out
    table = folder.parent / "table.csv"
    assert sparsegraph("analyze", folder / "a", "-m", "turnover", "-o", table).status == 0
    assert ",turnover," in table.read_text()


def test_without_names_every_trajectory_measure_runs(sparsegraph: Callable[..., Any], folder: Path) -> None:
    made = json.loads(sparsegraph("analyze", folder / "a", "--set", "replicas=20", "--json").out)
    assert set(made["trajectory"]) == set(TRAJECTORY_MEASURES)
    assert "functional_activity" not in made["results"]


def test_a_checkpoint_has_no_trajectory(sparsegraph: Callable[..., Any], folder: Path) -> None:
    answer = sparsegraph("analyze", folder / "a/snapshots/000001.pt", "-m", "turnover")
    assert answer.status == 1
    assert answer.err.count("\n") == 1
    assert "is no run, and turnover follows the snapshots" in answer.err.replace("\n", " ")


def test_what_has_a_drawing_is_drawn(sparsegraph: Callable[..., Any], folder: Path) -> None:
    names = ("powerlaw", "degree", "weights", "sparsity", "kendall")
    asked = [word for name in names for word in ("-m", name)]
    answer = sparsegraph("analyze", folder / "a", *asked, "--set", "replicas=20", "--figures", folder.parent / "drawn")
    assert answer.status == 0
    drawn = {path.name for path in (folder.parent / "drawn").iterdir()}
    assert drawn == {"a_powerlaw.svg", "a_weights.svg", "a_kendall.svg"}
    both = sparsegraph("analyze", folder, "-m", "weights", "--figures", folder.parent / "both")
    assert both.status == 0
    assert {path.name for path in (folder.parent / "both").iterdir()} == {"a_weights.svg", "b_weights.svg"}
    nothing = sparsegraph("analyze", folder / "a", "-m", "sparsity", "--figures", folder.parent / "both")
    assert "none of these measures has a drawing" in nothing.err
    occupied = folder.parent / "file"
    occupied.write_text("")
    answer = sparsegraph("analyze", folder / "a", "-m", "weights", "--figures", occupied)
    assert answer.status == 1
    assert "no folder for figures" in answer.err


def test_an_option_reaches_trajectory_measures(sparsegraph: Callable[..., Any], folder: Path) -> None:
    page = sparsegraph("analyze", folder / "a", "-m", "kendall", "--set", "degree=in").out
    assert "tau-b of incoming links" in page
    taus = [
        sparsegraph("analyze", folder / "a", "-m", "kendall", *words, "--json").out
        for words in ((), ("--set", "degree=out"))
    ]
    assert taus[0] != taus[1]
    tables = []
    for words in ((), ("--set", "degree=out")):
        target = folder.parent / f"{len(words)}.csv"
        answer = sparsegraph("follow", folder / "a", "-m", "kendall", *words, "--no-cache", "--jobs", 1, "-o", target)
        assert answer.status == 0, answer.err
        tables.append(target.read_text())
    assert tables[0] != tables[1]


def test_a_condition_may_ask_for_numbers_over_training(sparsegraph: Callable[..., Any], folder: Path) -> None:
    answer = sparsegraph("analyze", folder / "a", "-m", "kendall", "--fail-if", "kendall.hidden.first_to_last<=1")
    assert answer.status == 1
    assert "kendall.hidden.first_to_last is " in answer.err


def test_every_measure_asked_for_has_a_row_or_is_named(sparsegraph: Callable[..., Any], folder: Path) -> None:
    words = ("-m", "degree", "-m", "kendall", "-m", "turnover", "-m", "attachment", "-m", "sparsity")
    page = sparsegraph("analyze", folder, *words).out
    for row in (
        "density",
        "degree: hidden total gini",
        "kendall: hidden first to last",
        "turnover: pooled regrown, last",
    ):
        assert f"\n{row}  " in page
    assert "Without a row: attachment; their numbers: --json" in page
    reports = json.loads(sparsegraph("analyze", folder, *words, "--json").out)["comparison"]
    found = next(line.split() for line in page.splitlines() if line.startswith("turnover: pooled regrown"))[-2:]
    last = [one["trajectory"]["turnover"]["pooled"]["regrown"][-1] for one in reports]
    assert [float(cell) for cell in found] == pytest.approx(last, abs=1e-3)


def test_measures_over_training_say_that_they_see_raw_masks(sparsegraph: Callable[..., Any], folder: Path) -> None:
    raw, percolated = (sparsegraph("analyze", folder / "a", "--json", *more) for more in ((), ("--percolate",)))
    assert json.loads(percolated.out)["trajectory"] == json.loads(raw.out)["trajectory"]
    told = json.loads(percolated.out)["conventions"]
    assert (told["topology"], told["trajectory"]) == ("percolated", "raw masks")
    assert "percolated graph; raw masks over training" in " ".join(
        sparsegraph("analyze", folder / "a", "--percolate").out.split()
    )
    refused = sparsegraph("analyze", folder / "a", "-m", "kendall", "--percolate")
    assert refused.status == 1
    assert "kendall follows the raw masks of a run; ask for it without --percolate" in " ".join(refused.err.split())
