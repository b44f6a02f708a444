"""Scores of absent links from the neurons on paths of length three, each counted once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from scipy import sparse

from sparsegraph.kernels.link_scores import Factor
from sparsegraph.kernels.two_way import positions_of

NODE_FACTORS: dict[str, Factor] = {
    "ch2_l3n": lambda degree, internal: (1 + internal) / (degree - internal),
    "ch3_l3n": lambda degree, internal: 1 / (degree - internal),
    "ch3.1_l3n": lambda degree, internal: (1 + internal) / (degree - internal) ** (2 - 1 / (degree - internal)),
}
"""The models, of the degree and the internal links of a neuron.  With e external links ``degree - internal = 1 + e``,
and the exponent of CH3.1, ``1 + e / (1 + e)``, is ``2 - 1 / (1 + e)``."""


class Rows(NamedTuple):
    """A sparse matrix by rows."""

    start: np.ndarray
    columns: np.ndarray
    values: np.ndarray


def node_scores(mask: Any, factor: Factor, *, n_threads: int | None = None) -> np.ndarray:
    """Sum of ``factor`` over the distinct neurons on paths ``u - z1 - z2 - v``, for each absent link of a block.

    ``score(u, v) = sum over z2 in N(v) that share a neighbour with u, plus sum over z1 in N(u) that share one with v``.

    Parameters
    ----------
    mask : Mask, sparse matrix or array_like, shape (n_source, n_target)
        Present links; see ``two_way.positions_of``.
    factor : callable
        One of ``NODE_FACTORS`` or one's own: of degree and internal links, which are the shared neighbours.
    n_threads : int, optional
        By default as many as numba uses.  The result does not depend on it, to the last bit.

    Returns
    -------
    ndarray of float64, shape (n_source, n_target)
        0 where a link is present and where no path of length three joins the two neurons.

    Notes
    -----
    With P the factors of z2 as seen from u and Q those of z1 as seen from v the scores are ``P A + A Q``.  This is a
    cheaper relative of eq. 1 of the CHT paper and not the same number: a neuron counts once, on however many paths.

    References
    ----------
    Y. Zhang et al., Brain-inspired sparse training enables Transformers and LLMs to perform as fully connected (2025),
    CH2-L3n.

    Examples
    --------
    >>> node_scores([[1, 1], [1, 0]], NODE_FACTORS["ch3_l3n"]).tolist()
    [[0.0, 0.0], [0.0, 2.0]]
    """
    shape, positions = positions_of(mask)
    scores = np.zeros(shape)
    if positions.size in (0, scores.size):
        return scores
    ends = np.divmod(positions, shape[1])
    links = sparse.csr_array((np.ones(positions.size), ends), shape=shape)
    present = _rows(links)
    n_threads = n_threads or numba.get_num_threads()
    _add_product(n_threads, _seen(links, factor), present, scores)
    _add_product(n_threads, present, _seen(sparse.csr_array(links.T), factor, transposed=True), scores)
    scores.reshape(-1)[positions] = 0
    return scores


def _seen(links: sparse.csr_array, factor: Factor, *, transposed: bool = False) -> Rows:
    """Factors of the rows of ``links`` that share a column, by the row that sees (or, transposed, the one seen)."""
    degree = np.diff(links.indptr).astype(np.float64)
    shared = sparse.csr_array(links @ links.T)
    shared.sort_indices()
    seer, seen = np.repeat(np.arange(degree.size), np.diff(shared.indptr)), shared.indices
    of = degree[seer if transposed else seen]
    inside = shared.data < of  # else every neighbour is shared, and no absent link is concerned
    values = np.zeros(of.size)
    values[inside] = factor(of[inside], shared.data[inside])
    return Rows(shared.indptr.astype(np.uint32), shared.indices.astype(np.uint32), values)


def _rows(matrix: sparse.csr_array) -> Rows:
    return Rows(matrix.indptr.astype(np.uint32), matrix.indices.astype(np.uint32), matrix.data)


@numba.njit(parallel=True, cache=True, boundscheck=False)
def _add_product(n_threads: int, left: Rows, right: Rows, total: np.ndarray) -> None:
    """``total += left @ right``; each row by one thread, in a fixed order."""
    one = np.uint32(1)
    n_rows = left.start.size - 1
    for thread in numba.prange(n_threads):
        for row in range(np.uint32(thread), np.uint32(n_rows), np.uint32(n_threads)):
            here = total[row]
            for entry in range(left.start[row], left.start[row + one]):
                middle = left.columns[entry]
                factor = left.values[entry]
                if factor != 0:
                    for k in range(right.start[middle], right.start[middle + one]):
                        here[right.columns[k]] += factor * right.values[k]
