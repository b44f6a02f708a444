"""Sparsity: how many links and weights there are, of how many possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.graph.layered import Block, LayeredGraph
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined


@dataclass(frozen=True)
class Counts(Result):
    """Links and weights present and possible.

    Parameters
    ----------
    n_links, n_links_possible : int
        Links between neurons; for a convolution between channels.
    density, sparsity : float
        Share of the possible links that is present, and that is absent.
    n_weights, n_weights_possible : int
        Weights kept behind the links; differs from the links where one link stands for a kernel.
    weight_density, weight_sparsity : float
        The same shares for weights.
    n_zero_links : int
        Links whose stored weight is exactly 0: present in the mask, such as a link that was just regrown.
    """

    n_links: int
    n_links_possible: int
    density: float | Undefined
    sparsity: float | Undefined
    n_weights: int
    n_weights_possible: int
    weight_density: float | Undefined
    weight_sparsity: float | Undefined
    n_zero_links: int


@dataclass(frozen=True)
class BlockCounts(Counts):
    """Counts of one block, ``block`` being its name."""

    block: str


@dataclass(frozen=True)
class Sparsity(Counts):
    """Counts of all blocks together and of each.

    Parameters
    ----------
    n_neurons : int
    per_block : tuple of BlockCounts
    biases, readout : str
        Conventions.
    """

    n_neurons: int
    per_block: tuple[BlockCounts, ...]
    biases: str = "not counted"
    readout: str = "readout counted"


@register("sparsity", main=("density",), weighted=("*n_zero_links",))
def sparsity(graph: LayeredGraph) -> Sparsity:
    """Links and weights present and possible, over all blocks and for each.

    Density is ``n_links / sum of n_source n_target / groups`` over the blocks that the graph has (groups is 1 but for
    grouped convolutions); sparsity is 1 - density.
    A stored zero is a link.  Biases are not counted.

    Parameters
    ----------
    graph : LayeredGraph

    Returns
    -------
    Sparsity

    Notes
    -----
    O(links).  The budget of 5 % in Survival of the Most Connected counts biases; this measure does not.

    References
    ----------
    T. Hoefler, D. Alistarh, T. Ben-Nun, N. Dryden, A. Peste, Sparsity in deep learning: pruning and growth for
    efficient inference and training in neural networks, Journal of Machine Learning Research 22 (2021) 1, section 1.

    Examples
    --------
    >>> import numpy as np
    >>> counts = sparsity(LayeredGraph.from_matrices([np.eye(4)]))
    >>> counts.n_links, counts.density, counts.sparsity
    (4, 0.25, 0.75)
    """
    per_block = tuple(BlockCounts(**_counts([block]), block=block.name) for block in graph.blocks)
    return Sparsity(**_counts(graph.blocks), n_neurons=graph.n_neurons, per_block=per_block)


def _counts(blocks: Sequence[Block]) -> dict[str, Any]:
    n_links = sum(block.n_links for block in blocks)
    possible = sum(block.n_links_possible for block in blocks)
    n_weights = sum(block.n_weights for block in blocks)
    weights_possible = sum(block.n_weights_possible for block in blocks)
    none = Undefined("the graph has no block")
    return {
        "n_links": n_links,
        "n_links_possible": possible,
        "density": n_links / possible if possible else none,
        "sparsity": 1.0 - n_links / possible if possible else none,
        "n_weights": n_weights,
        "n_weights_possible": weights_possible,
        "weight_density": n_weights / weights_possible if weights_possible else none,
        "weight_sparsity": 1.0 - n_weights / weights_possible if weights_possible else none,
        "n_zero_links": sum(int(np.count_nonzero(block.weights.data == 0.0)) for block in blocks),
    }
