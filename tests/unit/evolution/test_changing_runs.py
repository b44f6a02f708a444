"""Numbers are kept under the key of what was really read, whatever else lay at the same path before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution import work
from sparsegraph.evolution.follow import follow
from sparsegraph.evolution.plan import targets
from sparsegraph.evolution.settings import Settings
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.readout import decide_readout
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.writer import RunWriter

Written = Callable[..., Path]


def same(table: pd.DataFrame, other: pd.DataFrame) -> bool:
    return table.drop(columns=["run"]).equals(other.drop(columns=["run"]))


def placed(path: Path, snapshots: list[Snapshot]) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    with RunWriter.create(path, {"recipe": "random", "seed": 0}) as writer:
        for snapshot in snapshots:
            writer.topology(snapshot)
    return path


def test_a_run_trained_anew_in_the_same_place_is_read_anew(tmp_path: Path) -> None:
    readout = BlockState("b", Mask.complete((4, 2)))
    for last in ([0, 1, 2, 5, 8], list(range(11))):  # the reader remembered the last snapshot
        masks = [Mask((3, 4), np.array(links)) for links in ([0, 1, 4, 5, 9], [0, 1, 2, 5, 9], last)]
        path = placed(tmp_path / "run", [Snapshot(i, (BlockState("a", m), readout)) for i, m in enumerate(masks)])
        assert same(follow(path, "degree"), follow(placed_copy(path), "degree", cache=False))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_one_relative_path_may_mean_two_runs(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_jobs: int
) -> None:
    runs = [written(f"{home}/run", n, seed) for seed, home, n in ((0, "p", 6), (1, "q", 7))]
    for run in runs:
        monkeypatch.chdir(run.parent)
        assert same(follow("run", "degree", n_jobs=n_jobs), follow(run, "degree", cache=False))


def test_the_readout_is_decided_on_what_lies_there_now(tmp_path: Path) -> None:
    mask, found = Mask((3, 4), np.array([0, 1, 4, 5, 9])), []
    for readout in (Mask.complete((4, 2)), Mask((4, 2), np.array([0, 3]))):
        path = placed(tmp_path / "run", [Snapshot(0, (BlockState("a", mask), BlockState("b", readout)))])
        (target,) = targets(open_run(path), ["activity"], Settings())
        found.append(work._readout(target.run, target.kind, target.first))
        assert found[-1] == decide_readout(open_run(path).topology[0].graph, "auto")
    assert found[0] != found[1]


def placed_copy(path: Path) -> Path:
    copy = path.with_name("copy of it")
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(path, copy))


def test_a_file_that_changes_meanwhile_is_refused_and_not_kept(
    written: Written, monkeypatch: pytest.MonkeyPatch, cache_folder: Path
) -> None:
    path, other = written("run", seed=0), written("other", seed=1)
    planned = work.measure_all_of

    def swapping(*arguments: Any, **keywords: Any) -> Any:
        shutil.rmtree(path)
        shutil.copytree(other, path)
        return planned(*arguments, **keywords)

    monkeypatch.setattr("sparsegraph.evolution.follow.measure_all_of", swapping)
    for name in ("degree", "turnover"):
        with pytest.raises(SparseGraphError, match=r"000000\.npz: changed while it was followed; follow again"):
            follow(path, name)
        shutil.rmtree(path)
        written("run", seed=0)
    assert not [file for file in cache_folder.rglob("*") if file.is_file()]


def test_events_and_times_are_part_of_what_a_trajectory_is(tmp_path: Path) -> None:
    links = [[0, 1, 4, 5, 9], [0, 1, 2, 5, 9], [0, 1, 2, 5, 9]]
    none = np.array([], np.int64)
    events = [
        None,
        LinkEvents(np.array([1, 4]), none, np.array([1, 2])),
        LinkEvents(np.array([0, 1]), none, np.array([0, 1])),
    ]
    masks = [Mask((3, 4), np.array(one)) for one in links]
    bare = [Snapshot(i, (BlockState("a", mask),), update=i) for i, mask in enumerate(masks)]
    told = [
        Snapshot(i, (BlockState("a", m, events=e),), update=i)
        for i, (m, e) in enumerate(zip(masks, events, strict=True))
    ]
    later = [Snapshot(s.number, s.blocks, update=10 * s.number) for s in told]
    for number, snapshots in enumerate((bare, told, later)):
        run = placed(tmp_path / str(number), snapshots)
        kept, fresh = (follow(run, "turnover", fields="all", cache=cache) for cache in (True, False))
        pd.testing.assert_frame_equal(kept, fresh)
