"""What an interactive drawing holds: places of neurons, and for each frame the active ones and a sample of links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.link_sample import sample_links
from sparsegraph.graph.percolation import active_neurons
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.hyperbolic import hyperbolic
from sparsegraph.measures.kshell import kshell
from sparsegraph.rng import rng_for

MOST_NEURONS = 10_000
"""Above, neurons are sampled."""
SAMPLE = 2_000
MOST_LINKS = 1_200
MOST_FRAMES = 60
_MOST_EMBEDDED = 6_000
"""Neurons up to which the hyperbolic disk is worked out unasked."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One moment.

    Parameters
    ----------
    title : str
    active : ndarray of bool, shape (n_shown,)
    links : ndarray of int, shape (n_links, 2)
        Places of both ends among the neurons shown; a sample.
    fresh : ndarray of bool, shape (n_links,)
        Links that the last update regrew.
    n_in_net : int
        Links that the net has, drawn or not.
    """

    title: str
    active: np.ndarray
    links: np.ndarray
    fresh: np.ndarray
    n_in_net: int


@dataclass(frozen=True, eq=False)
class Scene:
    """Neurons and frames.

    Parameters
    ----------
    layers : tuple of (str, int)
        Name and size of each.
    layer, index : ndarray of int, shape (n_shown,)
        Layer of each neuron shown, and its place in it.
    height : ndarray of float, shape (n_shown,)
        In the layered drawing: 1 for the most connected neuron of a layer, 0 for the least.
    disk : ndarray of float, shape (n_shown, 2), or None
        Native hyperbolic disk, radius at most 1; NaN where a neuron has no angle.
    degree_in, degree_out, shell : ndarray of int, shape (n_shown,)
        Of the last frame.
    frames : tuple of Frame
    notes : tuple of str
        What was sampled, and conventions.
    """

    layers: tuple[tuple[str, int], ...]
    layer: np.ndarray
    index: np.ndarray
    height: np.ndarray
    disk: np.ndarray | None
    degree_in: np.ndarray
    degree_out: np.ndarray
    shell: np.ndarray
    frames: tuple[Frame, ...]
    notes: tuple[str, ...]


def scene_of_graph(graph: LayeredGraph, *, disk: bool | None = None, seed: int = 0) -> Scene:
    """Scene of one graph.

    Parameters
    ----------
    graph : LayeredGraph
    disk : bool, optional
        Whether the hyperbolic disk is worked out; by default for nets of up to 6,000 neurons.
    seed : int
        Of what is sampled.
    """
    shown = _shown(graph, seed)
    return _scene(graph, shown, (_frame(graph, shown, "", seed=seed),), disk=disk, seed=seed)


def scene_of_trajectory(
    trajectory: Trajectory,
    *,
    disk: bool | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda step: None,
) -> Scene:
    """Scene of a training: up to 60 snapshots, the first and the last among them.

    Neurons keep their places, which are those of the last snapshot, so that only links and activity move.
    """
    places = np.unique(np.linspace(0, len(trajectory) - 1, min(MOST_FRAMES, len(trajectory))).round().astype(int))
    last = trajectory[-1].graph
    shown = _shown(last, seed)
    frames: list[Frame] = []
    for place in places:
        progress(f"frame {len(frames) + 1} of {len(places)}")
        snapshot = trajectory[int(place)]
        frames.append(_frame(snapshot.graph, shown, _title(snapshot), _fresh(snapshot), seed=seed))
    told = f"{len(frames)} of {len(trajectory)} snapshots" if len(frames) < len(trajectory) else ""
    made = _scene(last, shown, tuple(frames), disk=disk, seed=seed)
    places_note = "places of neurons are those of the last snapshot"
    return replace(made, notes=tuple(filter(None, [*made.notes, told, places_note])))


def _scene(graph: LayeredGraph, shown: np.ndarray, frames: tuple[Frame, ...], *, disk: bool | None, seed: int) -> Scene:
    counted = degrees(graph)
    layer = np.repeat(np.arange(len(graph.layers)), [one.size for one in graph.layers])
    offsets = np.asarray(graph.offsets)
    embedded = graph.n_neurons <= _MOST_EMBEDDED if disk is None else disk
    drawn, in_net = max(len(frame.links) for frame in frames), max(frame.n_in_net for frame in frames)
    sampled = any(len(frame.links) < frame.n_in_net for frame in frames)
    notes = []
    if shown.size < graph.n_neurons:
        notes.append(f"{shown.size:,} of {graph.n_neurons:,} neurons, those with most links among them")
    notes.append(f"up to {drawn:,} of {in_net:,} links drawn" if sampled else "all links drawn")
    notes.append("active: on an input-output path")
    return Scene(
        layers=tuple((one.name, one.size) for one in graph.layers),
        layer=layer[shown],
        index=shown - offsets[layer[shown]],
        height=_heights(counted.total, layer)[shown],
        disk=_disk(graph, shown, seed) if embedded else None,
        degree_in=counted.incoming[shown],
        degree_out=counted.outgoing[shown],
        shell=kshell(graph).shell[shown],
        frames=frames,
        notes=tuple(notes),
    )


def _shown(graph: LayeredGraph, seed: int) -> np.ndarray:
    """The neurons that are drawn: all, or a sample by layer.

    A quarter of a layer's sample are its most connected neurons, the others are drawn at random.
    """
    if graph.n_neurons <= MOST_NEURONS:
        return np.arange(graph.n_neurons)
    total, rng, chosen = degrees(graph).total, rng_for(seed, "view"), []
    for place, layer in enumerate(graph.layers):
        here = np.arange(graph.offsets[place], graph.offsets[place] + layer.size)
        n = max(min(layer.size, 10), round(SAMPLE * layer.size / graph.n_neurons))
        ranked = here[np.argsort(-total[here], kind="stable")]
        top = ranked[: -(-n // 4)]
        chosen.append(np.concatenate([top, rng.choice(ranked[top.size :], n - top.size, replace=False)]))
    return np.sort(np.concatenate(chosen))


def _frame(graph: LayeredGraph, shown: np.ndarray, title: str, fresh: Sequence[np.ndarray] = (), *, seed: int) -> Frame:
    found = list(_links(graph, shown, fresh))
    most = max(MOST_LINKS, sum(len(pairs) for pairs, _ in found))
    drawn, regrown = [np.zeros((0, 2), int)], [np.zeros(0, bool)]
    for block, (pairs, new) in zip(graph.blocks, found, strict=True):
        chance = rng_for(seed, "view", "links", block.name).random((2, shown.size))
        kept = sample_links(pairs[:, 0], pairs[:, 1], len(pairs) * MOST_LINKS // most, chance)
        drawn.append(pairs[kept])
        regrown.append(new[kept])
    active = np.concatenate(active_neurons(graph))[shown]
    return Frame(title, active, np.concatenate(drawn), np.concatenate(regrown), graph.n_links)


def _links(
    graph: LayeredGraph, shown: np.ndarray, fresh: Sequence[np.ndarray]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each block the links between neurons shown, as places of both ends, and which the last update regrew."""
    place = np.full(graph.n_neurons, -1)
    place[shown] = np.arange(shown.size)
    for i, block in enumerate(graph.blocks):
        links = block.weights.tocoo()
        flat = links.row.astype(np.int64) * block.weights.shape[1] + links.col
        new = np.isin(flat, fresh[i]) if i < len(fresh) else np.zeros(flat.size, bool)
        pairs = place[np.stack([links.row + graph.offsets[block.source], links.col + graph.offsets[block.target]], 1)]
        inside = (pairs >= 0).all(axis=1)
        yield pairs[inside], new[inside]


