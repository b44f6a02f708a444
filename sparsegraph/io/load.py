"""The way from a checkpoint to a layered graph."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sparsegraph.arguments import kind_of
from sparsegraph.errors import LoadError, SparseGraphError, UnknownNameError
from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.graph.line import names_skip
from sparsegraph.io.contents import read_contents
from sparsegraph.io.loaded import Loaded, Source
from sparsegraph.io.names import listed
from sparsegraph.io.native import read_own_graph
from sparsegraph.io.network.assembly import assemble
from sparsegraph.io.network.chain import Step, beside_in_words, chain, chosen_chain, select
from sparsegraph.io.network.effective import STORED
from sparsegraph.io.network.matrix import Matrix
from sparsegraph.io.network.orientation import ALONE, orient
from sparsegraph.io.network.pairing import Plan, plan
from sparsegraph.io.tensor import Contents


def load(path: str | os.PathLike[str], *, layers: Sequence[str] | None = None, max_memory: int | None = None) -> Loaded:
    """Layered graph of a checkpoint, with its provenance.

    The format is recognised by content.  Masks are paired with their weights (effective weight = mask x weight); the
    links are the kept entries of explicit masks, zero weights included, or else the non-zero weights.  Matrices are
    put in order by the numbers in their names, checked by their shapes; filter banks become blocks between channels.
    What does not chain becomes a chain of its own, with a warning; nothing is dropped silently.

    Parameters
    ----------
    path : path
    layers : sequence of str, optional
        Names of the matrices, from input to output, that form the network; by default all that the file holds.
    max_memory : int, optional
        Bytes that one tensor may take.

    Returns
    -------
    Loaded
        With the graph, its source, where the masks come from, the tensors that were skipped and why, and warnings.

    Raises
    ------
    LoadError
        If the file cannot be read, holds no weights, or holds weights that are not finite.
    AmbiguousChainError
        If the matrices fit together in several orders and the names tell none.
    UnknownNameError
        If ``layers`` names what is not there.
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f"the path of a file is expected, not {kind_of(path)}; sparsegraph.graph_of takes a torch model, "
            "LayeredGraph.from_matrices takes arrays, and torch.save writes a state dict"
        )
    return load_contents(read_contents(path, max_memory=max_memory), os.fspath(path), layers=layers)


def load_contents(contents: Contents, path: str = "", *, layers: Sequence[str] | None = None) -> Loaded:
    """As :func:`load`, from contents that are open already; ``path`` is for messages and provenance."""
    if (own := read_own_graph(contents, path)) is not None:
        return _native(own.graph, contents, path, layers)
    with _naming(path):
        planned = plan(contents)
        matrices = _matrices(planned, path, layers)
        oriented, remarks = orient(matrices, in_line=layers is not None)
        chains = chain(oriented) if layers is None else chosen_chain(oriented)
        made = assemble(chains.chains)
    warnings = (*contents.notes, *planned.warnings, *remarks, *chains.warnings, *made.warnings, *made.of_whole)
    source = Source(path, contents.sha256, contents.format)
    return Loaded(made.graph, source, made.mask_origin, _skipped(planned, matrices), warnings)


def load_blocks(
    path: str | os.PathLike[str], *, layers: Sequence[str] | None = None, max_memory: int | None = None
) -> Iterator[Loaded]:
    """One graph of two layers for each matrix of a checkpoint, in file order.

    Only one matrix (and its mask) is in memory at a time, and nothing needs to chain: works for shards of any size and
    for every architecture.  Parameters and errors as for :func:`load`.
    """
    return load_blocks_of(read_contents(path, max_memory=max_memory), os.fspath(path), layers=layers)


