"""Our own checkpoint: a layered graph as an ordinary torch file of plain values and tensors.

The layout is written down in ``docs/formats.md``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.mistaken import check_graph
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.arrays import load_arrays
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.contents import checkpoint_file, refuse_too_large
from sparsegraph.io.door import refusals
from sparsegraph.io.own_files import CHECKPOINT, SNAPSHOT, VERSIONS, in_words, read_own
from sparsegraph.io.readers.numpy_file import GRAPH_ARRAYS
from sparsegraph.io.readers.run_file import TOPOLOGY_SNAPSHOT
from sparsegraph.io.readers.sparse_parts import from_compressed
from sparsegraph.io.runs.about import about
from sparsegraph.io.runs.snapshot_file import read_snapshot
from sparsegraph.io.runs.topology_file import read_topology
from sparsegraph.io.tensor import Contents

_DEEPEST = 32


def save(graph: LayeredGraph, path: str | os.PathLike[str], *, meta: Mapping[str, Any] | None = None) -> None:
    """Write a graph to a checkpoint that ``torch.load(path, weights_only=True)`` opens, completely or not at all.

    Parameters
    ----------
    graph : LayeredGraph
    path : path
        Usually ends in ``.pt``; its directory must exist.
    meta : mapping, optional
        Plain values (None, bool, int, float, str, and lists, tuples and dictionaries of them) to keep beside the
        graph, such as the recipe and the seed of a training run.

    Raises
    ------
    TypeError
        If ``meta`` holds anything but plain values.

    Notes
    -----
    Loading gives back the same graph: sizes, names, shapes, couplings, the order of blocks, every stored entry
    (zeros included), its type and its multiplicity.  In names and in ``meta``, characters that do not print come back
    as escapes such as ``\\n``.
    """
    import torch

    from sparsegraph import __version__

    check_graph(graph, "saved")

    _check_plain(meta or {})
    payload = {
        "format": CHECKPOINT,
        "format_version": VERSIONS[CHECKPOINT],
        "sparsegraph_version": __version__,
        "layers": [{"name": la.name, "size": la.size, "kind": la.kind, "shape": la.shape} for la in graph.layers],
        "blocks": [_block_payload(block) for block in graph.blocks],
        "couplings": [list(group) for group in graph.couplings],
        "meta": dict(meta or {}),
    }
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        torch.save(payload, file)


def load_native(path: str | os.PathLike[str]) -> tuple[LayeredGraph, dict[str, Any]]:
    """The graph and the ``meta`` dictionary of a checkpoint that :func:`save` wrote.

    Raises
    ------
    LoadError
        If the file is not one, is damaged, or has a version that is newer than this package knows.
    """
    with refusals(path):
        content = read_own(path, CHECKPOINT)
        return _graph(content), content["meta"]


@dataclass(frozen=True)
class Own:
    """The graph in a file that sparsegraph wrote, and what the file tells of itself."""

    graph: LayeredGraph
    about: Mapping[str, Any] = field(default_factory=dict)


def read_own_graph(contents: Contents, path: str | os.PathLike[str]) -> Own | None:
    """What is in a file that sparsegraph wrote: checkpoint, snapshot or arrays; None for any other file."""
    for name, read in _READERS.items():
        if contents.format.startswith(name):
            refuse_too_large(contents, path)
            return read(path)
    return None


def _of_snapshot(path: str | os.PathLike[str]) -> Own:
    return _own(read_snapshot(path), path)


def _of_topology(path: str | os.PathLike[str]) -> Own:
    return _own(read_topology(checkpoint_file(Path(path))), path)


def _own(snapshot: Snapshot, path: str | os.PathLike[str]) -> Own:
    with refusals(path):
        return Own(snapshot.graph, about(snapshot))


_READERS: dict[str, Callable[[str | os.PathLike[str]], Own]] = {
    GRAPH_ARRAYS: lambda path: Own(load_arrays(path)),
    in_words(CHECKPOINT): lambda path: Own(load_native(path)[0]),
    in_words(SNAPSHOT): _of_snapshot,
    TOPOLOGY_SNAPSHOT: _of_topology,
}
"""By the beginning of the name of the format; a version follows."""


def _block_payload(block: Block) -> dict[str, Any]:
    import torch

    def tensor(array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array.copy())

    return {
        "name": block.name,
        "source": block.source,
        "target": block.target,
        "weights_per_link": block.weights_per_link,
        "groups": block.groups,
        "indptr": tensor(block.weights.indptr.astype(np.int64)),
        "indices": tensor(block.weights.indices.astype(np.int32)),
        "values": tensor(block.weights.data),
        "multiplicity": None if block.multiplicity is None else tensor(block.multiplicity),
    }


def _graph(content: dict[str, Any]) -> LayeredGraph:
    layers = tuple(Layer(e["name"], e["size"], e["kind"], _shape(e["shape"])) for e in content["layers"])
    blocks = tuple(_block(entry, layers) for entry in content["blocks"])
    return LayeredGraph(layers, blocks, tuple(tuple(group) for group in content["couplings"]))


def _shape(stored: Any) -> tuple[int, ...] | None:
    return None if stored is None else tuple(stored)


def _block(entry: dict[str, Any], layers: tuple[Layer, ...]) -> Block:
    shape = (layers[entry["source"]].size, layers[entry["target"]].size)
    weights = from_compressed(shape, entry["indptr"], entry["indices"], entry["values"], by_row=True)
    if weights.nnz != entry["values"].size:
        raise LoadError(f"block {entry['name']!r} stores a link twice; the file is damaged: save it again")
    keys = ("source", "target", "multiplicity", "weights_per_link", "name", "groups")
    return Block(weights=weights, **{key: entry[key] for key in keys})


def _check_plain(value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise TypeError(f"meta is nested more than {_DEEPEST} deep")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _check_plain(key, depth + 1)
            _check_plain(inner, depth + 1)
    elif type(value) in (list, tuple):
        for inner in value:
            _check_plain(inner, depth + 1)
    elif value is not None and type(value) not in (bool, int, float, str):
        raise TypeError(f"meta may hold plain values only, not {type(value).__name__}: {value!r}")
