"""Graphs grown by preferential attachment, in exact number of links."""

from __future__ import annotations

import numpy as np


def preferential_attachment(n_nodes: int, n_links: int, *, rng: np.random.Generator) -> np.ndarray:
    """Links of a Barabási-Albert graph with any mean number of links a node.

    With m = n_links / n_nodes, the first floor(m) + 1 nodes are all linked to each other.  Every later node is linked
    to earlier ones, distinct and in proportion to their degrees; the links left are shared out among the later nodes
    as evenly as integers allow, the larger shares in random places.

    Parameters
    ----------
    n_nodes : int
    n_links : int
        At most n_nodes^2 / 4.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n_links, 2)
        Distinct pairs, the later node first.

    Notes
    -----
    O(n_links).  A node whose share exceeds what it can be linked to passes the rest on to the next one.

    References
    ----------
    A.-L. Barabási, R. Albert, "Emergence of scaling in random networks", Science 286 (1999), with a fractional m as in
    the authors' program of CHTs.
    """
    n_first = min(n_links // n_nodes + 1, n_nodes)
    later, earlier = np.tril_indices(n_first, -1)
    ends = np.empty(2 * n_links, np.int64)  # each node as often as its degree
    n_ends = 2 * later.size
    ends[0:n_ends:2], ends[1:n_ends:2] = later, earlier
    shares = _even_shares(n_links - later.size, n_nodes - n_first, rng)
    n_linked, owed = (n_first if n_first > 1 else 0), 0
    for node, share in enumerate(shares.tolist(), start=n_first):
        wanted = share + owed
        if wanted == 0:
            continue
        if n_linked:
            chosen = _distinct(ends[:n_ends], min(wanted, n_linked), rng)
            n_linked += 1
        else:
            chosen = rng.integers(node, size=1)
            n_linked = 2
        owed = wanted - chosen.size
        stop = n_ends + 2 * chosen.size
        ends[n_ends:stop:2], ends[n_ends + 1 : stop : 2] = node, chosen
        n_ends = stop
    return ends[:n_ends].reshape(-1, 2)


def _even_shares(total: int, n_parts: int, rng: np.random.Generator) -> np.ndarray:
    if n_parts == 0:
        return np.empty(0, np.int64)
    shares = np.full(n_parts, total // n_parts)
    shares[rng.choice(n_parts, total % n_parts, replace=False)] += 1
    return shares


def _distinct(ends: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """Draw until k distinct nodes have come up; as many as are missing at a time, so that none is drawn too many."""
    chosen = np.unique(ends[rng.integers(ends.size, size=k)])
    while chosen.size < k:
        more = ends[rng.integers(ends.size, size=k - chosen.size)]
        chosen = np.unique(np.concatenate([chosen, more]))
    return chosen
