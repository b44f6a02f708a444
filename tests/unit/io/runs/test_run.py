"""Opening runs, and runs where a checkpoint is expected."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evolving import assert_same, snapshots

import sparsegraph
from sparsegraph.errors import LoadError, SparseGraphError
from sparsegraph.io.listing import checkpoints_in
from sparsegraph.io.runs.writer import RunWriter


@pytest.fixture
def run(tmp_path: Path) -> Path:
    with RunWriter.create(tmp_path / "run", {"recipe": "set"}) as writer:
        for snapshot in snapshots(3):
            writer.snapshot(snapshot)
    return tmp_path / "run"


def test_a_run_is_a_sequence_of_snapshots(run: Path) -> None:
    opened = sparsegraph.open_run(run)
    assert repr(opened) == f"<Run {run}: 3 snapshots, 0 topology snapshots>"
    assert [snapshot.number for snapshot in opened[1:]] == [1, 2]
    assert_same(opened[-1], snapshots(3)[2])
    assert opened[1].graph.n_links == 42


def test_the_final_net_stands_behind_the_topology_with_the_links_that_the_last_update_moved(tmp_path: Path) -> None:
    made = snapshots(3)
    final = replace(made[-1], number=5, epoch=5, blocks=tuple(replace(one, events=None) for one in made[-1].blocks))
    with RunWriter.create(tmp_path / "run", {"recipe": "set"}) as writer:
        for snapshot in made:
            writer.topology(snapshot)
        writer.snapshot(made[-1])
        writer.flush()
        assert sparsegraph.open_run(tmp_path / "run").topology_and_final.numbers == (0, 1, 2)
        writer.snapshot(final)
    followed = sparsegraph.open_run(tmp_path / "run").topology_and_final
    assert followed.numbers == (0, 1, 2, 5)
    assert (followed[-1].epoch, followed[-1].update) == (5, 2)
    for event, expected in zip(followed[-1].events, made[-1].events, strict=True):
        assert event is not None
        assert expected is not None
        np.testing.assert_array_equal(event.regrown, expected.regrown)
    assert_same(followed[1], made[1], weights=False)


def test_load_and_inspect_take_the_final_snapshot_and_say_which(run: Path) -> None:
    loaded = sparsegraph.load(run)
    np.testing.assert_array_equal(loaded.graph.blocks[0].weights.data, snapshots(3)[2].weights[0])
    assert "the final snapshot of the run: snapshots/000002.pt" in loaded.warnings
    assert "the final snapshot of the run: snapshots/000002.pt" in sparsegraph.inspect(run).warnings


def test_a_folder_of_runs_stands_for_all_of_them(run: Path) -> None:
    with RunWriter.create(run.parent / "another", {}) as writer:
        writer.snapshot(snapshots(1)[0])
    assert checkpoints_in(run) == [run]
    assert checkpoints_in(run.parent) == [run.parent / "another", run]


def test_a_damaged_snapshot_is_named_and_the_others_can_be_read(run: Path) -> None:
    path = run / "snapshots/000001.pt"
    path.write_bytes(path.read_bytes()[:-100])
    opened = sparsegraph.open_run(run)
    with pytest.raises(LoadError, match=r"000001\.pt: .*zip archive"):
        opened[1]
    assert [opened[i].number for i in (0, 2)] == [0, 2]


def test_a_renamed_snapshot_is_noticed(run: Path) -> None:
    (run / "snapshots/000001.pt").rename(run / "snapshots/000007.pt")
    with pytest.raises(LoadError, match="holds snapshot 1; it was renamed"):
        sparsegraph.open_run(run).final


def test_other_files_in_the_folders_are_passed_over(run: Path) -> None:
    for name in ("notes.txt", "1.pt", "0000002.pt", ".000003.pt.x.part", "final.pt"):
        (run / "snapshots" / name).write_text("x")
    assert sparsegraph.open_run(run).snapshots.numbers == (0, 1, 2)


def test_what_is_no_run_is_told(tmp_path: Path, run: Path) -> None:
    with pytest.raises(LoadError, match="no such folder"):
        sparsegraph.open_run(tmp_path / "none")
    with pytest.raises(LoadError, match=r"without config\.json"):
        sparsegraph.open_run(run / "snapshots")
    RunWriter.create(tmp_path / "empty", {}).close()
    with pytest.raises(LoadError, match="without a snapshot"):
        sparsegraph.open_run(tmp_path / "empty").final
    with pytest.raises(LoadError, match="without a snapshot"):
        sparsegraph.load(tmp_path / "empty")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("3", "no JSON object"),
        (json.dumps({"format": "other"}), "not a sparsegraph-run"),
        (json.dumps({"format": "sparsegraph-run", "format_version": 9}), "newer sparsegraph"),
        (json.dumps({"format": "sparsegraph-run", "format_version": 1}), "without its configuration"),
        ('{"a":' * 100 + "1" + "}" * 100, "nested more than"),
    ],
)
def test_a_wrong_configuration_is_refused_in_one_line(run: Path, text: str, message: str) -> None:
    (run / "config.json").write_text(text)
    with pytest.raises(LoadError, match=message) as caught:
        sparsegraph.open_run(run)
    assert str(caught.value).isprintable()


def test_texts_that_steer_a_terminal_come_back_harmless(tmp_path: Path) -> None:
    snapshot = snapshots(1)[0]
    with RunWriter.create(tmp_path / "run", {"no\nte": "\x1b[2J"}) as writer:
        writer.snapshot(replace(snapshot, meta={"a": "\x1b"}, blocks=(replace(snapshot.blocks[0], name="fc\r"),)))
        writer.history({"a": "\u202e"})
    run = sparsegraph.open_run(tmp_path / "run")
    assert run.config == {r"no\nte": r"\x1b[2J"}
    assert run.history[0] == {"a": r"\u202e"}
    assert run.final.blocks[0].name == r"fc\r"
    assert run.final.meta == {"a": r"\x1b"}


def test_two_writers_of_one_run_are_refused(tmp_path: Path) -> None:
    with RunWriter.create(tmp_path / "run", {"a": 1}) as first:
        first.flush()
        with pytest.raises(SparseGraphError, match="another process"):
            RunWriter.continue_(tmp_path / "run", {"a": 1})
    RunWriter.continue_(tmp_path / "run", {"a": 1})[0].close()
