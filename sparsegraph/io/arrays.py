"""A layered graph as NumPy arrays: what ``export`` writes as ``.npz``, and the way back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.contents import checkpoint_file
from sparsegraph.io.door import refusals
from sparsegraph.io.names import harmless
from sparsegraph.io.network.effective import compressed_rows
from sparsegraph.io.readers.numpy_file import GRAPH_ARRAYS, read_npz, read_texts
from sparsegraph.io.tensor import StoredTensor

_PARTS = ("data", "indices", "indptr")


def write_arrays(graph: LayeredGraph, path: str | os.PathLike[str]) -> None:
    """Write the arrays that :func:`sparsegraph.export` lists, completely or not at all."""
    arrays: dict[str, np.ndarray] = {
        "layer_names": np.array([layer.name for layer in graph.layers], np.str_),
        "layer_sizes": np.array([layer.size for layer in graph.layers], np.int64),
        "block_names": np.array([block.name for block in graph.blocks], np.str_),
        "block_sources": np.array([block.source for block in graph.blocks], np.int64),
        "block_targets": np.array([block.target for block in graph.blocks], np.int64),
    }
    for index, block in enumerate(graph.blocks):
        stem = _stem(index, graph.layers[block.target].name)
        arrays.update({f"{stem}.{part}": getattr(block.weights, part) for part in _PARTS})
        arrays[f"{stem}.shape"] = np.array(block.weights.shape, np.int64)
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def load_arrays(path: str | os.PathLike[str]) -> LayeredGraph:
    """The graph that :func:`write_arrays` wrote: layers, blocks and their names, every stored entry.

    Raises
    ------
    LoadError
        If the file is no such file or is damaged.

    Notes
    -----
    What belongs to channels (kind and shape of layers, multiplicities) is not in the file.
    """
    with refusals(path):
        file = checkpoint_file(Path(path))
        found = read_npz(file)
        if found.format != GRAPH_ARRAYS:
            raise LoadError("not an export of sparsegraph; use sparsegraph.load instead")
        tensors = {tensor.name: tensor for tensor in found.tensors}
        stems, block_names = read_texts(file, "layer_names"), read_texts(file, "block_names")
        layers = tuple(
            Layer(harmless(name), size) for name, size in zip(stems, _numbers(tensors["layer_sizes"]), strict=True)
        )
        ends = zip(_numbers(tensors["block_sources"]), _numbers(tensors["block_targets"]), strict=True)
        blocks = []
        for index, (name, (source, target)) in enumerate(zip(block_names, ends, strict=True)):
            shape = (layers[source].size, layers[target].size)
            kept = compressed_rows(*_parts(tensors, _stem(index, stems[target])), shape)
            blocks.append(Block(source, target, kept.weights, name=harmless(name)))
        return LayeredGraph(layers, tuple(blocks))


def _stem(index: int, target: str) -> str:
    return f"[{index}].{target}"


def _parts(tensors: Mapping[str, StoredTensor], stem: str) -> tuple[StoredTensor, StoredTensor, StoredTensor]:
    data, indices, indptr = (tensors[f"{stem}.{part}"] for part in _PARTS)
    return data, indices, indptr


def _numbers(tensor: StoredTensor) -> list[int]:
    values = np.asarray(tensor.read())
    if values.ndim != 1 or values.dtype.kind not in "iu" or (values < 0).any():
        raise LoadError(f"{tensor.name} holds no list of counts; the file is damaged: export it again")
    return [int(value) for value in values]
