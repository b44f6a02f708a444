"""The numbers behind a matrix: mask x weight, normalised weights, unpacked bitmasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sparsegraph.errors import GraphError, LoadError
from sparsegraph.graph.mask import Mask
from sparsegraph.io.readers.sparse_parts import from_compressed
from sparsegraph.io.tensor import StoredTensor

EXPLICIT = "explicit masks"
NON_ZEROS = "non-zeros"
STORED = "stored entries"


@dataclass(frozen=True)
class Kept:
    """Effective weights of one matrix, in the layout of the file.

    Parameters
    ----------
    weights : ndarray of float32 or float64, or csr_array
        Of a ``csr_array`` the stored entries are the links.
    mask : ndarray of bool
        Which weights are kept; for a ``csr_array`` not used (empty).
    origin : str
        ``"explicit masks"``, ``"non-zeros"`` or ``"stored entries"``.
    warnings : tuple of str
    """

    weights: np.ndarray | sparse.csr_array
    mask: np.ndarray
    origin: str
    warnings: tuple[str, ...] = ()

    @property
    def n_kept(self) -> int:
        """Number of weights kept, zero or not."""
        return int(np.count_nonzero(self.mask) if isinstance(self.weights, np.ndarray) else self.weights.nnz)


@dataclass(frozen=True)
class Recipe:
    """How the effective weights come out of stored tensors; calling it reads them.

    Parameters
    ----------
    combine : callable
        Stored tensors -> :class:`Kept`.
    tensors : tuple of StoredTensor
        The first one names the matrix in messages.
    """

    combine: Callable[..., Kept]
    tensors: tuple[StoredTensor, ...]

    def __call__(self) -> Kept:
        """Read the tensors and combine them."""
        return self.combine(*self.tensors)


def plain(tensor: StoredTensor) -> Kept:
    """Weights as they stand: the non-zeros of a dense tensor, the stored entries of a sparse one."""
    values = _weights(tensor)
    if not isinstance(values, np.ndarray):
        return Kept(values, np.zeros(0, np.bool_), STORED)
    return Kept(values, values != 0, NON_ZEROS)


def mask_alone(tensor: StoredTensor) -> Kept:
    """A mask whose weights are not in the file: each link has weight 1."""
    values = tensor.read()
    if not isinstance(values, np.ndarray):
        ones = sparse.csr_array((np.ones(values.nnz, np.float32), values.indices, values.indptr), shape=values.shape)
        return Kept(ones, np.zeros(0, np.bool_), STORED)
    mask = _mask(tensor)
    return Kept(mask.astype(np.float32), mask, EXPLICIT)


def masked(tensor: StoredTensor, mask_tensor: StoredTensor) -> Kept:
    """Mask times weight, with a warning where zeros and mask disagree."""
    weights, mask = _weights_and_mask(tensor, mask_tensor)
    effective = np.where(mask, weights, weights.dtype.type(0))
    n_zero, n_hidden = int(np.count_nonzero(mask & (weights == 0))), int(np.count_nonzero(~mask & (weights != 0)))
    if not n_zero + n_hidden:
        return Kept(effective, mask, EXPLICIT)
    message = (
        f"'{tensor.name}': mask and zeros disagree: the mask '{mask_tensor.name}' keeps {_percent(mask)} of the "
        f"weights, {_percent(weights != 0)} are non-zero; {n_hidden} non-zero weights are masked out and "
        f"{n_zero} kept links have weight 0; links are those of the mask"
    )
    if n_hidden and n_zero and n_zero + n_hidden == mask.size:
        message += ", which keeps exactly the zeros and looks inverted (1 = removed): if it is, store 1 - mask instead"
    return Kept(effective, mask, EXPLICIT, (message,))


def pruned(original: StoredTensor, mask_tensor: StoredTensor) -> Kept:
    """Mask times weight where the stored weight is by design not masked yet (``torch.nn.utils.prune``)."""
    weights, mask = _weights_and_mask(original, mask_tensor)
    return Kept(np.where(mask, weights, weights.dtype.type(0)), mask, EXPLICIT)


def weight_normalised(direction: StoredTensor, magnitude: StoredTensor) -> Kept:
    """Weight norm: w = g v / |v|, the norm over every axis along which g has one value."""
    v, g = _dense(_weights(direction)), _dense(_weights(magnitude))
    if g.size > 1 and (g.ndim != v.ndim or any(n not in (1, m) for n, m in zip(g.shape, v.shape, strict=True))):
        raise LoadError(
            f"{magnitude.name} has shape {g.shape}; with {direction.name} {v.shape} it makes no weight norm"
        )
    axes = tuple(axis for axis in range(v.ndim) if g.ndim != v.ndim or g.shape[axis] == 1)
    length = np.sqrt((v.astype(np.float64) ** 2).sum(axis=axes, keepdims=True))
    scale = g.reshape(g.shape if g.ndim == v.ndim else (1,) * v.ndim) / np.where(length == 0, 1.0, length)
    weights = (v * scale).astype(v.dtype)
    return Kept(weights, weights != 0, NON_ZEROS)


def spectrally_normalised(original: StoredTensor, left: StoredTensor, *right: StoredTensor) -> Kept:
    """Spectral norm: w / sigma with sigma = u' W v, where the file holds v; zeros are those of the stored weight."""
    weights = _dense(_weights(original))
    flat, u = weights.reshape(weights.shape[0], -1), _dense(_weights(left)).ravel()
    if right and u.size == flat.shape[0] and right[0].shape == (flat.shape[1],):
        sigma = float(u @ flat @ _dense(_weights(right[0])))
        weights = (weights / sigma).astype(weights.dtype) if sigma else weights
    return Kept(weights, flat.reshape(weights.shape) != 0, NON_ZEROS)


