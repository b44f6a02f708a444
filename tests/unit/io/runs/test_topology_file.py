"""Topology snapshots: changes since the one before, and what happens when one is missing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evolving import assert_same, blocks_of, moved, random_mask, snapshots

from sparsegraph.errors import LoadError
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.archive import read_archive, write_archive
from sparsegraph.io.runs.layout import TOPOLOGY, numbered
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.topology_file import KEY_EVERY, MAGIC, VERSION, _after
from sparsegraph.io.runs.writer import RunWriter


def written(folder: Path, made: list[Snapshot]) -> Path:
    with RunWriter.create(folder / "run", {}) as writer:
        for snapshot in made:
            writer.topology(snapshot)
    return folder / "run"


def told(run: Path, number: int) -> list[str]:
    head, _ = read_archive(numbered(run, TOPOLOGY, number), MAGIC, VERSION)
    return [entry["told"] for entry in head["blocks"]]


def test_every_one_comes_back_in_any_order(tmp_path: Path) -> None:
    made = snapshots(2 * KEY_EVERY + 3)
    run = written(tmp_path, made)
    for found, expected in zip(open_run(run).topology, made, strict=True):
        assert_same(found, expected, weights=False)
        assert found.weights == (None, None)
        assert found.graph.n_links == 42
    trajectory = open_run(run).topology
    for number in (20, 3, 33, 34, 0, 17):
        assert_same(trajectory[number], made[number], weights=False)


def test_whole_masks_are_written_every_sixteenth_time_and_else_what_changed(tmp_path: Path) -> None:
    run = written(tmp_path, snapshots(KEY_EVERY + 2))
    assert told(run, 0) == told(run, KEY_EVERY) == ["whole", "whole"]
    assert told(run, 1) == told(run, KEY_EVERY + 1) == ["events", "events"]


def test_updates_may_be_left_out(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    mask, made = random_mask((100, 50), 1000, rng), []
    for number in range(6):
        mask, events = moved(mask, 20, rng)
        made.append(Snapshot(number, tuple(blocks_of([mask], [events], rng))))
    run = written(tmp_path, made[::2])
    assert told(run, 2) == ["difference"]
    for found, expected in zip(open_run(run).topology, made[::2], strict=True):
        assert_same(found, expected, weights=False)


def test_where_nearly_all_links_are_others_the_mask_is_whole(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    masks = [random_mask((100, 50), 1000, rng) for _ in range(3)]
    made = [Snapshot(number, tuple(blocks_of([mask], [None], rng))) for number, mask in enumerate(masks)]
    run = written(tmp_path, made)
    assert told(run, 2) == ["whole"]
    assert_same(open_run(run).topology[2], made[2], weights=False)


def test_in_order_each_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = written(tmp_path, snapshots(10))
    n_read = 0

    def counted(*given: object) -> object:
        nonlocal n_read
        n_read += 1
        return read_archive(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("sparsegraph.io.runs.topology_file.read_archive", counted)
    assert len(list(open_run(run).topology)) == n_read == 10


def test_a_missing_file_is_named_and_others_can_be_read(tmp_path: Path) -> None:
    made = snapshots(KEY_EVERY + 3)
    run = written(tmp_path, made)
    numbered(run, TOPOLOGY, 4).unlink()
    trajectory = open_run(run).topology
    assert 4 not in trajectory.numbers
    with pytest.raises(LoadError, match=r"000004\.npz: missing, and later topology snapshots build on it"):
        trajectory.load(7)
    assert_same(trajectory.load(3), made[3], weights=False)
    assert_same(trajectory.load(KEY_EVERY + 2), made[KEY_EVERY + 2], weights=False)


def test_a_file_of_another_run_in_between_is_noticed(tmp_path: Path) -> None:
    run, other = written(tmp_path / "a", snapshots(6)), written(tmp_path / "b", snapshots(6, seed=1))
    shutil.copy(numbered(other, TOPOLOGY, 3), numbered(run, TOPOLOGY, 3))
    with pytest.raises(LoadError, match=r"000003\.npz: .*does not match its checksum"):
        open_run(run).topology[5]
    assert open_run(run).topology[2].number == 2


def test_a_renamed_file_is_noticed(tmp_path: Path) -> None:
    run = written(tmp_path, snapshots(6))
    numbered(run, TOPOLOGY, 5).rename(numbered(run, TOPOLOGY, 9))
    with pytest.raises(LoadError, match="holds number 5 and not 9"):
        open_run(run).topology[5]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base": 7}, "builds on number 7"),
        ({"base": 3}, "builds on number 3"),
        ({"base": -1}, "builds on number -1"),
        ({"base": None}, "tells changes to masks"),
        ({"format_version": 2}, "newer sparsegraph"),
        ({"blocks": []}, "damaged"),
        ({"blocks": [{"shape": [2**50, 2]}]}, "rows and columns"),
        ({"epoch": "x"}, "no count"),
    ],
)
def test_a_wrong_description_is_refused(change: dict[str, object], message: str, tmp_path: Path) -> None:
    run = written(tmp_path, snapshots(4))
    head, arrays = read_archive(numbered(run, TOPOLOGY, 3), MAGIC, VERSION)
    write_archive(numbered(run, TOPOLOGY, 3), {**head, **change}, arrays)
    with pytest.raises(LoadError, match=message):
        open_run(run).topology[3]


def test_weights_and_values_besides_are_left_out(tmp_path: Path) -> None:
    snapshot = replace(snapshots(1)[0], extra={"bn": np.ones(1000)})
    run = written(tmp_path, [snapshot])
    assert numbered(run, TOPOLOGY, 0).stat().st_size < 2500


def test_links_lost_to_removal_and_percolation_make_the_next_mask() -> None:
    before = Mask((2, 4), np.array([0, 1, 3, 6]))
    removed, none, regrown = np.array([1, 6]), np.array([], np.int64), np.array([2])
    alone = _after(before, LinkEvents(removed, none, regrown))
    both = _after(before, LinkEvents(removed, np.array([0]), regrown))
    assert alone is not None
    assert both is not None
    assert (alone.positions.tolist(), both.positions.tolist()) == ([0, 2, 3], [2, 3])
