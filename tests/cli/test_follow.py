"""sparsegraph follow, as a user meets it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from evolving import snapshots

from sparsegraph.io.runs.writer import RunWriter

Command = Callable[..., Any]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with two runs and something else."""
    folder = tmp_path / "runs"
    for seed in (0, 1):
        with RunWriter.create(folder / f"seed{seed}", {"recipe": "random", "seed": seed}) as writer:
            for snapshot in snapshots(4, seed):
                writer.topology(snapshot)
                writer.snapshot(snapshot)
    (folder / "notes").mkdir()
    return folder


def test_a_folder_of_runs_becomes_a_table_and_a_page(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    output = tmp_path / "evolution.parquet"
    answer = sparsegraph("follow", runs, "-m", "degree", "-m", "rank", "-o", output, "--jobs", "1")
    assert (answer.status, answer.err) == (0, f"sparsegraph: wrote {output}\n")
    table = pd.read_parquet(output)
    assert table["run"].unique().tolist() == [str(runs / "seed0"), str(runs / "seed1")]
    assert len(table) == 2 * 4 * (3 + 4)  # runs, snapshots, main numbers of degree and of rank
    assert table["seed"].unique().tolist() == [0, 1]
    assert [line for line in answer.out.splitlines() if line.startswith("seed")] == ["seed0", "seed1"]
    row = next(line for line in answer.out.splitlines() if line.startswith("degree.hidden.total.maximum"))
    values = table[(table["run"] == str(runs / "seed0")) & (table["field"] == "hidden.total.maximum")]["value"]
    shown = [values.iloc[0], values.iloc[-1], values.min(), values.max(), 4]
    assert row.split()[1:] == [f"{value:.0f}" for value in shown]


def test_several_updates_seen_as_one_and_missing_numbers_are_told_by_name(sparsegraph: Command, tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", {"recipe": "random", "seed": 0}) as writer:
        for snapshot in snapshots(10):
            writer.topology(snapshot)
            if snapshot.number % 3 == 0:
                writer.snapshot(snapshot)
    whole = sparsegraph("follow", tmp_path / "run", "-m", "turnover", "--every", "3", "--jobs", "1").out
    assert "seen as one" not in whole
    page = sparsegraph("follow", tmp_path / "run", "-m", "turnover", "--snapshots", "weights", "--jobs", "1").out
    told = " ".join(page.split())
    assert "turnover: up to 3 updates from one snapshot to the next, seen as one" in told
    assert "- (turnover.pooled.overlap): updates between the snapshots are left out" in told


def test_csv_and_parquet_hold_the_same(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    for ending in ("csv", "parquet"):
        words = (
            "follow",
            runs / "seed0",
            "-m",
            "kshell",
            "--fields",
            "all",
            "--jobs",
            "1",
            "-o",
            tmp_path / f"table.{ending}",
        )
        assert sparsegraph(*words).status == 0
    written, kept = (
        pd.read_csv(tmp_path / "table.csv", keep_default_na=False),
        pd.read_parquet(tmp_path / "table.parquet"),
    )
    assert list(written.columns) == list(kept.columns)
    assert written["field"].tolist() == kept["field"].tolist()
    assert [float(value or "nan") for value in written["value"].astype(str)] == pytest.approx(
        kept["value"], nan_ok=True
    )


def test_options_reach_the_measures(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    def anp(*words: str) -> list[float]:
        output = tmp_path / "table.csv"
        assert sparsegraph("follow", runs / "seed0", "-m", "activity", "--jobs", "1", "-o", output, *words).status == 0
        table = pd.read_csv(output)
        return table[table["field"] == "anp_rate"]["value"].tolist()

    assert anp("--readout", "exclude") != anp("--readout", "include")
    assert len(anp("--every", "2")) == 3
    assert anp("--no-cache") == anp()


def test_conventions_are_told_on_the_page_and_in_the_file(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    words = ("-m", "degree", "-m", "activity", "-m", "modularity", "--set", "n_runs=2", "--jobs", "1")
    asked = (("raw mask", ()), ("percolated mask", ("--percolate", "--readout", "include", "--seed", "3")))
    for (graph, choices), readout, seed in zip(asked, ("no dense last block", "as asked"), (0, 3), strict=True):
        output = tmp_path / "table.csv"
        page = sparsegraph("follow", runs / "seed0", *words, *choices, "-o", output).out
        told = pd.read_csv(output).groupby("measure")["conventions"].unique()
        degree = f"{graph}; readout counted; directed; total = incoming + outgoing"
        assert told["degree"].tolist() == [degree]
        assert told["activity"][0].startswith(f"{graph}; readout included ({readout}); dormancy: total degree")
        assert told["activity"][0].endswith("; thresholds=(10, 110)")
        assert told["modularity"][0].startswith(f"{graph}; readout counted; seed {seed}; method: Leiden")
        assert told["modularity"][0].endswith("; n_runs=2; most_links=1000000")
        assert all(f"in {name}: {told[name][0]}" in " ".join(page.split()) for name in told.index)
        means = sparsegraph("follow", runs, *words, *choices, "--over-seeds", "-o", output).out
        assert pd.read_csv(output).groupby("measure")["conventions"].unique()["degree"].tolist() == [degree]
        assert f"in activity: {told['activity'][0]}" in " ".join(means.split())


def test_measures_over_training_are_of_raw_masks(sparsegraph: Command, trained: Path, tmp_path: Path) -> None:
    output = tmp_path / "table.csv"
    page = sparsegraph("follow", trained / "seed0", "-m", "turnover", "-m", "history", "--jobs", "1", "-o", output).out
    assert "in turnover: raw mask; threshold=0.9" in page.splitlines()
    told = pd.read_csv(output).groupby("measure")["conventions"].unique()
    assert (told["turnover"].tolist(), told["history"].tolist()) == (
        ["raw mask; threshold=0.9"],
        ["as the run noted it"],
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-m", "degre"], "there is no measure named 'degre'; did you mean degree?"),
        (["-m", "rank", "--snapshots", "topology"], "rank needs weights, which topology snapshots lack"),
        (["-o", "table.xlsx"], "table.xlsx: this output ends in .parquet, .csv, not in .xlsx"),
        (["-o", "nowhere/table.csv"], "there is no folder nowhere; make it first"),
        (["-m", "degree", "--set", "replicas=5"], "no measure that is asked for has an option 'replicas'"),
    ],
)
def test_refusals_are_one_line(sparsegraph: Command, runs: Path, words: list[str], message: str) -> None:
    answer = sparsegraph("follow", runs / "seed0", *words)
    assert answer.status == 1
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert message in answer.err


def test_what_is_no_run_is_refused(sparsegraph: Command, runs: Path, tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "nothing", "no such folder"),
        (runs / "notes", "a folder that is no run and holds none"),
        (runs / "seed0" / "config.json", "a file; give the folder of a run"),
    ):
        answer = sparsegraph("follow", path, "-m", "degree")
        assert (answer.status, answer.err.count("\n")) == (1, 1)
        assert message in answer.err


@pytest.fixture
def trained(runs: Path) -> Path:
    """The same two runs with a history, the second of one epoch less."""
    for seed, accuracies in ((0, (0.5, 0.8, 0.9)), (1, (0.5, 0.7))):
        records = [{"epoch": i, "test": {"accuracy": value}} for i, value in enumerate(accuracies, 1)]
        (runs / f"seed{seed}" / "history.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return runs


def test_a_page_and_a_table_over_seeds(sparsegraph: Command, trained: Path, tmp_path: Path) -> None:
    output = tmp_path / "means.csv"
    words = ("-m", "history", "-m", "degree", "--over-seeds", "--jobs", "1", "-o", output)
    answer = sparsegraph("follow", trained, *words)
    assert (answer.status, answer.err) == (0, f"sparsegraph: wrote {output}\n")
    lines = answer.out.splitlines()
    assert lines[0] == "random  2 runs: mean ± standard error"
    assert lines[1].startswith("test accuracy 0.9000 after 3 epochs")
    assert lines[1].endswith("without 1 shorter run")
    row = next(line for line in lines if line.startswith("history.test.accuracy"))
    assert row.split() == ["history.test.accuracy", "0.5000", "±", "0", "0.900", "1", "to", "2", "3"]
    means = pd.read_csv(output)
    accuracy = means[means["field"] == "test.accuracy"]
    assert accuracy["n"].tolist() == [2, 2, 1]
    assert accuracy["mean"].tolist() == [0.5, 0.75, 0.9]
    assert accuracy["standard_error"].tolist()[:2] == pytest.approx([0.0, 0.05])  # (0.8 - 0.7) / 2
    assert means[means["measure"] == "degree"]["n"].unique().tolist() == [2]


def test_the_page_of_a_run_says_what_it_learned(sparsegraph: Command, trained: Path) -> None:
    page = sparsegraph("follow", trained / "seed0", "-m", "degree", "--jobs", "1").out
    # trapezoids 0.65 + 0.85 over 2; 95 % of 0.9 is 0.855
    assert page.splitlines()[1] == "test accuracy 0.9000 after 3 epochs, 95 % of it in epoch 3, AAE 0.7500"


def test_a_damaged_history_is_told_to_those_who_ask_for_it(sparsegraph: Command, trained: Path) -> None:
    (trained / "seed0" / "history.jsonl").write_text("no record\n")
    page = sparsegraph("follow", trained / "seed0", "-m", "degree", "--jobs", "1")
    assert (page.status, "accuracy" in page.out) == (0, False)
    answer = sparsegraph("follow", trained / "seed0", "-m", "history")
    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert "history.jsonl" in answer.err


def test_seeds_that_are_one_are_refused(sparsegraph: Command, runs: Path) -> None:
    shutil.copytree(runs / "seed0", runs / "copy")
    answer = sparsegraph("follow", runs, "-m", "degree", "--over-seeds", "--jobs", "1")
    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert "are both random with seed 0; leave one of them out" in answer.err


def test_what_is_undefined_as_a_whole_is_on_the_page(sparsegraph: Command, tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "still", {"recipe": "static", "seed": 0}) as writer:
        first = snapshots(1)[0]
        for number in range(3):
            writer.topology(dataclasses.replace(first, number=number, update=number))
    page = sparsegraph("follow", tmp_path / "still", "-m", "turnover", "--jobs", "1").out
    assert next(line for line in page.splitlines() if line.startswith("turnover.pooled")).split()[-2:] == ["1", "1"]
    assert "- (turnover.pooled): no link was ever lost or regrown" in page


def test_a_scheduler_measures_the_same(
    sparsegraph: Command, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    from sparsegraph import cluster

    pages = [sparsegraph("follow", runs, "-m", "kshell", "--no-cache", "--jobs", "1")]
    with LocalCluster(n_workers=1, processes=False, dashboard_address=":0") as found:
        address = found.scheduler_address
        pages.append(sparsegraph("follow", runs, "-m", "kshell", "--no-cache", "--scheduler", address))
    assert [page.status for page in pages] == [0, 0]
    assert pages[0].out == pages[1].out
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    answer = sparsegraph("follow", runs, "-m", "kshell", "--no-cache", "--scheduler", "tcp://127.0.0.1:9")
    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in answer.err
