"""A matrix of whatever library as the CSR array that graphs are made of, or a refusal that says what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from sparsegraph.arguments import kind_of
from sparsegraph.errors import GraphError

_TWICE = ("bsr", "coo", "csc", "csr")
"""Formats of scipy that can store an entry twice."""


def to_csr(matrix: Any) -> sparse.csr_array:
    """CSR copy of a matrix: non-zeros of a dense one, stored entries (zeros included) of a sparse one.

    Parameters
    ----------
    matrix : array, torch tensor, scipy sparse array or matrix; two axes, real numbers
        What a NumPy masked array masks is absent.  Tensors may be dense or sparse, on any device, and need gradients.

    Raises
    ------
    GraphError
        If it is none of these, or stores an entry twice.
    """
    plain = _of_tensor(matrix) if hasattr(matrix, "detach") and hasattr(matrix, "layout") else matrix
    return _of_sparse(plain) if sparse.issparse(plain) else _of_dense(plain)


def checked_list(matrices: Any) -> list[Any]:
    """Several matrices; refuses a single one, whose rows would pass for matrices."""
    if sparse.issparse(matrices) or getattr(matrices, "ndim", None) == 2:
        raise GraphError(
            f"a list of matrices is expected, not one of shape {tuple(matrices.shape)}; put it in brackets"
        )
    if isinstance(matrices, str | bytes) or not hasattr(matrices, "__iter__"):
        raise GraphError(f"a list of matrices is expected, not {kind_of(matrices)}")
    return list(matrices)


def checked_names(names: Sequence[str], n_layers: int) -> list[str]:
    """Names of so many layers; refuses a single text, whose letters would pass for names."""
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise GraphError(f"names are a list of texts, one a layer, not {names!r}")
    if len(names) != n_layers:
        raise GraphError(
            f"{len(names)} names for {n_layers} layers, which are one more than the matrices: {list(names)}"
        )
    return list(names)


def _of_tensor(tensor: Any) -> Any:
    """A torch tensor as an array of numpy or scipy, without importing torch here."""
    if getattr(tensor, "is_meta", False):
        raise GraphError("a tensor on the meta device has no values; load the weights first")
    tensor = tensor.detach().cpu()
    if str(tensor.dtype) in ("torch.bfloat16", "torch.float16"):
        tensor = tensor.float()
    if str(tensor.layout) == "torch.strided":
        return tensor.numpy()
    if tensor.ndim != 2:
        raise GraphError(_no_matrix(tuple(tensor.shape)))
    entries = tensor.to_sparse_coo().coalesce()
    values, places = entries.values().numpy(), entries.indices().numpy()
    return sparse.coo_array((values, (places[0], places[1])), shape=tuple(entries.shape))


def _of_sparse(matrix: Any) -> sparse.csr_array:
    if len(matrix.shape) != 2:
        raise GraphError(_no_matrix(matrix.shape))
    _check_numbers(matrix.dtype)
    made = sparse.csr_array(matrix, copy=True)
    made.sum_duplicates()
    if matrix.format in _TWICE and made.nnz != matrix.nnz:
        twice = f"{matrix.nnz - made.nnz} of {matrix.nnz} entries twice"
        raise GraphError(f"a matrix of shape {matrix.shape} stores {twice}; its sum_duplicates() adds their weights")
    return made


def _of_dense(matrix: Any) -> sparse.csr_array:
    if isinstance(matrix, str | bytes) or matrix is None:
        raise GraphError(f"a matrix is expected, not {kind_of(matrix)}")
    try:
        dense = np.ma.filled(matrix, 0) if isinstance(matrix, np.ma.MaskedArray) else np.asarray(matrix)
    except ValueError as error:  # rows of unequal lengths
        raise GraphError("a matrix has rows of unequal lengths; all must have as many columns") from error
    if dense.ndim != 2:
        raise GraphError(_no_matrix(dense.shape))
    _check_numbers(dense.dtype)
    if dense.dtype == np.float16:
        dense = dense.astype(np.float32)
    rows, columns = np.nonzero(dense)
    return sparse.csr_array((dense[rows, columns], (rows, columns)), shape=dense.shape)


def _check_numbers(dtype: np.dtype[Any]) -> None:
    if dtype.kind not in "biuf":
        raise GraphError(f"a matrix holds values of type {dtype}; weights are real numbers")


def _no_matrix(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape} is no matrix; two axes (source, target) are needed"
