"""Assortativity: whether links join neurons of like degree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.degree import degrees
from sparsegraph.result import Result, Undefined

NO_LINKS = Undefined("no links")

CHUNK = 2**16
"""Links that are worked on at once."""


@dataclass(frozen=True)
class Correlation(Result):
    """Pearson's correlation of two degrees over the links.

    Parameters
    ----------
    r : float
        From -1 to 1; undefined if one of the degrees is the same at every link.
    standard_error : float
        Jackknife over the links; undefined where leaving out one link leaves nothing to correlate.
    """

    r: float | Undefined
    standard_error: float | Undefined


@dataclass(frozen=True)
class BlockAssortativity(Result):
    """Correlations over the links of one block.

    Parameters
    ----------
    block : str
    inside : Correlation
        Out-degree of the source against in-degree of the target, both counted in the block itself.
    total : Correlation
        Total degree of the source against total degree of the target.
    """

    block: str
    inside: Correlation
    total: Correlation


@dataclass(frozen=True)
class Assortativity(Result):
    """Correlations of degrees over the links.

    Parameters
    ----------
    whole : Correlation
        Newman's coefficient of the undirected whole graph: total degrees, each link in both directions.
    within_blocks : Correlation
        Total degrees of source and target as deviations from their means over the links of the block, all blocks
        pooled: what is left of ``whole`` when the layers' different mean degrees are taken out.
    per_block : tuple of BlockAssortativity
    readout, projection : str
        Conventions.
    """

    whole: Correlation
    within_blocks: Correlation
    per_block: tuple[BlockAssortativity, ...]
    readout: str
    projection: str = "whole: undirected; blocks: sources against targets"


@register("assortativity", main=("whole.r", "within_blocks.r"))
def assortativity(
    graph: LayeredGraph, *, readout: ReadoutPolicy = "auto", most_links: int = 20_000_000
) -> Assortativity:
    """Correlation of the degrees at the two ends of a link, in the whole graph and per block.

    ``r = (<k_i k_j> - <k_i> <k_j>) / (sd(k_i) sd(k_j))``, means over the links; in the undirected whole graph each link
    counts in both directions.

    Parameters
    ----------
    graph : LayeredGraph
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts; see :func:`sparsegraph.graph.readout.choose_readout`.
    most_links : int
        With more links than this every correlation is undefined.

    Returns
    -------
    Assortativity

    Raises
    ------
    DataError
        If ``most_links`` is below 1.

    Notes
    -----
    O(links), about 40 bytes of memory each.  The standard error is Newman's, ``sqrt(sum over links l of (r_l - r)^2)``
    with r_l without link l (both of its directions); the degrees themselves stay as they are.  Where layers differ in
    their mean degree the whole graph is disassortative or assortative for that reason alone: a link always joins two
    given layers.  Even random links between many-linked neurons are disassortative, as no two neurons have two links,
    and a standard error does not know it; a null model with the same degrees says how much.

    References
    ----------
    M. E. J. Newman, Assortative mixing in networks, Physical Review Letters 89 (2002) 208701, equation 4.
    M. E. J. Newman, Mixing patterns in networks, Physical Review E 67 (2003) 026126, section II (jackknife).

    Examples
    --------
    >>> import numpy as np
    >>> star_and_pair = LayeredGraph.from_matrices([np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])])
    >>> result = assortativity(star_and_pair)
    >>> round(result.whole.r, 3), result.per_block[0].inside.r.reason
    (-0.5, 'the targets of all links have the same degree')
    """
    if most_links < 1:
        raise DataError(f"most_links is {most_links}; at least 1 link is needed")
    choice = choose_readout(graph, readout)
    counted = choice.graph
    if counted.n_links > most_links:
        reason = Undefined(f"{counted.n_links:,} links are more than most_links={most_links:,}")
        none = Correlation(reason, reason)
        blocks = tuple(BlockAssortativity(block.name, none, none) for block in counted.blocks)
        return Assortativity(none, none, blocks, choice.convention)
    total = degrees(counted).total.astype(np.int32)
    per_block, parts = [], []
    for block in counted.blocks:
        outgoing = np.diff(block.weights.indptr).astype(np.int32)
        incoming = np.bincount(block.weights.indices, minlength=block.weights.shape[1]).astype(np.int32)
        source, target = np.repeat(np.arange(outgoing.size, dtype=np.int32), outgoing), block.weights.indices
        inside = _centred(np.stack([outgoing[source], incoming[target]]))
        first, second = (total[counted.offsets[end] :] for end in (block.source, block.target))
        ends = _centred(np.stack([first[source], second[target]]))
        per_block.append(BlockAssortativity(block.name, _correlation([inside]), _correlation([ends])))
        parts.append(ends)
    return Assortativity(
        whole=_symmetric(parts),
        within_blocks=_correlation(parts),
        per_block=tuple(per_block),
        readout=choice.convention,
    )


class Part(NamedTuple):
    """Degrees of sources (first row) and targets (second row) of some links, and what to measure them from."""

    degrees: np.ndarray
    centre: np.ndarray


def _centred(ends: np.ndarray) -> Part:
    return Part(ends, ends.mean(axis=1) if ends.size else np.zeros(2))


def _chunks(parts: Sequence[Part]) -> Iterator[np.ndarray]:
    """Deviations of the degrees from their centres, some links at a time."""
    for degrees_of_ends, centre in parts:
        for start in range(0, degrees_of_ends.shape[1], CHUNK):
            yield degrees_of_ends[:, start : start + CHUNK] - centre[:, None]


def _symmetric(parts: Sequence[Part]) -> Correlation:
    """Of links without direction: each counts as (k_i, k_j) and as (k_j, k_i)."""
    n_ends = sum(part.degrees.size for part in parts)
    if n_ends == 0:
        return Correlation(NO_LINKS, NO_LINKS)
    mean = sum(int(part.degrees.sum()) for part in parts) / n_ends

    def moments(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.stack([x + y, x + y, x**2 + y**2, x**2 + y**2, 2.0 * x * y])

    return _jackknifed([Part(part.degrees, np.full(2, mean)) for part in parts], moments, 2)


def _correlation(parts: Sequence[Part]) -> Correlation:
    """Of sources with targets."""
    linked = [part for part in parts if part.degrees.size]
    if not linked:
        return Correlation(NO_LINKS, NO_LINKS)
    for row, where in enumerate(("sources", "targets")):
        least = min(part.degrees[row].min() - part.centre[row] for part in linked)
        if least == max(part.degrees[row].max() - part.centre[row] for part in linked):
            same = Undefined(f"the {where} of all links have the same degree")
            return Correlation(same, same)

    def moments(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.stack([x, y, x**2, y**2, x * y])

    return _jackknifed(linked, moments, 1)


def _jackknifed(
    parts: Sequence[Part], moments: Callable[[np.ndarray, np.ndarray], np.ndarray], n_pairs: int
) -> Correlation:
    """Correlation from what each link adds to the sums of x, y, x^2, y^2 and xy, and to the number of pairs."""
    sums = np.sum([moments(*chunk).sum(axis=1) for chunk in _chunks(parts)], axis=0)[:, None]
    n = n_pairs * sum(part.degrees.shape[1] for part in parts)
    r = _pearson(n, sums)[0]
    if np.isnan(r):
        same = Undefined("all linked neurons have the same degree")
        return Correlation(same, same)
    squares = sum(float(((_pearson(n - n_pairs, sums - moments(*chunk)) - r) ** 2).sum()) for chunk in _chunks(parts))
    if np.isnan(squares):
        return Correlation(float(r), Undefined("one link alone makes the difference"))
    return Correlation(float(r), float(np.sqrt(squares)))


def _pearson(n: int, sums: np.ndarray) -> np.ndarray:
    """Correlations from sums over n pairs, one a column; NaN where a variance is zero but for rounding."""
    x, y, xx, yy, xy = sums
    if n == 0:
        return np.full(x.shape, np.nan)
    varied, varied_too = xx - x**2 / n, yy - y**2 / n
    scale = np.sqrt(np.maximum(varied, 0.0) * np.maximum(varied_too, 0.0))
    clear = np.minimum(varied / np.maximum(xx, 1e-300), varied_too / np.maximum(yy, 1e-300)) > 1e-12
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(clear, np.clip((xy - x * y / n) / scale, -1.0, 1.0), np.nan)
