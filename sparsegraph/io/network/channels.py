"""Stored weights to the links of one block: matrices, filter banks, and a flattened image gathered by channel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from sparsegraph.errors import LoadError
from sparsegraph.graph.layered import settled
from sparsegraph.io.network.effective import Kept
from sparsegraph.io.network.orientation import ALONE, Joint, Oriented

_ROWS_AT_ONCE = 256


class Links(NamedTuple):
    """Links of one block, row = source, column = target; how many weights lie behind each, if not one; groups."""

    weights: sparse.csr_array
    multiplicity: np.ndarray | None
    weights_per_link: int
    groups: int = 1


def links(kept: Kept, oriented: Oriented, joint: Joint = ALONE) -> Links:
    """Links of a block from the effective weights of a stored tensor.

    A matrix gives a link for each kept weight.  A filter bank (out, in, kernel) gives a link from channel to channel
    where any weight of the kernel is kept: its weight is the L1 norm of the kernel (a kernel of one weight keeps its
    sign), its multiplicity the number of weights kept.  A matrix behind a flattened image is gathered by channel in the
    same way.

    Parameters
    ----------
    kept : Kept
    oriented : Oriented
    joint : Joint
        Positions behind each channel of the layer before (1 for neurons), and groups of a convolution.

    Returns
    -------
    Links
        Of shape (sources, targets): torch's (out, in) is transposed here.

    Notes
    -----
    O(size of the tensor) time; the stored tensor and one copy of its kept entries in memory.
    """
    if oriented.is_filters:
        return _filters(kept, oriented, joint.groups)
    matrix = _matrix(kept, is_transposed=oriented.axes == "out_in")
    if joint.positions == 1:
        return Links(matrix, None, 1)
    return _gathered(matrix, joint.positions, channel_minor=oriented.channel_minor)


def _matrix(kept: Kept, *, is_transposed: bool) -> sparse.csr_array:
    """Kept weights as (source, target); a kept weight of 0 is stored."""
    if not isinstance(kept.weights, np.ndarray):
        weights = sparse.csr_array(kept.weights)
        return sparse.csr_array(weights.T) if is_transposed else weights
    weights, mask = (kept.weights.T, kept.mask.T) if is_transposed else (kept.weights, kept.mask)
    indptr = np.concatenate([[0], np.cumsum(np.count_nonzero(mask, axis=1))])
    width = np.int32 if max(int(indptr[-1]), mask.shape[1]) < 2**31 else np.int64
    data, columns = np.empty(indptr[-1], weights.dtype), np.empty(indptr[-1], width)
    for start in range(0, mask.shape[0], _ROWS_AT_ONCE):  # in pieces: np.nonzero takes 16 bytes for each link
        rows, part = slice(start, start + _ROWS_AT_ONCE), mask[start : start + _ROWS_AT_ONCE]
        place = slice(indptr[start], indptr[min(start + _ROWS_AT_ONCE, mask.shape[0])])
        data[place], columns[place] = weights[rows][part], np.nonzero(part)[1]
    return settled(sparse.csr_array((data, columns, indptr.astype(width)), shape=mask.shape))


def _filters(kept: Kept, oriented: Oriented, groups: int) -> Links:
    if not isinstance(kept.weights, np.ndarray):
        raise LoadError(f"{oriented.matrix.name} is a sparse tensor of {len(oriented.matrix.shape)} axes; expected two")
    source, target = {"out_in": (1, 0), "in_out": (0, 1), "channels_last": (-2, -1)}[oriented.axes]
    shape = (oriented.n_source, oriented.n_target, oriented.kernel_size)
    weights = np.moveaxis(kept.weights, (source, target), (0, 1)).reshape(shape)
    mask = np.moveaxis(kept.mask, (source, target), (0, 1)).reshape(shape)
    effective = weights * mask
    counts = np.count_nonzero(mask, axis=2)
    norms = effective[:, :, 0] if oriented.kernel_size == 1 else np.abs(effective).sum(axis=2)
    sources, targets = np.nonzero(counts)
    data, n_weights = norms[sources, targets], counts[sources, targets]
    # Targets of a grouped convolution come group by group, and a group sees its own share of the sources.
    sources = sources + targets // (oriented.n_target // groups) * oriented.n_source
    order = np.lexsort((targets, sources))
    full = (oriented.n_source * groups, oriented.n_target)
    block = sparse.csr_array((data[order], (sources[order], targets[order])), shape=full)
    one = oriented.kernel_size == 1
    return Links(block, None if one else n_weights[order], oriented.kernel_size, groups)


def _gathered(matrix: sparse.csr_array, positions: int, *, channel_minor: bool) -> Links:
    """Rows of one channel added up: L1 norm and number of the weights."""
    n_rows, n_columns = matrix.shape
    n_channels = n_rows // positions
    rows = np.repeat(np.arange(n_rows), np.diff(matrix.indptr))
    channels = rows % n_channels if channel_minor else rows // positions
    cells, inverse = np.unique(channels * n_columns + matrix.indices, return_inverse=True)
    counts = np.bincount(inverse, minlength=cells.size)
    norms = np.bincount(inverse, weights=np.abs(matrix.data), minlength=cells.size)
    block = sparse.csr_array(
        (norms.astype(matrix.data.dtype), (cells // n_columns, cells % n_columns)), shape=(n_channels, n_columns)
    )
    return Links(block, counts, positions)