def unpacked(values: StoredTensor, bitmask: StoredTensor, shape: tuple[int, ...]) -> Kept:
    """Compressed tensors: non-zeros row by row, and one bit per weight, packed little-endian along the columns."""
    n_columns = shape[-1]
    n_bytes = -(-n_columns // 8)
    packed = np.asarray(bitmask.read(), dtype=np.uint8).ravel()
    rows = packed[: packed.size // n_bytes * n_bytes].reshape(-1, n_bytes)
    mask = np.unpackbits(rows, axis=1, bitorder="little")[:, :n_columns].astype(np.bool_)
    stored = _dense(_weights(values)).ravel()
    n_kept = int(np.count_nonzero(mask))
    if mask.shape != tuple(shape) or stored.size < n_kept:
        raise LoadError(
            f"{bitmask.name} marks {n_kept} weights of {mask.shape} but {values.name} holds {stored.size} for a "
            f"matrix of {tuple(shape)}; the file is damaged or of another format"
        )
    weights = np.zeros(mask.shape, stored.dtype)
    weights[mask] = stored[:n_kept]
    return Kept(weights, mask, EXPLICIT)


def compressed_rows(data: StoredTensor, indices: StoredTensor, indptr: StoredTensor, shape: tuple[int, ...]) -> Kept:
    """Compressed sparse rows; every stored entry is a link."""
    rows, columns = np.asarray(indptr.read()), np.asarray(indices.read())
    weights = from_compressed((shape[0], shape[1]), rows, columns, np.asarray(_weights(data)), by_row=True)
    return Kept(weights, np.zeros(0, np.bool_), STORED)


def by_positions(values: StoredTensor, positions: StoredTensor, shape: tuple[int, int]) -> Kept:
    """Weights of the links at flat positions source * n_target + target, of which all are kept; torch's order of axes.

    ``shape`` is (source, target).
    """
    weights = _dense(_weights(values))
    try:
        mask = Mask(shape, np.asarray(positions.read()))
    except GraphError as error:
        raise LoadError(f"{positions.name}: {error}; the file is damaged: save it again") from None
    if weights.shape != (mask.n_links,):
        raise LoadError(
            f"{values.name} has shape {weights.shape} for the {mask.n_links} links of {positions.name}; "
            "expected a weight for each: save it again"
        )
    return Kept(sparse.csr_array(mask.to_csr(weights).T), np.zeros(0, np.bool_), EXPLICIT)


def _weights(tensor: StoredTensor) -> np.ndarray | sparse.csr_array:
    """Values as finite float32 or float64."""
    values = tensor.read()
    data: np.ndarray = values if isinstance(values, np.ndarray) else values.data
    if data.dtype.kind not in "fiub":
        raise LoadError(f"{tensor.name} holds values of type {tensor.dtype}; weights must be real numbers")
    if data.dtype not in (np.float32, np.float64):
        data = data.astype(np.float32)
    if not np.isfinite(data).all():
        n_bad = int(data.size - np.count_nonzero(np.isfinite(data)))
        raise LoadError(
            f"{tensor.name} holds {n_bad} NaN or infinite value{'' if n_bad == 1 else 's'}; weights must be finite: "
            "take an earlier checkpoint or repair the tensor"
        )
    if isinstance(values, np.ndarray):
        return data
    return sparse.csr_array((data, values.indices, values.indptr), shape=values.shape)


def _weights_and_mask(tensor: StoredTensor, mask_tensor: StoredTensor) -> tuple[np.ndarray, np.ndarray]:
    weights, mask = _dense(_weights(tensor)), _mask(mask_tensor)
    if weights.shape != mask.shape:
        raise LoadError(f"{mask_tensor.name} has shape {mask.shape}; the mask of {tensor.name} needs {weights.shape}")
    return weights, mask


def _mask(tensor: StoredTensor) -> np.ndarray:
    values = _dense(tensor.read())
    if values.dtype.kind not in "fiub" or not np.isfinite(values).all():
        raise LoadError(f"{tensor.name} is a mask with values that are no finite numbers; expected 0 and 1")
    return values != 0


def _dense(values: np.ndarray | sparse.csr_array) -> np.ndarray:
    return values if isinstance(values, np.ndarray) else values.toarray()


def _percent(flags: np.ndarray) -> str:
    return f"{100 * np.count_nonzero(flags) / max(flags.size, 1):.1f} %"
