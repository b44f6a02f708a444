"""Bipartite scale-free topologies (BSF), with equal partition of the inputs and resorted hidden neurons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.topology.growth import preferential_attachment
from sparsegraph.topology.initialise import Shape, blocks_of, initialiser

Order = Literal["degree", "sampled"]

_PAIRING_ROUNDS = 20
_TRIES = 50


@initialiser("bsf")
def bsf(shapes: Sequence[Shape], n_links: Sequence[int], *, rng: np.random.Generator) -> list[Mask]:
    """Barabási-Albert degrees on both sides of every block, each block on its own (BSF)."""
    return [bipartite_scale_free(shape, count, rng=rng)[0] for shape, count in blocks_of(shapes, n_links)]


@initialiser("bsf+ep")
def bsf_equal_partition(shapes: Sequence[Shape], n_links: Sequence[int], *, rng: np.random.Generator) -> list[Mask]:
    """BSF whose inputs all have the same number of links (equal partition)."""
    first, *others = bsf(shapes, n_links, rng=rng)
    return [equal_partition(first, rng=rng), *others]


@initialiser("bsf+resort")
def bsf_resorted(
    shapes: Sequence[Shape], n_links: Sequence[int], *, rng: np.random.Generator, order: Order = "degree"
) -> list[Mask]:
    """BSF whose hidden neurons are hubs on both sides or on none (resort)."""
    return resorted(bsf(shapes, n_links, rng=rng), rng=rng, order=order)


@initialiser("bsf+ep+resort")
def bsf_equal_partition_resorted(
    shapes: Sequence[Shape], n_links: Sequence[int], *, rng: np.random.Generator, order: Order = "degree"
) -> list[Mask]:
    """BSF with equal partition of the inputs and resorted hidden neurons."""
    return resorted(bsf_equal_partition(shapes, n_links, rng=rng), rng=rng, order=order)


def bipartite_scale_free(shape: Shape, n_links: int, *, rng: np.random.Generator) -> tuple[Mask, np.ndarray]:
    """One bipartite block with the degrees of a Barabási-Albert graph, as nearly as they can be had.

    A Barabási-Albert graph of all neurons of both layers is grown, and its nodes are dealt to the two layers at
    random.  Links between the layers stay.  A link within a layer is cut into two free ends; free ends of the two
    layers are joined at random.  As one layer has more of them, half of those left over are joined to neurons of the
    other layer in proportion to their degrees, and the other half are given up.

    Parameters
    ----------
    shape : (int, int)
    n_links : int
    rng : numpy.random.Generator

    Returns
    -------
    mask : Mask
        With exactly ``n_links`` links.
    wanted : ndarray of int64, shape (n_source + n_target,)
        Degrees of the grown graph, source neurons first.  Those of the mask differ in as many ends as were left over:
        about |n_source - n_target| / (n_source + n_target) of the links.

    Notes
    -----
    O(links) steps and a dense mask of bytes in between.  The paper describes the idea; the order of steps follows the
    authors' program.  Their number of links is about right; here it is exact: links that find no free place among the
    neighbours meant for them are drawn uniformly.

    References
    ----------
    Zhang et al., "Brain-inspired sparse training in MLP and transformers with network science modeling via
    Cannistraci-Hebb soft rule" (CHTs), preprint 202406.1136 (2024), section 2.3; after A.-L. Barabási, R. Albert,
    "Emergence of scaling in random networks", Science 286 (1999).
    """
    n_source, n_target = shape
    neuron = rng.permutation(n_source + n_target)
    ends = neuron[preferential_attachment(n_source + n_target, n_links, rng=rng)]
    wanted = np.bincount(ends.ravel(), minlength=n_source + n_target)
    on_source = ends < n_source
    cross = ends[on_source[:, 0] != on_source[:, 1]]
    present = np.zeros(shape, np.bool_)
    present[cross.min(axis=1), cross.max(axis=1) - n_source] = True
    free_source = ends[on_source.all(axis=1)].ravel()
    free_target = ends[~on_source.any(axis=1)].ravel() - n_source
    free_source, free_target = _pair(present, free_source, free_target, rng)
    n_missing = n_links - int(np.count_nonzero(present))
    if free_source.size >= free_target.size:
        _attach(present, rng.permutation(free_source)[:n_missing], rng)
    else:
        _attach(present.T, rng.permutation(free_target)[:n_missing], rng)
    absent = np.flatnonzero(~present)
    present.ravel()[rng.choice(absent, n_links - (present.size - absent.size), replace=False)] = True
    return Mask.from_array(present), wanted


def equal_partition(mask: Mask, *, rng: np.random.Generator) -> Mask:
    """The block with its links moved among the source neurons until all of these have the mean number of links.

    Target neurons keep their degrees; source neurons have the mean degree rounded down or up.  In random order, each
    target neuron is dealt the source neurons that have the fewest links so far, ties by chance.

    Notes
    -----
    O(n_source n_target).  The paper's "in-degrees of the input neurons" are their links to the first hidden layer.
    The authors' program moves each link to a uniformly random input and so equalises on average only; the paper says
    "until each reaches the average", which is what this does.

    References
    ----------
    CHTs, section 3.1.1.
    """
    n_source, n_target = mask.shape
    degrees = np.bincount(mask.target, minlength=n_target)
    load = np.zeros(n_source)
    present = np.zeros(mask.shape, np.bool_)
    for target in rng.permutation(n_target):
        # Loads are integers that differ by one at most, so that a fraction only breaks ties.
        chosen = np.argsort(load + rng.random(n_source))[: degrees[target]]
        present[chosen, target] = True
        load[chosen] += 1
    return Mask.from_array(present)


def resorted(masks: Sequence[Mask], *, rng: np.random.Generator, order: Order = "degree") -> list[Mask]:
    """The chain with the source neurons of each later block permuted so that hub meets hub.

    The neuron with the most links from the block before gets the most links to the block after, and so on down the
    ranks; ties by chance.  This maximises the number of paths over each pair of blocks.

    Parameters
    ----------
    masks : sequence of Mask
        Of a chain.
    rng : numpy.random.Generator
    order : {"degree", "sampled"}
        "sampled": ranks of the later block are drawn without replacement in proportion to the degrees instead, so
        that hubs meet hubs mostly.

    Returns
    -------
    list of Mask

    Raises
    ------
    DataError
        If the blocks do not form a chain.

    Notes
    -----
    The authors' sampled order runs against the other one, hubs to leaves; here it runs with it, as the paper means.

    References
    ----------
    CHTs, section 3.1.1.
    """
    result = list(masks[:1])
    for mask in masks[1:]:
        n_hidden = mask.shape[0]
        if result[-1].shape[1] != n_hidden:
            raise DataError(f"a block to {result[-1].shape[1]} neurons cannot be followed by one from {n_hidden}")
        arriving = np.bincount(result[-1].target, minlength=n_hidden) + rng.random(n_hidden)
        leaving = np.bincount(mask.source, minlength=n_hidden)
        key = leaving + rng.random(n_hidden)
        if order == "sampled":
            key = np.log(np.maximum(leaving, np.finfo(np.float64).tiny)) + rng.gumbel(size=n_hidden)
        place = np.empty(n_hidden, np.int64)
        place[np.argsort(key)] = np.argsort(arriving)
        result.append(Mask(mask.shape, np.sort(place[mask.source] * mask.shape[1] + mask.target)))
    return result


def _pair(
    present: np.ndarray, source: np.ndarray, target: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Join free ends at random, in place, and return those that are left; a link that exists is not made twice."""
    flat = present.ravel()
    for _ in range(_PAIRING_ROUNDS):
        n_pairs = min(source.size, target.size)
        if n_pairs == 0:
            break
        source, target = rng.permutation(source), rng.permutation(target)
        positions = source[:n_pairs] * present.shape[1] + target[:n_pairs]
        first = np.zeros(n_pairs, np.bool_)
        first[np.unique(positions, return_index=True)[1]] = True
        joined = np.flatnonzero(first & ~flat[positions])
        flat[positions[joined]] = True
        source, target = np.delete(source, joined), np.delete(target, joined)
    return source, target


def _attach(present: np.ndarray, rows: np.ndarray, rng: np.random.Generator) -> None:
    """Link each row to a column drawn in proportion to the columns' degrees, in place; give up after some tries."""
    ends = [*np.nonzero(present)[1].tolist()]
    if not ends:
        return
    for row in rows.tolist():
        for draw in rng.random(_TRIES).tolist():
            column = ends[int(draw * len(ends))]
            if not present[row, column]:
                present[row, column] = True
                ends.append(column)
                break
