"""What is in a checkpoint, tensor by tensor, and what an analysis of it would take."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.contents import read_contents
from sparsegraph.io.estimate import Estimate, Size, estimate
from sparsegraph.io.load import nothing_found
from sparsegraph.io.names import listed
from sparsegraph.io.native import Own, read_own_graph
from sparsegraph.io.network.assembly import in_words
from sparsegraph.io.network.chain import Chains, Step, chain, layer_name
from sparsegraph.io.network.effective import STORED, Kept
from sparsegraph.io.network.matrix import Matrix
from sparsegraph.io.network.orientation import orient
from sparsegraph.io.network.pairing import Decision, Plan, plan
from sparsegraph.io.tensor import Contents
from sparsegraph.result import Result


@dataclass(frozen=True)
class TensorReport(Result):
    """One tensor of a file.

    Parameters
    ----------
    name : str
    shape : tuple of int
        In the layout of the file.
    dtype : str
    role : str
        Such as ``"weights"``, ``"filters"``, ``"mask"``, ``"bias"``.
    kept : bool
        Whether it is part of the graph.
    why : str
        Reason for the role, or for leaving it out.
    n_links : int, optional
        Weights kept once masks are applied; None for what is no weight matrix.  Each weight of a kernel counts.
    density, sparsity : float, optional
        Weights kept over weights in all, and the rest.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    role: str
    kept: bool
    why: str
    n_links: int | None = None
    density: float | None = None
    sparsity: float | None = None


@dataclass(frozen=True)
class Inspection(Result):
    """What a file holds and what was decided about it.

    Parameters
    ----------
    path, format, sha256 : str
    tensors : tuple of TensorReport
        In file order.
    chains : tuple of str
        How the layers follow each other, such as ``"784 - fc1 300 - fc2 10"``; several where not all fit.  What
        cannot be used, such as a matrix with NaN, is marked ``(refused)``.
    mask_origin : str
        As in :class:`sparsegraph.Loaded`; empty where there are no weights.
    n_links : int
        Weights kept in all matrices and filter banks that can be used.
    density, sparsity : float, optional
        Over all matrices and filter banks that can be used; None where there are none.
    estimate : Estimate
        Memory and time of an analysis, to an order of magnitude.
    problem : str, optional
        Why the file cannot be loaded as one graph; None if it can.
    warnings : tuple of str
    about : mapping
        What a snapshot of a run tells of itself: number, epoch, step, profile, seed, data, test accuracy; else empty.
    """

    path: str
    format: str
    sha256: str
    tensors: tuple[TensorReport, ...]
    chains: tuple[str, ...]
    mask_origin: str
    n_links: int
    density: float | None
    sparsity: float | None
    estimate: Estimate
    problem: str | None
    warnings: tuple[str, ...]
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Counted:
    """What reading one matrix told: weights kept, where the mask comes from, or why it cannot be read."""

    size: Size
    origin: str = ""
    warnings: tuple[str, ...] = ()
    problem: str = ""


def inspect(path: str | os.PathLike[str], *, max_memory: int | None = None) -> Inspection:
    """Every tensor of a checkpoint: shape, type, density, role, kept or skipped and why.

    A file whose contents can be listed never fails, even if it makes no graph: ``problem`` then says why.

    Parameters
    ----------
    path : path
    max_memory : int, optional
        Bytes that one tensor may take.

    Raises
    ------
    LoadError
        If the file cannot be opened as a checkpoint at all.

    Notes
    -----
    Reads one matrix (and its mask) at a time.
    """
    contents = read_contents(path, max_memory=max_memory)
    if (own := read_own_graph(contents, path)) is not None:
        return _of_native(own, contents, os.fspath(path))
    try:
        planned = plan(contents)
    except SparseGraphError as error:
        planned, problem = _undecided(contents), str(error)
        return _report(contents, os.fspath(path), planned, {}, Chains(()), problem)
    counted = {matrix.name: _count(matrix) for matrix in planned.matrices}
    chains, problem = _chains(planned, os.fspath(path))
    broken = next((one.problem for one in counted.values() if one.problem), "")
    return _report(contents, os.fspath(path), planned, counted, chains, problem or broken)


def _undecided(contents: Contents) -> Plan:
    """A plan that keeps nothing, for files whose tensors cannot even be told apart."""
    why = "not decided: see the problem"
    return Plan((), tuple(Decision(tensor, "unsupported", False, why) for tensor in contents.tensors), ())


