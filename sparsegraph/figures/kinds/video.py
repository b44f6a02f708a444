"""Kind: percolation over the epochs as an animation; the picture is the last frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.material import Material
from sparsegraph.figures.moments import topology_of
from sparsegraph.measures.activity import activity
from sparsegraph.plotting.percolation_video import can_write_mp4, chosen_snapshots, frames_of, write_gif, write_mp4


def percolation_video(material: Material, *, profile: str, others: Sequence[str] = ()) -> Drawn:
    """Animation of the first run of a profile, or of the first of others that is there.

    Parameters
    ----------
    material : Material
    profile : str
    others : sequence of str
    """
    import pandas as pd

    cohort = material.cohorts.select([profile, *others])[0]
    trajectory = topology_of(cohort.runs[0])
    frames = list(frames_of(trajectory, seed=material.seed, progress=material.progress))
    rows = []
    for snapshot in chosen_snapshots(trajectory):
        active = activity(snapshot.graph)
        rows.append({"epoch": snapshot.epoch, "update": snapshot.update, "anp": active.anp_rate})
    extras: dict[str, Callable[[Path], None]] = {".gif": partial(write_gif, frames)}
    if can_write_mp4():
        extras[".mp4"] = partial(write_mp4, frames)
    notes = (
        f"First seed; {len(frames)} of {len(trajectory)} snapshots, closer at the start. Neurons by layer and "
        f"degree, inactive "
        "ones grey; a sample of the links, those on no input-output path in vermilion. Disks (RA1-ISO-EA, readout "
        "left out) "
        "are turned and mirrored so that neurons move as little as possible between frames.",
    )
    return Drawn(frames[-1], pd.DataFrame(rows), (cohort,), notes, extras)
