"""An animation of percolation over the training: plain layers beside the hyperbolic disk, a frame a snapshot."""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.measures.activity import activity
from sparsegraph.measures.hyperbolic import Hyperbolic, hyperbolic
from sparsegraph.plotting.layers import draw_layers
from sparsegraph.plotting.palette import LAYERS
from sparsegraph.plotting.style import FAINT, STYLE
from sparsegraph.result import Undefined
from sparsegraph.rng import rng_for

FRAMES = 24
_SIZE, _DPI = (7.2, 3.4), 100
_MILLISECONDS = 450


def frame(snapshot: Snapshot, disk: Hyperbolic, turn: tuple[float, bool] = (0.0, False)) -> Figure:
    """One frame: layers at the left, disk at the right.

    Parameters
    ----------
    snapshot : Snapshot
    disk : Hyperbolic
        The embedding of its graph.
    turn : (float, bool)
        Angle by which the disk is turned, after it was mirrored or not: see :func:`aligned`.
    """
    graph = snapshot.graph
    active = activity(graph)
    with mpl.rc_context(STYLE):
        canvas = Figure(figsize=_SIZE)
        canvas.set_layout_engine("none")
        left, right = canvas.add_axes((0.02, 0.10, 0.50, 0.76)), canvas.add_axes((0.56, 0.04, 0.42, 0.84))
        draw_layers(graph, left)
        _draw_disk(disk, turn, right)
        when = f"epoch {snapshot.epoch}" if snapshot.epoch is not None else f"snapshot {snapshot.number}"
        rate = active.anp_rate
        told = "" if isinstance(rate, Undefined) else f", {100 * rate:.1f} % of neurons active (ANP)"
        canvas.text(0.02, 0.94, f"{when}: {graph.n_links:,} links{told}", fontsize=8, va="center")
    return canvas


def aligned(disks: Sequence[Hyperbolic]) -> list[tuple[float, bool]]:
    """How each disk is turned so that neurons move as little as possible from the one before.

    Angles of an embedding are free up to a rotation and a reflection: the rotation is the circular mean of the
    differences, the reflection the one with the larger resultant.
    """
    turns = [(0.0, False)]
    for before, after in itertools.pairwise(disks):
        both = before.embedded & after.embedded & np.isfinite(before.theta) & np.isfinite(after.theta)
        placed = _turned(before.theta[both], turns[-1])
        found = {
            mirror: np.exp(1j * (placed - (-1 if mirror else 1) * after.theta[both])).sum() for mirror in (False, True)
        }
        mirror = max(found, key=lambda one: abs(found[one]))
        turns.append((float(np.angle(found[mirror])) if both.any() else 0.0, mirror))
    return turns


def write_gif(frames: Sequence[Figure], path: Path) -> None:
    """Write frames as an endless GIF; the last one stays longer."""
    from PIL import Image

    from sparsegraph.io.atomic import atomic_write

    pictures = [
        Image.open(io.BytesIO(_png(one))).convert("P", palette=Image.Palette.ADAPTIVE, colors=64) for one in frames
    ]
    durations = [_MILLISECONDS] * (len(pictures) - 1) + [4 * _MILLISECONDS]
    with atomic_write(path) as temporary:
        pictures[0].save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=pictures[1:],
            duration=durations,
            loop=0,
            optimize=True,
        )


def can_write_mp4() -> bool:
    """Whether the program ffmpeg is there."""
    return shutil.which("ffmpeg") is not None


def write_mp4(frames: Sequence[Figure], path: Path) -> None:
    """Write frames as an MP4.

    Raises
    ------
    SparseGraphError
        If the program ffmpeg is missing or fails.
    """
    from sparsegraph.io.atomic import atomic_write

    if not can_write_mp4():
        raise SparseGraphError(f"{path}: an MP4 needs the program ffmpeg; install it, or take the GIF")
    with tempfile.TemporaryDirectory() as folder, atomic_write(path) as temporary:
        for place, one in enumerate(frames):
            (Path(folder) / f"{place:04d}.png").write_bytes(_png(one))
        command = ["ffmpeg", "-y", "-loglevel", "error", "-framerate", f"{1000 / _MILLISECONDS:.4f}"]
        command += [
            "-i",
            f"{folder}/%04d.png",
            "-vf",
            "pad=ceil(iw/2)*2:ceil(ih/2)*2",
            "-pix_fmt",
            "yuv420p",
            "-f",
            "mp4",
        ]
        answer = subprocess.run([*command, "-f", "mp4", str(temporary)], capture_output=True, text=True, check=False)
        if answer.returncode:
            raise SparseGraphError(f"{path}: ffmpeg failed ({answer.stderr.strip().splitlines()[-1:]})")


def chosen_snapshots(trajectory: Trajectory, most: int = FRAMES) -> list[Snapshot]:
    """The first and the last snapshot and evenly spaced ones between, closer at the start where most happens."""
    n = len(trajectory)
    share = np.linspace(0.0, 1.0, min(most, n)) ** 1.6
    return [trajectory[int(i)] for i in np.unique(np.round(share * (n - 1)).astype(int))]


def frames_of(
    trajectory: Trajectory, *, most: int = FRAMES, seed: int = 0, progress: Callable[[str], None] = lambda step: None
) -> Iterator[Figure]:
    """Frames of a trajectory, in order.

    Parameters
    ----------
    trajectory : Trajectory
    most : int
        Frames.
    seed : int
        Of the embeddings.
    progress : callable
    """
    snapshots = chosen_snapshots(trajectory, most)
    disks = []
    for place, snapshot in enumerate(snapshots):
        progress(f"disk {place + 1} of {len(snapshots)}")
        disks.append(hyperbolic(snapshot.graph, rng=rng_for(seed, "hyperbolic")))
    for snapshot, disk, turn in zip(snapshots, disks, aligned(disks), strict=True):
        yield frame(snapshot, disk, turn)


def _draw_disk(disk: Hyperbolic, turn: tuple[float, bool], axes: mpl.axes.Axes) -> None:
    reach = float(np.nanmax(disk.radius, initial=0.0)) or 1.0
    around = np.linspace(0.0, 2.0 * np.pi, 181)
    axes.plot(reach * np.cos(around), reach * np.sin(around), color=FAINT, linewidth=0.5)
    placed = np.flatnonzero(disk.embedded & np.isfinite(disk.theta))
    theta = _turned(disk.theta[placed], turn)
    colours = np.array(LAYERS)[disk.layer[placed] % len(LAYERS)]
    order = np.random.default_rng(0).permutation(placed.size)
    x, y = disk.radius[placed] * np.cos(theta), disk.radius[placed] * np.sin(theta)
    axes.scatter(x[order], y[order], s=2.5, c=colours[order], linewidths=0, alpha=0.8)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _turned(theta: np.ndarray, turn: tuple[float, bool]) -> np.ndarray:
    angle, mirror = turn
    return (-theta if mirror else theta) + angle


def _png(canvas: Figure) -> bytes:
    with io.BytesIO() as memory, mpl.rc_context(STYLE):
        canvas.savefig(memory, format="png", dpi=_DPI)
        return memory.getvalue()
