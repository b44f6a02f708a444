"""Assortativity: whether links join neurons of like degree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.measures.catalogue import register
from sparsegraph.measures.degree import degrees
from sparsegraph.result import Result, Undefined

NO_LINKS = Undefined("no links")


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
def assortativity(graph: LayeredGraph, *, readout: ReadoutPolicy = "auto") -> Assortativity:
    """Correlation of the degrees at the two ends of a link, in the whole graph and per block.

    ``r = (<k_i k_j> - <k_i> <k_j>) / (sd(k_i) sd(k_j))``, means over the links; in the undirected whole graph each link
    counts in both directions.

    Parameters
    ----------
    graph : LayeredGraph
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts; see :func:`sparsegraph.graph.readout.choose_readout`.

    Returns
    -------
    Assortativity

    Notes
    -----
    O(links).  The standard error is Newman's, ``sqrt(sum over links l of (r_l - r)^2)`` with r_l without link l (both
    of its directions); the degrees themselves stay as they are.  Where layers differ in their mean degree the whole
    graph is disassortative or assortative for that reason alone: a link always joins two given layers.  Even random
    links between many-linked neurons are slightly disassortative, as no two neurons have two links; a null model with
    the same degrees says how much.

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
    choice = choose_readout(graph, readout)
    counted = choice.graph
    total = degrees(counted).total
    per_block, deviations, both = [], [np.empty((2, 0))], [np.empty((2, 0))]
    for block in counted.blocks:
        outgoing = np.diff(block.weights.indptr)
        incoming = np.bincount(block.weights.indices, minlength=block.weights.shape[1])
        source, target = np.repeat(np.arange(outgoing.size), outgoing), block.weights.indices
        ends = np.stack(
            [total[counted.offsets[block.source] + source], total[counted.offsets[block.target] + target]]
        ).astype(np.float64)
        inside = np.stack([outgoing[source], incoming[target]]).astype(np.float64)
        per_block.append(BlockAssortativity(block.name, _correlation(inside), _correlation(ends)))
        both.append(ends)
        if block.n_links:
            deviations.append(ends - ends.mean(axis=1, keepdims=True))
    return Assortativity(
        whole=_symmetric(np.concatenate(both, axis=1)),
        within_blocks=_correlation(np.concatenate(deviations, axis=1)),
        per_block=tuple(per_block),
        readout=choice.convention,
    )


def _symmetric(ends: np.ndarray) -> Correlation:
    """Of links without direction: each counts as (k_i, k_j) and as (k_j, k_i)."""
    if ends.shape[1] == 0:
        return Correlation(NO_LINKS, NO_LINKS)
    x, y = ends - ends.mean()
    moments = np.stack([x + y, x + y, x**2 + y**2, x**2 + y**2, 2.0 * x * y])
    return _jackknifed(moments, 2)


def _correlation(ends: np.ndarray) -> Correlation:
    """Of sources (first row) with targets (second row)."""
    if ends.shape[1] == 0:
        return Correlation(NO_LINKS, NO_LINKS)
    for row, where in zip(ends, ("sources", "targets"), strict=True):
        if row.min() == row.max():
            same = Undefined(f"the {where} of all links have the same degree")
            return Correlation(same, same)
    x, y = ends - ends.mean(axis=1, keepdims=True)
    return _jackknifed(np.stack([x, y, x**2, y**2, x * y]), 1)


def _jackknifed(moments: np.ndarray, n_pairs: int) -> Correlation:
    """Correlation from what each link adds to the sums of x, y, x^2, y^2 and xy, and to the number of pairs."""
    sums = moments.sum(axis=1, keepdims=True)
    n = n_pairs * moments.shape[1]
    r = _pearson(n, sums)[0]
    if np.isnan(r):
        same = Undefined("all linked neurons have the same degree")
        return Correlation(same, same)
    without = _pearson(n - n_pairs, sums - moments)
    if np.isnan(without).any():
        return Correlation(float(r), Undefined("one link alone makes the difference"))
    return Correlation(float(r), float(np.sqrt(((without - r) ** 2).sum())))


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