def load_blocks_of(contents: Contents, path: str = "", *, layers: Sequence[str] | None = None) -> Iterator[Loaded]:
    """As :func:`load_blocks`, from contents that are open already."""
    if (own := read_own_graph(contents, path)) is not None:
        yield from _native_blocks(_native(own.graph, contents, path, None), layers)
        return
    with _naming(path):
        planned = plan(contents)
        matrices = _matrices(planned, path, layers)
        oriented, remarks = orient(matrices, in_line=layers is not None)
    source = Source(path, contents.sha256, contents.format)
    skipped = _skipped(planned, matrices)
    for one in oriented:
        with _naming(path):
            made = assemble([[Step(one, ALONE)]])
        warnings = (*contents.notes, *planned.warnings, *remarks, *made.warnings)
        yield Loaded(made.graph, source, made.mask_origin, skipped, warnings)


def _native(graph: LayeredGraph, contents: Contents, path: str, layers: Sequence[str] | None) -> Loaded:
    """The graph of a file that sparsegraph wrote, exactly as it was saved."""
    if layers is not None:
        raise LoadError(f"{path}: a file of sparsegraph says itself how its layers are joined; leave layers out")
    source = Source(path, contents.sha256, contents.format)
    apart = [block.name for block in graph.blocks if names_skip(block.name) and _stands_alone(graph, block)]
    remarks = [beside_in_words(apart)] if apart else []
    return Loaded(graph, source, STORED, (), (*contents.notes, *remarks))


def _stands_alone(graph: LayeredGraph, block: Block) -> bool:
    """Whether a block joins two layers that no other block touches."""
    ends = {block.source, block.target}
    return not any(ends & {other.source, other.target} for other in graph.blocks if other is not block)


def _native_blocks(loaded: Loaded, layers: Sequence[str] | None) -> Iterator[Loaded]:
    """Each block of our own checkpoint by itself; ``layers`` names blocks."""
    graph = loaded.graph
    names = [block.name for block in graph.blocks]
    for name in names if layers is None else layers:
        if name not in names:
            known = f"known are: {listed(names, 12)}"
            raise UnknownNameError(f"{loaded.source.path}: there is no block named {name!r}; {known}")
        block = graph.blocks[names.index(name)]
        ends = (graph.layers[block.source], graph.layers[block.target])
        yield replace(loaded, graph=LayeredGraph(ends, (replace(block, source=0, target=1),)))


def _matrices(planned: Plan, path: str, layers: Sequence[str] | None) -> list[Matrix]:
    if not planned.matrices:
        raise LoadError(nothing_found(planned, path))
    _refuse_unsupported(planned)
    if layers is None:
        return list(planned.matrices)
    return select(planned.matrices, [layers] if isinstance(layers, str) else layers)


def nothing_found(planned: Plan, path: str) -> str:
    """Why a file holds no graph, tensor by tensor."""
    found = [f"{d.tensor.name} {d.tensor.shape} {d.tensor.dtype}: {d.why}" for d in planned.decisions]
    if not found:
        return "holds no tensors; expected weight matrices: is this the checkpoint itself?"
    some = listed(found, 4, "; ")
    return f"no weight matrix among {len(found)} tensors: {some} (see all with: sparsegraph inspect {path})"


def _refuse_unsupported(planned: Plan) -> None:
    """Matrices of complex numbers or objects are an error: leaving them out would change the network."""
    for decision in planned.decisions:
        if decision.role == "unsupported" and len(decision.tensor.shape) >= 2:
            raise LoadError(f"{decision.tensor.name}: {decision.why}; expected real numbers: convert the tensor first")


def _skipped(planned: Plan, matrices: Sequence[Matrix]) -> tuple[tuple[str, str], ...]:
    """Tensors that are no part of the graph, with the reason."""
    used = {tensor.name for matrix in matrices for tensor in matrix.read.tensors}
    left_out = {tensor.name for matrix in planned.matrices for tensor in matrix.read.tensors} - used
    reasons = []
    for decision in planned.decisions:
        if decision.tensor.name in left_out:
            reasons.append((decision.tensor.name, "not among the layers asked for"))
        elif not decision.kept:
            reasons.append((decision.tensor.name, decision.why))
    return tuple(reasons)


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Put the path in front of messages that lack it."""
    try:
        yield
    except SparseGraphError as error:
        if not path or str(error).startswith((f"{path}:", f"{path},")):
            raise
        raise type(error)(f"{path}: {error}") from None