def _fresh(snapshot: Snapshot) -> list[np.ndarray]:
    """Flat positions of the links that the last update regrew, block by block; none where nothing is recorded.

    None either where the graph has gathered rows by channel: a position counts rows, and a link may stand for several.
    """
    found = []
    for state, block in zip(snapshot.blocks, snapshot.graph.blocks, strict=True):
        if state.events is None or state.mask.shape != block.weights.shape:
            found.append(np.zeros(0, np.int64))
        else:
            found.append(state.events.regrown)
    return found


def _title(snapshot: Snapshot) -> str:
    told = f"epoch {snapshot.epoch}" if snapshot.epoch is not None else f"snapshot {snapshot.number}"
    return told if snapshot.update is None else f"{told}, update {snapshot.update}"


def _heights(total: np.ndarray, layer: np.ndarray) -> np.ndarray:
    height = np.empty(total.size)
    for one in np.unique(layer):
        here = np.flatnonzero(layer == one)
        ranked = here[np.argsort(-total[here], kind="stable")]
        height[ranked] = 1.0 - (np.arange(here.size) + 0.5) / here.size
    return height


def _disk(graph: LayeredGraph, shown: np.ndarray, seed: int) -> np.ndarray | None:
    found = hyperbolic(graph, rng=rng_for(seed, "hyperbolic"), n_permutations=1)
    if not np.isfinite(found.theta).any():
        return None
    reach = float(np.nanmax(found.radius)) or 1.0
    theta, radius = np.full(graph.n_neurons, np.nan), np.full(graph.n_neurons, np.nan)
    theta[: found.theta.size], radius[: found.radius.size] = found.theta, found.radius / reach
    return np.stack([radius * np.cos(theta), radius * np.sin(theta)], axis=1)[shown]
