"""Ranks of the weight matrices: how many directions they use, softly and strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.kernels.spectral import ranks, singular_values, stable_rank
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined


@dataclass(frozen=True)
class Ranks(Result):
    """Effective, stable and numerical rank; all 0 for a zero matrix.

    Parameters
    ----------
    effective_rank : float
        Exponential of the entropy of the normalised singular values.
    stable_rank : float
        Squared Frobenius norm over squared largest singular value.
    rank : int
        Singular values above ``eps max(m, n)`` of the largest.
    """

    effective_rank: float | Undefined
    stable_rank: float | Undefined
    rank: int | Undefined


@dataclass(frozen=True)
class BlockRanks(Ranks):
    """Ranks of one block, with its shape (sources, targets)."""

    block: str
    shape: tuple[int, int]


@dataclass(frozen=True)
class Rank(Result):
    """Ranks of all counted blocks.

    Parameters
    ----------
    per_block : tuple of BlockRanks
    sum : Ranks
        Sums over the blocks.
    whole : Ranks
        Of all blocks as one matrix, rows being neurons as sources and columns neurons as targets.
    readout, weights, projection : str
        Conventions; the matrices of convolutions hold the L1 norms of the kernels.
    """

    per_block: tuple[BlockRanks, ...]
    sum: Ranks
    whole: Ranks
    readout: str
    weights: str
    projection: str = "directed, sources by targets"


@register(
    "rank",
    main=("sum.effective_rank", "sum.stable_rank", "whole.effective_rank", "whole.stable_rank"),
    weighted=("*",),
)
def rank(graph: LayeredGraph, *, readout: ReadoutPolicy = "auto", largest: int = 6000) -> Rank:
    """Effective, stable and numerical rank per block, summed, and of the whole net as one block matrix.

    With singular values s: effective rank ``exp(-sum p ln p)``, ``p = s / sum s``; stable rank
    ``sum s^2 / max s^2``; numerical rank the number of s above ``eps max(m, n) max s``.

    Parameters
    ----------
    graph : LayeredGraph
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts; see :func:`sparsegraph.graph.readout.choose_readout`.
    largest : int
        A matrix (m, n) that needs more work than a square one of this size, ``m n min(m, n) > largest^3``, gets only
        its stable rank; its other ranks are undefined.

    Returns
    -------
    Rank

    Raises
    ------
    DataError
        If ``largest`` is below 1.

    Notes
    -----
    O(m n min(m, n)) per matrix.  In a chain no two blocks share rows or columns of the whole matrix, which permuting
    rows and columns turns into a block-diagonal one: its singular values are those of the blocks together.  Blocks
    that share a layer as source or as target (skip links) are decomposed as one matrix.

    References
    ----------
    O. Roy, M. Vetterli, The effective rank: a measure of effective dimensionality, EUSIPCO 2007, equation 4.
    M. Rudelson, R. Vershynin, Sampling from large matrices: an approach through geometric functional analysis,
    Journal of the ACM 54 (2007) 21.

    Examples
    --------
    >>> import numpy as np
    >>> result = rank(LayeredGraph.from_matrices([np.diag([3.0, 3.0, 3.0, 0.0])]))
    >>> round(result.whole.effective_rank, 9), round(result.whole.stable_rank, 9), result.whole.rank
    (3.0, 3.0, 3)
    """
    if largest < 1:
        raise DataError(f"largest is {largest}; the size of a matrix is at least 1")
    choice = choose_readout(graph, readout)
    blocks = choice.graph.blocks
    spectra = {(b.source, b.target): _spectrum(b.weights, largest) for b in blocks}
    per_block = tuple(
        BlockRanks(**_ranks(b.weights, spectra[b.source, b.target]), block=b.name, shape=b.weights.shape)
        for b in blocks
    )
    whole = _whole(choice.graph, spectra, largest)
    return Rank(per_block, _sum(per_block), whole, choice.convention, choice.graph.weight_meaning)


Spectrum = np.ndarray | Undefined


def _spectrum(matrix: sparse.csr_array, largest: int) -> Spectrum:
    m, n = matrix.shape
    if m * n * min(m, n) > largest**3:
        return Undefined(f"a {m} x {n} matrix is more work than largest={largest} allows")
    return singular_values(matrix)


def _ranks(matrix: sparse.csr_array, spectrum: Spectrum) -> dict[str, Any]:
    if isinstance(spectrum, Undefined):
        return {"effective_rank": spectrum, "stable_rank": stable_rank(matrix), "rank": spectrum}
    return ranks(spectrum, matrix.shape)._asdict()


def _sum(parts: Sequence[Ranks]) -> Ranks:
    def total(values: list[Any]) -> Any:
        unknown = [value for value in values if isinstance(value, Undefined)]
        return unknown[0] if unknown else sum(values)

    return Ranks(
        total([part.effective_rank for part in parts]),
        total([part.stable_rank for part in parts]),
        total([part.rank for part in parts]),
    )


def _whole(graph: LayeredGraph, spectra: dict[tuple[int, int], Spectrum], largest: int) -> Ranks:
    """Ranks of the block matrix, from the spectra of its groups of blocks that share no row and no column."""
    n_rows = sum(graph.layers[i].size for i in {block.source for block in graph.blocks})
    n_columns = sum(graph.layers[i].size for i in {block.target for block in graph.blocks})
    groups = _groups(graph)
    values = []
    for group in groups:
        alone = len(group) == 1
        spectrum = spectra[group[0].source, group[0].target] if alone else _spectrum(_joined(group), largest)
        if isinstance(spectrum, Undefined):
            return Ranks(spectrum, _stable([_joined(group) for group in groups]), spectrum)
        values.append(spectrum)
    return Ranks(**ranks(np.concatenate([np.empty(0), *values]), (n_rows, n_columns))._asdict())


def _stable(matrices: Sequence[sparse.csr_array]) -> float:
    """Stable rank of a block-diagonal matrix: all squared weights over the largest squared singular value."""
    squared = [float((matrix.data.astype(np.float64) ** 2).sum()) for matrix in matrices]
    largest = max((s / stable_rank(m) for s, m in zip(squared, matrices, strict=True) if s > 0.0), default=1.0)
    return sum(squared) / largest


def _groups(graph: LayeredGraph) -> list[list[Block]]:
    """Blocks grouped so that two of different groups share neither the source nor the target layer."""
    n_layers = len(graph.layers)
    rows = [block.source for block in graph.blocks]
    columns = [n_layers + block.target for block in graph.blocks]
    shared = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(2 * n_layers, 2 * n_layers))
    label = csgraph.connected_components(shared, directed=False)[1]
    groups: dict[int, list[Block]] = {}
    for block in graph.blocks:
        groups.setdefault(int(label[block.source]), []).append(block)
    return list(groups.values())


def _joined(group: Sequence[Block]) -> sparse.csr_array:
    place = {(block.source, block.target): block.weights for block in group}
    sources = sorted({source for source, _ in place})
    targets = sorted({target for _, target in place})
    return sparse.csr_array(sparse.block_array([[place.get((s, t)) for t in targets] for s in sources]))
