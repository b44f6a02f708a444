"""sparsegraph follow, as a user meets it."""

from __future__ import annotations

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
    assert (answer.status, answer.err) == (0, "")
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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-m", "degre"], "there is no measure named 'degre'; did you mean degree?"),
        (["-m", "rank", "--snapshots", "topology"], "rank needs weights, which topology snapshots lack"),
        (["-o", "table.xlsx"], "table.xlsx: this output ends in .parquet, .csv, not in .xlsx"),
        (["-o", "nowhere/table.csv"], "there is no folder nowhere; make it first"),
        (["-m", "degree", "--set", "replicas=5"], "no measure that is followed has an option 'replicas'"),
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
