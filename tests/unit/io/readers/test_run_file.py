"""The archives of a run, where weights are asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from evolving import snapshots

import sparsegraph as sg
from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents
from sparsegraph.io.runs.topology_file import KEY_EVERY
from sparsegraph.io.runs.writer import RunWriter

N = KEY_EVERY + 3


@pytest.fixture
def run(tmp_path: Path) -> Path:
    with RunWriter.create(tmp_path / "run", {}) as writer:
        for snapshot in snapshots(N):
            writer.topology(snapshot)
        writer.resume({"x": np.ones((3, 4))}, {"epoch": 1})
    return tmp_path / "run"


@pytest.mark.parametrize("number", [0, 5, KEY_EVERY, N - 1])
def test_a_topology_snapshot_in_its_run_is_a_graph_of_weights_1(
    run: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = snapshots(N)[number].masks
    monkeypatch.chdir(run / "topology")
    for path in (run / f"topology/{number:06d}.npz", Path(f"{number:06d}.npz")):
        loaded = sg.load(path)
        for block, mask in zip(loaded.graph.blocks, expected, strict=True):
            np.testing.assert_array_equal(block.weights.toarray(), mask.to_array())
        assert "a topology snapshot of a run holds no weights: each link has weight 1" in loaded.warnings
    found = sg.inspect(path)
    assert found.n_links == 42
    assert found.about == {"number": number, "epoch": number, "step": 10 * number, "update": number}


def test_one_that_left_its_run_is_read_if_it_is_whole(run: Path, tmp_path: Path) -> None:
    for number in (5, KEY_EVERY):
        shutil.copy(run / f"topology/{number:06d}.npz", tmp_path)
    assert sg.load(tmp_path / f"{KEY_EVERY:06d}.npz").graph.n_links == 42
    for look in (sg.load, sg.inspect):
        with pytest.raises(LoadError, match=r"topology snapshot 5 of a run, .* with sparsegraph\.open_run"):
            look(tmp_path / "000005.npz")


def test_the_resume_file_is_no_checkpoint(run: Path) -> None:
    for look in (sg.load, sg.inspect):
        with pytest.raises(LoadError, match=r"the resume file of a run, .* analyze the run's folder") as caught:
            look(run / "resume.npz")
        assert "\n" not in str(caught.value)


def test_damage_and_other_archives_with_a_head(run: Path, tmp_path: Path) -> None:
    whole = (run / "topology/000005.npz").read_bytes()
    (run / "topology/000005.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LoadError):
        sg.load(run / "topology/000005.npz")
    np.savez(tmp_path / "a.npz", head=np.ones((3, 2)), body=np.ones((2, 4)))
    assert read_contents(tmp_path / "a.npz").format == "npz"
