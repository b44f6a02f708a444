"""Bipartite small-world topologies (BSW): a ring lattice of two kinds of neurons, part of its links rewired."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.ring_lattice import ring_lattice
from sparsegraph.topology.initialise import Shape, blocks_of, initialiser
from sparsegraph.topology.regrowth import uniform


@initialiser("bsw")
def bipartite_small_world(
    shapes: Sequence[Shape], n_links: Sequence[int], *, rng: np.random.Generator, beta: float = 0.25
) -> list[Mask]:
    """Ring lattice between the two sides of each block, each link rewired with probability beta (BSW).

    Both sides lie evenly on one ring.  Each neuron of the larger side is linked to its K nearest neighbours of the
    smaller side, K = links / larger size; where K is no integer, neurons drawn at random have the next larger one, so
    that the count is exact (:func:`sparsegraph.kernels.ring_lattice.ring_lattice`).  Then each link is dropped with
    probability beta, and as many are drawn uniformly among the absent ones.

    Parameters
    ----------
    shapes, n_links : sequences
        One entry a block.
    rng : numpy.random.Generator
    beta : float
        From 0 (lattice) to 1 (Erdős-Rényi); 0.25 was best in the paper.

    Returns
    -------
    list of Mask

    Raises
    ------
    DataError
        If beta lies outside [0, 1], or if a block has no room for its links.

    Notes
    -----
    O(links + larger size).  The paper gives no formula for the lattice; this follows the authors' program (degrees
    fixed on the larger side, windows centred on the neuron), but its windows are rounded towards zero at the seam of
    the ring, and one neuron may have a link too many; here the ring has no seam and the count is exact.  A link that
    was dropped may be drawn again.

    References
    ----------
    Zhang et al., "Brain-inspired sparse training in MLP and transformers with network science modeling via
    Cannistraci-Hebb soft rule" (CHTs), preprint 202406.1136 (2024), section 2.3; after D. J. Watts, S. H. Strogatz,
    "Collective dynamics of small-world networks", Nature 393 (1998).

    Examples
    --------
    >>> import numpy as np
    >>> mask, = bipartite_small_world([(6, 6)], [12], rng=np.random.default_rng(0), beta=0.0)
    >>> mask.to_array().astype(int)
    array([[1, 1, 0, 0, 0, 0],
           [0, 1, 1, 0, 0, 0],
           [0, 0, 1, 1, 0, 0],
           [0, 0, 0, 1, 1, 0],
           [0, 0, 0, 0, 1, 1],
           [1, 0, 0, 0, 0, 1]])
    """
    if not 0 <= beta <= 1:
        raise DataError(f"beta is {beta:g}; the share of rewired links must lie between 0 and 1")
    lattices = (Mask(shape, ring_lattice(shape, count, rng=rng)) for shape, count in blocks_of(shapes, n_links))
    return [_rewired(lattice, beta, rng) for lattice in lattices]


def _rewired(mask: Mask, beta: float, rng: np.random.Generator) -> Mask:
    kept = Mask(mask.shape, mask.positions[rng.random(mask.n_links) >= beta])
    added = uniform(kept, mask.n_links - kept.n_links, rng=rng)
    return Mask(mask.shape, np.sort(np.concatenate([kept.positions, added])))
