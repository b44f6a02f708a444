"""Structural consistency: how well the eigenvectors of a network foretell links taken out of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.kernels.perturbation import first_order_change, first_order_change_of_block
from sparsegraph.kernels.two_colouring import two_sides

TIED = 1e-10
"""Scores no farther apart than this are equal: what separates them is rounding, whatever the route."""


class Recovery(NamedTuple):
    """Share of the removed links among the highest scores, and how many candidates are tied at the cut.

    ``n_tied`` is 0 where the cut leaves no tie open: the share is then the same in every order of the candidates.
    """

    share: float
    n_tied: int


class Scores(NamedTuple):
    """Scores of the pairs between two sets of neurons: ``values`` and ``candidate`` of one shape (rows, columns).

    ``rows`` and ``columns`` are neurons; ``removed`` is True at the links taken out.  Pairs that the matrix does not
    hold, those of one side of a bipartite graph, have the score 0 by nature.
    """

    values: np.ndarray
    candidate: np.ndarray
    removed: np.ndarray
    rows: np.ndarray
    columns: np.ndarray

    def recovery(self, n_candidates: int, among: np.ndarray | None = None) -> Recovery:
        """Share of removed links found; the candidates that are not in the matrix (where ``among``) score 0."""
        chosen = self.candidate if among is None else self.candidate & among
        values = self.values[chosen]
        return recovery(values, self.removed[chosen], n_zero=n_candidates - values.size)


def structural_consistency(adjacency: Any, training: Any) -> float:
    """Share of the removed links among the pairs with the highest perturbed scores, for one given removal.

    The eigenvectors of the training network T are kept, its eigenvalues changed at first order by the removed links
    ``D = A - T``; of all pairs without a link in T the ``number of links in D`` with the highest entries of
    ``sum_k (x_k' A x_k) x_k x_k'`` are taken, and the share of them that are links of D is the structural consistency.

    Parameters
    ----------
    adjacency, training : array_like or scipy sparse, shape (n, n)
        Symmetric, 0 and 1, without self-links; every link of ``training`` is one of ``adjacency``, and at least one is
        missing.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        If one of the matrices is not of that form.

    Notes
    -----
    Eigenvalues within 1e-11 are one, and D is diagonalised among their vectors, as in the authors' program.  That
    program takes pairs tied at the cut in the order of its list; here the mean over all orders is given, scores within
    1e-10 being tied.  On a bipartite graph half-size matrices do (``first_order_change_of_block``): O(m^2 n) for sides
    of m <= n neurons, and otherwise O(n^3), on one thread, so that the result is the same everywhere.

    References
    ----------
    L. Lü, L. Pan, T. Zhou, Y.-C. Zhang, H. E. Stanley, Toward link predictability of complex networks, Proceedings of
    the National Academy of Sciences 112 (2015) 2325.

    Examples
    --------
    >>> square = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
    >>> path = square - np.array([[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]])
    >>> structural_consistency(square, path)
    1.0
    """
    whole, left = _checked(adjacency, "adjacency"), _checked(training, "training")
    removed = sparse.csr_array(whole - left) if whole.shape == left.shape else sparse.csr_array(whole.shape)
    removed.eliminate_zeros()
    if removed.nnz == 0 or (removed.data < 0).any():
        raise DataError(
            f"training has {left.nnz // 2} links among {left.shape[0]} neurons and adjacency {whole.nnz // 2} among "
            f"{whole.shape[0]}; training must be adjacency with at least one link taken out and none put in"
        )
    n_candidates = (whole.shape[0] * (whole.shape[0] - 1) - left.nnz) // 2
    return perturbed_scores(left, removed, two_sides(whole)).recovery(n_candidates).share


def perturbed_scores(training: sparse.csr_array, removed: sparse.csr_array, sides: np.ndarray | None) -> Scores:
    """Scores of all pairs without a link in ``training``.

    Parameters
    ----------
    training, removed : scipy.sparse.csr_array, shape (n, n)
        Symmetric; disjoint.
    sides : ndarray of bool or None
        Two-colouring of both together; None: not bipartite.

    Notes
    -----
    At a candidate the training matrix is 0, so that its score is the first-order change itself.
    """
    if sides is None:
        everyone = np.arange(training.shape[0])
        candidate = np.triu(np.ones(training.shape, np.bool_), 1)
        candidate[training.nonzero()] = False
        gone = _present(removed)
        return Scores(first_order_change(training, removed), candidate, gone, everyone, everyone)
    rows, columns = np.flatnonzero(~sides), np.flatnonzero(sides)
    block, gone = (sparse.csr_array(part[rows][:, columns]) for part in (training, removed))
    return Scores(first_order_change_of_block(block, gone), ~_present(block), _present(gone), rows, columns)


def recovery(scores: np.ndarray, removed: np.ndarray, *, n_zero: int = 0) -> Recovery:
    """Share of removed links among the ``removed.sum()`` highest scores, the mean over all orders of tied ones.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_candidates,)
    removed : ndarray of bool, shape (n_candidates,)
        True at least once.
    n_zero : int
        Further candidates, none of them removed, with a score of exactly 0.

    Notes
    -----
    O(n_candidates): one partition, no sort.

    Examples
    --------
    >>> recovery(np.array([3.0, 1.0, 1.0, 0.0]), np.array([True, True, False, False]))
    Recovery(share=0.75, n_tied=2)
    """
    n = int(np.count_nonzero(removed))
    cut = _cut(scores, n, n_zero)
    above, level = scores > cut + TIED, np.abs(scores - cut) <= TIED
    n_level = int(np.count_nonzero(level)) + (n_zero if abs(cut) <= TIED else 0)
    n_open = n - int(np.count_nonzero(above)) - (n_zero if cut < -TIED else 0)
    found = np.count_nonzero(removed & above) + n_open * np.count_nonzero(removed & level) / n_level
    return Recovery(float(found / n), n_level if n_open < n_level else 0)


def _cut(scores: np.ndarray, n: int, n_zero: int) -> float:
    """The n-th highest of the scores and ``n_zero`` zeros."""
    if n_zero and n > np.count_nonzero(scores > TIED):
        if n <= np.count_nonzero(scores >= -TIED) + n_zero:
            return 0.0
        n -= n_zero
    return float(np.partition(scores, scores.size - n)[scores.size - n])


def _present(links: sparse.csr_array) -> np.ndarray:
    present = np.zeros(links.shape, np.bool_)
    present[links.nonzero()] = True
    return present


def _checked(matrix: Any, name: str) -> sparse.csr_array:
    """Links of a symmetric 0-1 matrix as a canonical sparse matrix of ones."""
    dense = not sparse.issparse(matrix)
    given = sparse.csr_array(np.asarray(matrix)) if dense and np.ndim(matrix) == 2 else matrix
    if not sparse.issparse(given) or given.shape[0] != given.shape[1]:
        raise DataError(f"{name} has the shape {np.shape(matrix)}; a square matrix is needed")
    links = sparse.csr_array(given, dtype=np.float64, copy=True)
    links.sum_duplicates()
    links.eliminate_zeros()
    if (links.data != 1.0).any() or links.diagonal().any() or (links != links.T).nnz:
        raise DataError(f"{name} must be symmetric, of 0 and 1 only, with 0 on its diagonal")
    return links
