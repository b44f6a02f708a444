"""The animation of percolation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from evolving import snapshots
from PIL import Image
from trajectories import trajectory_of

from sparsegraph.errors import SparseGraphError
from sparsegraph.plotting import percolation_video
from sparsegraph.plotting.percolation_video import aligned, chosen_snapshots, frames_of, write_gif, write_mp4


class Disk:
    """Angles of an embedding."""

    def __init__(self, theta: np.ndarray) -> None:
        self.theta = theta
        self.embedded = np.ones(theta.size, bool)


def test_a_turned_and_mirrored_disk_is_turned_back() -> None:
    theta = np.random.default_rng(0).uniform(0, 2 * np.pi, 50)
    turns = aligned([Disk(theta), Disk(theta + 1.0), Disk(2.0 - theta)])  # type: ignore[list-item]
    for other, (angle, mirror) in zip((theta, theta + 1.0, 2.0 - theta), turns, strict=True):
        placed = (-other if mirror else other) + angle
        assert np.exp(1j * placed) == pytest.approx(np.exp(1j * theta))


def test_both_ends_are_chosen_and_the_start_is_denser() -> None:
    chosen = [snapshot.number for snapshot in chosen_snapshots(trajectory_of(snapshots(40)), 10)]
    assert (chosen[0], chosen[-1]) == (0, 39)
    assert chosen[1] - chosen[0] < chosen[-1] - chosen[-2]


def test_a_gif_has_a_frame_a_snapshot(tmp_path: Path) -> None:
    frames = list(frames_of(trajectory_of(snapshots(3))))
    path = tmp_path / "net.gif"
    write_gif(frames, path)
    with Image.open(path) as picture:
        assert picture.n_frames == 3
    again = tmp_path / "again.gif"
    write_gif(frames, again)
    assert path.read_bytes() == again.read_bytes()


def test_without_ffmpeg_an_mp4_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(percolation_video, "can_write_mp4", lambda: False)
    with pytest.raises(SparseGraphError, match="needs the program ffmpeg"):
        write_mp4([], tmp_path / "net.mp4")
    assert not list(tmp_path.iterdir())
