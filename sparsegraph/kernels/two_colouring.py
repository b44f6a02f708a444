"""Whether a graph is bipartite, and its two sides."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


def two_sides(adjacency: sparse.csr_array) -> np.ndarray | None:
    """On which side each vertex of a bipartite graph lies; None if a cycle of odd length forbids two sides.

    Each connected component may be turned round by itself; its smaller part lies on the first side, so that the first
    side is as small as it can be.

    Parameters
    ----------
    adjacency : scipy.sparse.csr_array, shape (n, n)
        Symmetric, without self-links; the stored entries are the links.

    Returns
    -------
    ndarray of bool, shape (n,), or None
        False on the first side, True on the second.

    Notes
    -----
    O(links).  Each vertex gets a double, and each link i - j becomes i - j' and i' - j: a vertex and its double are
    joined if and only if an odd cycle is within reach, and else the two copies of a component are its two colourings.

    Examples
    --------
    >>> two_sides(sparse.csr_array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])).tolist()
    [False, True, True]
    >>> two_sides(sparse.csr_array([[0, 1, 1], [1, 0, 1], [1, 1, 0]])) is None
    True
    """
    n = adjacency.shape[0]
    links = sparse.coo_array(adjacency)
    rows, columns = links.coords
    ends = (np.concatenate([rows, rows + n]), np.concatenate([columns + n, columns]))
    doubled = sparse.csr_array((np.ones(2 * rows.size, np.int8), ends), shape=(2 * n, 2 * n))
    label = csgraph.connected_components(doubled, directed=False)[1]
    own, of_double = label[:n], label[n:]
    if (own == of_double).any():
        return None
    second = own > of_double
    component = np.minimum(own, of_double)
    n_second = np.bincount(component, second)
    turned = 2 * n_second < np.bincount(component)
    return np.asarray(second ^ turned[component])