def _count(matrix: Matrix) -> _Counted:
    try:
        kept: Kept = matrix.read()
    except SparseGraphError as error:
        return _Counted(Size(matrix.shape, 0), problem=str(error))
    return _Counted(Size(matrix.shape, kept.n_kept), kept.origin, kept.warnings)


def _chains(planned: Plan, path: str) -> tuple[Chains, str]:
    """Chains with the remarks on how they were found, or why there are none."""
    if not planned.matrices:
        return Chains(()), nothing_found(planned, path)
    try:
        oriented, remarks = orient(planned.matrices, in_line=False)
        chains = chain(oriented)
    except SparseGraphError as error:
        return Chains(()), str(error)
    return Chains(chains.chains, (*remarks, *chains.warnings)), ""


def _report(
    contents: Contents, path: str, planned: Plan, counted: dict[str, _Counted], chains: Chains, problem: str
) -> Inspection:
    first = {matrix.read.tensors[0].name: counted[matrix.name] for matrix in planned.matrices}
    tensors = tuple(_tensor(decision, first.get(decision.tensor.name)) for decision in planned.decisions)
    origins = Counter(one.origin for one in counted.values() if one.origin)
    noticed = tuple(warning for one in counted.values() for warning in one.warnings)
    refused = [name for name, one in counted.items() if one.problem]
    left_out = [f"totals and densities leave out what cannot be used: {listed(refused)}"] if refused else []
    warnings = (*contents.notes, *planned.warnings, *chains.warnings, *noticed, *left_out)
    sizes = [one.size for one in counted.values() if not one.problem]
    lines = tuple(_line(steps, set(refused)) for steps in chains.chains)
    return _whole(contents, path, tensors, sizes, _Findings(lines, in_words(origins), problem or None, warnings))


@dataclass(frozen=True)
class _Findings:
    chains: tuple[str, ...]
    mask_origin: str
    problem: str | None
    warnings: tuple[str, ...]


def _whole(
    contents: Contents, path: str, tensors: tuple[TensorReport, ...], sizes: Sequence[Size], found: _Findings
) -> Inspection:
    n_links, n_weights = sum(size.n_kept for size in sizes), sum(size.n_weights for size in sizes)
    density = n_links / n_weights if n_weights else None
    return Inspection(
        path,
        contents.format,
        contents.sha256,
        tensors,
        found.chains,
        found.mask_origin,
        n_links,
        density,
        None if density is None else 1 - density,
        estimate(sizes),
        found.problem,
        found.warnings,
    )


def _tensor(decision: Decision, counted: _Counted | None) -> TensorReport:
    tensor = decision.tensor
    report = TensorReport(tensor.name, tensor.shape, tensor.dtype, decision.role, decision.kept, decision.why)
    if counted is None:
        return report
    why = counted.problem or decision.why
    if counted.problem:
        return TensorReport(tensor.name, tensor.shape, tensor.dtype, decision.role, False, why)
    density = counted.size.n_kept / counted.size.n_weights
    return TensorReport(
        tensor.name, tensor.shape, tensor.dtype, decision.role, True, why, counted.size.n_kept, density, 1 - density
    )


def _line(steps: Sequence[Step], refused: Set[str]) -> str:
    first = steps[0].oriented.n_source * steps[0].joint.groups
    return " - ".join((str(first), *(_end(step, refused) for step in steps)))


def _end(step: Step, refused: Set[str]) -> str:
    matrix = step.oriented.matrix
    return f"{layer_name(matrix)} {step.oriented.n_target}" + (" (refused)" if matrix.name in refused else "")


def _of_native(own: Own, contents: Contents, path: str) -> Inspection:
    """Blocks of a file that sparsegraph wrote in place of the arrays that they are stored in."""
    graph = own.graph
    rows = tuple(_native_rows(graph))
    sizes = [Size(row.shape, row.n_links or 0) for row in rows]
    line = " - ".join(f"{layer.name} {layer.size}" for layer in graph.layers)
    found = _whole(contents, path, rows, sizes, _Findings((line,), STORED, None, contents.notes))
    return replace(found, about=own.about)


def _native_rows(graph: LayeredGraph) -> Iterator[TensorReport]:
    for block in graph.blocks:
        n_source, n_target = block.weights.shape
        shape = (n_source, n_target) if block.weights_per_link == 1 else (n_source, n_target, block.weights_per_link)
        density = block.n_weights / block.n_weights_possible
        role = "weights" if block.multiplicity is None else "filters"
        dtype = block.weights.data.dtype.name
        why = f"links from {graph.layers[block.source].name} to {graph.layers[block.target].name}, stored sparse"
        yield TensorReport(block.name, shape, dtype, role, True, why, block.n_weights, density, 1 - density)
