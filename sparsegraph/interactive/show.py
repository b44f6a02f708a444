"""``view``: an interactive drawing of a net or a run, for notebooks and as a page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path

from sparsegraph.arguments import kind_of
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.interactive.html import page
from sparsegraph.interactive.scene import Scene, scene_of_graph, scene_of_trajectory
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.loaded import Loaded
from sparsegraph.io.outputs import check_place
from sparsegraph.io.runs.run import Run


@dataclass(frozen=True, repr=False)
class View:
    """An interactive drawing; shows itself in a notebook.

    Parameters
    ----------
    html : str
        A complete page that needs no network.
    words : str
    """

    html: str
    words: str

    def __repr__(self) -> str:
        return f"<View of {self.words}>"

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html)}" title="{escape(self.words)}" '
            'style="width:100%;height:600px;border:0" sandbox="allow-scripts"></iframe>'
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, completely or not at all."""
        target = Path(path)
        check_place(target)
        with atomic_write(target) as temporary:
            temporary.write_text(self.html, encoding="utf-8")
        return target


def view(
    shown: LayeredGraph | Loaded | Snapshot | Run | Trajectory, *, disk: bool | None = None, seed: int = 0
) -> View:
    """Interactive drawing: plain layers or the hyperbolic disk; of a run with a slider over its snapshots.

    Parameters
    ----------
    shown : LayeredGraph, Loaded, Snapshot, Run or Trajectory
        Of a run its topology snapshots are shown and the net that it left, or its snapshots with weights where it has
        no others.
    disk : bool, optional
        Whether the hyperbolic disk is worked out, which takes about a second for 4,000 neurons; by default for nets of
        up to 6,000.
    seed : int
        Of what is sampled.

    Returns
    -------
    View

    Raises
    ------
    SparseGraphError
        If there is nothing to show.

    Notes
    -----
    Neurons are sampled above 10,000, links above 1,200, snapshots above 60; the drawing says so below itself.
    """
    scene = _scene(shown, disk=disk, seed=seed)
    neurons = sum(size for _, size in scene.layers)
    words = f"{len(scene.layers)} layers, {neurons:,} neurons, {len(scene.frames)} moments"
    return View(page(scene), words)


def _scene(shown: object, *, disk: bool | None, seed: int) -> Scene:
    match shown:
        case LayeredGraph():
            return scene_of_graph(shown, disk=disk, seed=seed)
        case Loaded() | Snapshot():
            return scene_of_graph(shown.graph, disk=disk, seed=seed)
        case Run():
            return _scene(shown.topology_and_final if len(shown.topology) else shown.snapshots, disk=disk, seed=seed)
        case Trajectory():
            if not len(shown):
                raise SparseGraphError("a trajectory without a snapshot; there is nothing to show")
            return scene_of_trajectory(shown, disk=disk, seed=seed)
    raise SparseGraphError(
        f"{kind_of(shown)} cannot be viewed; give a graph, a run, a snapshot, or what sparsegraph.load gives"
    )
