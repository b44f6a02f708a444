"""A layered graph for other programs: GraphML, edge list, NumPy arrays, our own checkpoint."""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape

import numpy as np

from sparsegraph.errors import UnknownNameError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mistaken import check_graph
from sparsegraph.io.arrays import write_arrays
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.native import save
from sparsegraph.io.outputs import check_place

_COLUMNS = ("source", "target", "source_layer", "target_layer", "weight")
_ROWS_AT_ONCE = 4096


def export(graph: LayeredGraph, path: str | os.PathLike[str]) -> None:
    """Write a graph in the format that the suffix of ``path`` says, completely or not at all.

    ========== ==============================================================================================
    suffix     content
    ========== ==============================================================================================
    .graphml   directed graph; node attributes ``layer``, ``index``, ``name``, edge attribute ``weight``
    .tsv .csv  one line a link: source, target (neurons as ``layer:index``), their layers, weight
    .npz       for each block the CSR arrays ``[i].layer.data``, ``.indices``, ``.indptr``, ``.shape`` (rows are
               source neurons), ``layer_names``, ``layer_sizes``, ``block_names``, and the layers that each block
               joins, ``block_sources`` and ``block_targets``
    .pt        a sparsegraph checkpoint
    ========== ==============================================================================================

    Parameters
    ----------
    graph : LayeredGraph
    path : path
        Its directory must exist.

    Raises
    ------
    UnknownNameError
        If the suffix is none of these.
    SparseGraphError
        If no file can be written there.

    Notes
    -----
    Text formats are streamed, so that memory does not grow with the number of links, and weights are written so that
    reading gives the same number.  ``.pt`` loads to the same graph; ``.npz`` to the same layers, blocks and links with
    their names, while what belongs to channels (kind and shape of layers, multiplicities) is not in it.
    """
    check_graph(graph, "exported")
    suffix = Path(path).suffix.lower()
    writer = _WRITERS.get(suffix)
    if writer is None:
        raise UnknownNameError(f"{os.fspath(path)}: no format has the suffix {suffix!r}; use {', '.join(_WRITERS)}")
    check_place(Path(path))
    writer(graph, path)


def _write_graphml(graph: LayeredGraph, path: str | os.PathLike[str]) -> None:
    with atomic_write(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(_GRAPHML_HEAD)
        number = 0
        for layer in graph.layers:
            name = _xml_text(layer.name)
            for index in range(layer.size):
                data = f'<data key="l">{name}</data><data key="i">{index}</data><data key="n">{name}:{index}</data>'
                file.write(f'<node id="n{number}">{data}</node>\n')
                number += 1
        for sources, targets, weights in _link_chunks(graph):
            file.writelines(
                f'<edge source="n{s}" target="n{t}"><data key="w">{w!r}</data></edge>\n'
                for s, t, w in zip(sources, targets, weights, strict=True)
            )
        file.write("</graph>\n</graphml>\n")


def _write_tsv(graph: LayeredGraph, path: str | os.PathLike[str]) -> None:
    with atomic_write(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        _write_rows(graph, file, "\t")


def _write_csv(graph: LayeredGraph, path: str | os.PathLike[str]) -> None:
    with atomic_write(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        _write_rows(graph, file, ",")


def _write_rows(graph: LayeredGraph, file: TextIO, delimiter: str) -> None:
    rows = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    rows.writerow(_COLUMNS)
    first = graph.offsets.tolist()
    for block_number, block in enumerate(graph.blocks):
        source, target = graph.layers[block.source].name, graph.layers[block.target].name
        offsets = (first[block.source], first[block.target])
        for sources, targets, weights in _link_chunks(graph, only=block_number):
            rows.writerows(
                (f"{source}:{s - offsets[0]}", f"{target}:{t - offsets[1]}", source, target, repr(w))
                for s, t, w in zip(sources, targets, weights, strict=True)
            )


def _link_chunks(graph: LayeredGraph, only: int | None = None) -> Iterator[tuple[list[int], list[int], list[float]]]:
    """Links as global neuron numbers and weights, some rows of a block at a time."""
    chosen = graph.blocks if only is None else graph.blocks[only : only + 1]
    for block in chosen:
        matrix, (first, second) = block.weights, graph.offsets[[block.source, block.target]].tolist()
        for start in range(0, matrix.shape[0], _ROWS_AT_ONCE):
            stop = min(start + _ROWS_AT_ONCE, matrix.shape[0])
            begin, end = int(matrix.indptr[start]), int(matrix.indptr[stop])
            rows = np.repeat(np.arange(start, stop), np.diff(matrix.indptr[start : stop + 1]))
            yield (
                (rows + first).tolist(),
                (matrix.indices[begin:end].astype(np.int64) + second).tolist(),
                matrix.data[begin:end].astype(np.float64).tolist(),
            )


def _xml_text(text: str) -> str:
    """Text that XML allows: markup escaped, control characters replaced."""
    return escape("".join(c if c.isprintable() else "?" for c in text))


_GRAPHML_HEAD = "\n".join(
    itertools.chain(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        ),
        (
            f'<key id="{key}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>'
            for key, owner, name, kind in (
                ("l", "node", "layer", "string"),
                ("i", "node", "index", "int"),
                ("n", "node", "name", "string"),
                ("w", "edge", "weight", "double"),
            )
        ),
        ('<graph edgedefault="directed">', ""),
    )
)

_WRITERS: dict[str, Callable[[LayeredGraph, str | os.PathLike[str]], None]] = {
    ".graphml": _write_graphml,
    ".tsv": _write_tsv,
    ".csv": _write_csv,
    ".npz": write_arrays,
    ".pt": save,
}
