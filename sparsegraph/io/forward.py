"""A checkpoint as a forward pass needs it: links, weights and biases, and nothing left that might change the answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import read_contents
from sparsegraph.io.door import refusals
from sparsegraph.io.load import load_contents
from sparsegraph.io.loaded import Loaded
from sparsegraph.io.names import listed
from sparsegraph.io.native import read_own_graph
from sparsegraph.io.network.masks import mask_alone
from sparsegraph.io.network.pairing import Plan, plan
from sparsegraph.io.own_files import SNAPSHOT, in_words
from sparsegraph.io.runs.snapshot_file import read_snapshot
from sparsegraph.io.tensor import Contents, StoredTensor

_WITHOUT_EFFECT = ("optimiser", "copy", "scalar", "counts")
"""Roles of tensors that a forward pass does not use."""


@dataclass(frozen=True)
class Forward:
    """A loaded graph and, for each of its blocks, the biases of the targets (float32; None where there are none)."""

    loaded: Loaded
    biases: tuple[np.ndarray | None, ...]


def load_forward(path: str | os.PathLike[str], *, max_memory: int | None = None) -> Forward:
    """Graph and biases of a checkpoint.

    A bias is that beside its matrix by name: ``fc1.weight`` and ``fc1.bias``, ``W_0`` and ``b_0``.

    Parameters
    ----------
    path : path
    max_memory : int, optional
        Bytes that one tensor may take.

    Raises
    ------
    LoadError
        If the file cannot be read, or holds more than matrices and the biases beside them (normalisation, vectors of
        unknown use, masked biases), or less (masks only, a graph without biases): what it computes is then in doubt.

    Notes
    -----
    Which nonlinearity lies between the matrices is in no file of weights.
    """
    contents = read_contents(path, max_memory=max_memory)
    with refusals(path):
        if contents.format.startswith(in_words(SNAPSHOT)):
            return _of_snapshot(path, contents)
        if read_own_graph(contents, path) is not None:
            raise LoadError("a graph without biases: name the checkpoint or the run that it was made from")
        planned = plan(contents)
        _refuse_doubt(planned)
    loaded = load_contents(contents, os.fspath(path))
    with refusals(path):
        biases = [
            None if (tensor := planned.biases.get(block.name)) is None else _values(tensor, block.weights.shape[1])
            for block in loaded.graph.blocks
        ]
    return Forward(loaded, tuple(biases))


def _of_snapshot(path: str | os.PathLike[str], contents: Contents) -> Forward:
    snapshot = read_snapshot(path)
    if any(block.weights is None for block in snapshot.blocks) or snapshot.extra:
        raise LoadError("a snapshot of more than links and biases; only multilayer perceptrons can be run")
    return Forward(load_contents(contents, os.fspath(path)), tuple(block.biases for block in snapshot.blocks))


def _refuse_doubt(planned: Plan) -> None:
    if any(matrix.read.combine is mask_alone for matrix in planned.matrices):
        raise LoadError("masks only, no weights: name the checkpoint that holds the weights")
    if doubtful := list(_doubtful(planned)):
        raise LoadError(
            f"besides matrices and their biases the file holds {listed(doubtful, 3, '; ')}; what the net computes with "
            "that is not known: only multilayer perceptrons, layer after layer, can be run"
        )


def _doubtful(planned: Plan) -> Iterator[str]:
    """Tensors that are no part of a matrix and no bias beside one, and that the net may compute with."""
    beside = {tensor.name for tensor in planned.biases.values()}
    for decision in planned.decisions:
        if not decision.kept and decision.role not in _WITHOUT_EFFECT and decision.tensor.name not in beside:
            yield f"{decision.tensor.name} {decision.tensor.shape} ({decision.why})"


def _values(tensor: StoredTensor, size: int) -> np.ndarray:
    stored = tensor.read()
    if not isinstance(stored, np.ndarray) or stored.dtype.kind not in "fiu" or stored.size != size:
        raise LoadError(f"{tensor.name} {tensor.shape} {tensor.dtype} is no bias for {size} neurons: save it again")
    values = stored.ravel().astype(np.float32)
    if not np.isfinite(values).all():
        raise LoadError(f"{tensor.name} holds NaN or infinite values; biases must be finite: take another checkpoint")
    return values
