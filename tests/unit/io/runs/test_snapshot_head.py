"""What a snapshot's file tells without being decoded."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from evolving import snapshots

from sparsegraph.errors import LoadError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import Mask
from sparsegraph.io.runs.layout import SNAPSHOTS, TOPOLOGY, numbered
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.snapshot_head import SnapshotHead, snapshot_head
from sparsegraph.io.runs.writer import RunWriter


def written(path: Path, numbers: int = 5, *, shift: int = 0) -> Path:
    with RunWriter.create(path, {}) as writer:
        for snapshot in snapshots(numbers):
            later = replace(snapshot, number=snapshot.number + shift, epoch=None)
            writer.topology(later)
            writer.snapshot(later)
    return path


@pytest.mark.parametrize("kind", [SNAPSHOTS, TOPOLOGY])
def test_the_times_are_those_of_the_snapshot(tmp_path: Path, kind: str) -> None:
    run = open_run(written(tmp_path / "run"))
    trajectory = run.topology if kind == TOPOLOGY else run.snapshots
    for snapshot in trajectory:
        head = snapshot_head(run.path, kind, snapshot.number)
        assert (head.number, head.update, head.epoch, head.step) == (
            snapshot.number,
            snapshot.update,
            None,
            snapshot.step,
        )


@pytest.mark.parametrize("kind", [SNAPSHOTS, TOPOLOGY])
def test_other_content_is_told_apart(tmp_path: Path, kind: str) -> None:
    run = written(tmp_path / "run")
    assert len({snapshot_head(run, kind, number).content for number in range(5)}) == 5


def test_equal_masks_have_equal_content_whenever_they_were_there(tmp_path: Path) -> None:
    early, late = written(tmp_path / "early"), written(tmp_path / "late", shift=100)
    for number in range(5):
        head, other = snapshot_head(early, TOPOLOGY, number), snapshot_head(late, TOPOLOGY, number + 100)
        assert head.content == other.content
        assert head != other


def test_content_follows_the_mask_and_the_input_shape(tmp_path: Path) -> None:
    def content(name: str, **changes: object) -> str:
        with RunWriter.create(tmp_path / name, {}) as writer:
            writer.topology(replace(snapshots(1)[0], **changes))  # type: ignore[arg-type]
        return snapshot_head(tmp_path / name, TOPOLOGY, 0).content

    first, *_ = snapshots(1)
    renamed = (replace(first.blocks[0], name="other"), *first.blocks[1:])
    assert len({content("a"), content("b", input_shape=(12,)), content("c", blocks=renamed)}) == 3
    assert content("d", epoch=9, step=9) == content("e")
    conv = BlockState("conv", Mask.complete((18, 4)), kind="conv2d", torch_shape=(4, 2, 3, 3))
    told = [content(f"groups{n}", blocks=(replace(conv, groups=n),)) for n in (None, 1, 2)]
    assert len(set(told)) == 3


@pytest.mark.parametrize("kind", [SNAPSHOTS, TOPOLOGY])
def test_files_that_are_none_are_named(tmp_path: Path, kind: str) -> None:
    run = written(tmp_path / "run", 2)
    shutil.copy(numbered(run, kind, 1), numbered(run, kind, 7))
    with pytest.raises(LoadError, match=r"000007\.\w+: holds number 1; it was renamed"):
        snapshot_head(run, kind, 7)
    numbered(run, kind, 0).write_bytes(b"PK nothing")
    for number in (0, 3):
        with pytest.raises(LoadError, match=f"00000{number}"):
            snapshot_head(run, kind, number)
    assert isinstance(snapshot_head(run, kind, 1), SnapshotHead)
