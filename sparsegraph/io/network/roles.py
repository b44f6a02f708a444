"""What each tensor of a file is: a weight matrix, a filter bank, a mask, or something that holds no links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sparsegraph.io.network.wrappers import Named
from sparsegraph.io.tensor import StoredTensor

Role = Literal[
    "weights", "filters", "embedding", "mask", "bias", "normalisation", "part", "buffer", "optimiser", "copy",
    "vector", "scalar", "counts", "unsupported",
]  # fmt: skip
"""``part`` is a piece of a matrix that is stored in several pieces; ``counts`` are integers that are no mask."""


@dataclass(frozen=True)
class Entry:
    """A tensor with its role.

    Parameters
    ----------
    tensor : StoredTensor
    key : str
        Name without wrappers; in a container of masks, the name of what is masked.
    role : Role
    why : str
        Reason for the role, in words.
    in_masks : bool
        Whether it lay in a container of masks.
    """

    tensor: StoredTensor
    key: str
    role: Role
    why: str
    in_masks: bool = False


_LAST = r"(?:^|[._])"
_NORMS = re.compile(
    r"running_(mean|var)|num_batches_tracked|moving_(mean|variance)|(^|[._\d])(bn|norm|gamma|beta)\d*\b"
)
_NORM_MATRIX = re.compile(r"running_(mean|var)$|moving_(mean|variance)$")
_STATE = re.compile(r"(exp_avg(_sq)?|momentum_buffer|square_avg)$")
_SCORES = re.compile(r"mask_scores?$")
_BUFFERS = re.compile(
    r"(attn_mask|attention_mask|causal_mask|masked_bias|position_ids|relative_position_index|freqs_cis|tril|triu"
    r"|qzeros|g_idx|zero_point|scales?)$"
)
_ADDED = re.compile(r"(cls_token|mask_token|class_token|pos_embed(ding)?|relative_position_bias_table)$")
_EMBEDDING = re.compile(_LAST + r"(emb|embed|embedding|embeddings|embed_tokens|tok_embeddings|wte|wpe)\d*(\.weight)?$")
_EMBEDDING_MODULE = re.compile(r"(^|\.)\w*(embeddings?|embed_tokens|wte|wpe)(\.\w+)?(\.weight)?$")
_MASK = re.compile(_LAST + r"masks?\d*$|(?:^|\.)masks?_[^.]*$|adjacency_matrix$")
_BIAS = re.compile(_LAST + r"(bias|biases|b)_?\d*$")
_PIECES = re.compile(
    r"\.(compressed|bitmask|shape|row_offsets)$|parametrizations\.\w+\.(original[01]?|\d+\.(mask|_u|_v))$"
    r"|_orig$|(weight|kernel)_[uvg]$"
)
_HISTORY = re.compile(r"input_?layer_?connections", re.IGNORECASE)


def classify(named: Named) -> Entry:
    """Role of one tensor, from its group, type, name and shape; integer matrices are read to tell masks from counts."""
    tensor, key = named.tensor, named.key
    if named.group in ("optimiser", "copy"):
        return Entry(tensor, key, "optimiser" if named.group == "optimiser" else "copy", named.why)
    role, why = _role(tensor, key, in_masks=named.group == "masks")
    return Entry(tensor, key, role, why, in_masks=named.group == "masks")


def _role(tensor: StoredTensor, key: str, *, in_masks: bool) -> tuple[Role, str]:
    n_axes = len(tensor.shape)
    if 0 in tensor.shape:
        return "vector", "holds no values"
    by_name = _by_name(tensor, key)
    if by_name is not None:
        return by_name
    if not _is_number(tensor.dtype):
        return "unsupported", f"values of type {tensor.dtype} are no weights"
    if n_axes == 0:
        return "scalar", "a single number"
    if n_axes == 1 or (_BIAS.search(key) and max(tensor.shape) == int(np.prod(tensor.shape))):
        return _vector_role(key, in_masks=in_masks)
    if n_axes > 5:
        return "buffer", f"{n_axes} axes: neither a matrix nor a filter bank"
    if in_masks or _MASK.search(key):
        return "mask", "lies among masks" if in_masks else "named a mask"
    if tensor.dtype == "bool":
        return "mask", "true and false"
    if "int" in tensor.dtype:
        return _integer_role(tensor, key)
    return _float_role(tensor, key)


def _by_name(tensor: StoredTensor, key: str) -> tuple[Role, str] | None:
    """Roles that the name settles whatever the shape."""
    n_axes = len(tensor.shape)
    if _STATE.search(key):
        return "optimiser", "optimiser state"
    if _SCORES.search(key):
        return "buffer", "importance scores of a pruning method, not weights"
    if n_axes <= 1 and key.endswith("bias_orig"):
        return "bias", "one value per neuron, no links"
    if _PIECES.search(key):
        return "part", "piece of a matrix stored in pieces"
    if n_axes >= 2 and (_BUFFERS.search(key) or re.search(r"attn\.bias$", key)):
        return "buffer", "a constant of the model, not weights"
    if n_axes >= 2 and _NORM_MATRIX.search(key):
        return "normalisation", "statistics of a normalisation layer"
    if n_axes >= 2 and _ADDED.search(key):
        return "buffer", "added to the activations, joins no neurons"
    return None


def _vector_role(key: str, *, in_masks: bool) -> tuple[Role, str]:
    if in_masks or _MASK.search(key):
        return "bias", "mask of a bias: one value per neuron, no links"
    if _NORMS.search(key):
        return "normalisation", "one value per neuron of a normalisation layer, no links"
    if _BIAS.search(key):
        return "bias", "one value per neuron, no links"
    return "vector", "one axis: no links"


def _integer_role(tensor: StoredTensor, key: str) -> tuple[Role, str]:
    """An integer matrix is a mask (0 and 1), a signed adjacency, 8-bit weights, or counts and codes."""
    values = tensor.read()
    data: np.ndarray = values if isinstance(values, np.ndarray) else values.data
    low, high = (int(data.min()), int(data.max())) if data.size else (0, 0)
    if low >= 0 and high <= 1:
        return "mask", "integers 0 and 1 only"
    if low < 0 and ((high <= 1 and low == -1) or tensor.dtype == "int8"):
        role, _ = _float_role(tensor, key)
        return role, f"integer weights from {low} to {high}"
    if _HISTORY.search(key):
        n_steps, n_inputs = tensor.shape[0], tensor.shape[-1]
        return "counts", (
            f"a history of degrees (SET writes for each of {n_steps} epochs how many links each of {n_inputs} "
            f"inputs keeps, here {low} to {high}), not weights: which neurons are linked is not in the file"
        )
    return "counts", f"integers from {low} to {high}: counts, indices or packed codes, not weights"


def _float_role(tensor: StoredTensor, key: str) -> tuple[Role, str]:
    if len(tensor.shape) == 2:
        if _EMBEDDING.search(key) or _EMBEDDING_MODULE.search(key):
            return "embedding", "a table of vectors, one row per token or position"
        return "weights", "two axes: a weight matrix"
    return "filters", f"{len(tensor.shape)} axes: a filter bank"


def _is_number(dtype: str) -> bool:
    return dtype == "bool" or dtype.startswith(("float", "bfloat", "int", "uint"))
