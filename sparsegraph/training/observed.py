"""The blocks of any PyTorch model as they are at the moment."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from sparsegraph.arguments import kind_of
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.line import BlockState, breaks, in_line, skips_among
from sparsegraph.graph.mask import Mask
from sparsegraph.io.names import listed
from sparsegraph.near_names import near_names
from sparsegraph.training.module_layers import (
    array_of,
    layer_kind,
    layers_of,
    left_out,
    may_be_layers,
    misfits,
    trained_weight,
    weight_and_mask,
)

Masks = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""Masks that lie outside the model: by layer ("fc1") or parameter ("fc1.weight"), or a function that gives them."""


def graph_of(
    model: nn.Module, *, input_shape: tuple[int, ...] | None = None, masks: Masks | None = None
) -> LayeredGraph:
    """The layered graph of a PyTorch model in memory, as its masks and weights are now.

    Linear layers, convolutions and masked layers of one's own become blocks, in the order of
    ``model.named_modules()``; links are those of their masks as :func:`sparsegraph.record` finds them, else the
    non-zero weights.

    Parameters
    ----------
    model : torch.nn.Module
    input_shape : tuple of int, optional
        Of one sample, such as (1, 28, 28).
    masks : mapping, or function that gives one, optional
        Masks that lie outside the model, as for :func:`sparsegraph.record`.

    Raises
    ------
    TypeError
        If it is no model.
    SparseGraphError
        If it has no such layer, a mask is of none or of another shape, or weights have no values yet.

    Warns
    -----
    UserWarning
        If matrices of the model are not in the graph, such as those of embeddings and recurrent layers; if a layer's
        mask does not fit its weight; if neighbours in that order do not fit each other, or some are skip connections,
        as their names tell: the graph then is several chains.

    Examples
    --------
    >>> import sparsegraph as sg
    >>> from torch.nn.utils import prune
    >>> model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    >>> _ = prune.l1_unstructured(model[0], "weight", 0.5)
    >>> sg.graph_of(model)
    <LayeredGraph 4-3-2: 9 neurons, 12 links>
    """
    blocks = observed_blocks(model, masks)
    check_input_shape(input_shape, blocks)
    warn_of_gaps(model, blocks, stacklevel=2)
    return in_line(blocks, input_shape)


def check_input_shape(input_shape: tuple[int, ...] | None, blocks: Sequence[BlockState]) -> None:
    """Refuse a shape of the input that is none of the first layer's.

    Raises
    ------
    SparseGraphError
        If a linear layer comes first and the product is not its number of inputs.
    """
    first = blocks[0]
    if input_shape is None or first.kind != "linear" or math.prod(input_shape) == first.n_source:
        return
    told = f"input_shape {'x'.join(map(str, input_shape))} has {math.prod(input_shape)} values"
    raise SparseGraphError(f"{told}, but the first layer, {first.name}, takes {first.n_source}")


def warn_of_gaps(model: nn.Module, blocks: Sequence[BlockState], *, stacklevel: int) -> None:
    """Tell what of the model is not in the graph, and where its blocks make no chain."""
    layers = may_be_layers(model)
    names = {block.name for block in blocks}
    layers = {name: module for name, module in layers.items() if _label(name, module) in names}
    if absent := left_out(model, layers):
        message = f"not part of the graph: {listed(absent, 8)}; linear layers, convolutions and layers with a mask are"
        warnings.warn(message, stacklevel=stacklevel + 1)
    if unused := misfits(layers):
        message = f"masks of another shape than the weight are not used: {listed(unused, 8)}"
        warnings.warn(message, stacklevel=stacklevel + 1)
    _warn_of_breaks(blocks, stacklevel=stacklevel + 1)


def _warn_of_breaks(blocks: Sequence[BlockState], *, stacklevel: int) -> None:
    if beside := [one.name for one, first in zip(blocks, skips_among(blocks), strict=True) if first is not None]:
        message = f"skip connections stand alone beside the chain: {listed(beside, 8)}; "
        warnings.warn(message + "paths, activity and distances do not see them", stacklevel=stacklevel + 1)
    for left, right in breaks(blocks):
        message = f"{left} and {right} follow each other in the model's modules but their sizes do not fit: the graph "
        warnings.warn(message + "begins a chain of its own there", stacklevel=stacklevel + 1)


def observed_blocks(model: nn.Module, masks: Masks | None = None) -> tuple[BlockState, ...]:
    """One block for each layer, with its mask, weights and biases.

    Raises
    ------
    TypeError
        If it is no model.
    SparseGraphError
        If there is none, a mask is of none or of another shape, or weights have no values yet.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"a torch.nn.Module is expected, not {kind_of(model)}")
    kept = {} if masks is None else _outside(may_be_layers(model), masks() if callable(masks) else masks)
    layers = layers_of(model, kept)
    if not layers:
        raise SparseGraphError(f"{type(model).__name__} has no linear layer, no convolution and no layer with a mask")
    return tuple(_block(name, module, kept.get(name)) for name, module in layers.items())


def _outside(layers: Mapping[str, nn.Module], masks: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Which weights are kept, by layer; each mask has the shape of its layer's weight."""
    if not isinstance(masks, Mapping):
        raise TypeError(f"masks are a mapping by layer or parameter, not {kind_of(masks)}")
    kept: dict[str, np.ndarray] = {}
    for key, mask in masks.items():
        name = _layer_of(key, layers)
        if isinstance(getattr(layers[name], "mask", None), Mask):
            raise SparseGraphError(f"{name} has its mask itself; leave it out of masks")
        if name in kept:
            raise SparseGraphError(f"the layer of the mask {key!r} has another one in masks; leave one out")
        values = array_of(mask) if isinstance(mask, torch.Tensor) else np.asarray(mask)
        shape = trained_weight(name, layers[name]).shape
        if values.shape != shape:
            raise SparseGraphError(f"the mask {key!r} has the shape {values.shape}; its layer's weight has {shape}")
        kept[name] = values != 0
    return kept


def _layer_of(key: object, layers: Mapping[str, nn.Module]) -> str:
    if not isinstance(key, str):
        raise TypeError(f"masks are named by layer or parameter, such as 'fc1.weight', not by {kind_of(key)}")
    name = key if key in layers else "" if key == "weight" else key.removesuffix(".weight")
    if name not in layers:
        known = near_names(key, [f"{layer}.weight".lstrip(".") for layer in layers])
        raise SparseGraphError(f"there is no layer of the mask {key!r}; {known}")
    return name


def other_values(model: nn.Module) -> dict[str, np.ndarray]:
    """Every array of the model's state that belongs to no block, such as batch normalisation."""
    ours = tuple(f"{name}." if name else "" for name in layers_of(model))
    state = model.state_dict()
    return {key: array_of(value) for key, value in state.items() if _is_plain(value) and not key.startswith(ours)}


def _label(name: str, module: nn.Module) -> str:
    return name or type(module).__name__


def _block(name: str, module: nn.Module, outside: np.ndarray | None) -> BlockState:
    """Row = source, column = target: torch's (out, in, *kernel) is transposed here."""
    label, own = _label(name, module), getattr(module, "mask", None)
    if isinstance(own, Mask):
        weights = trained_weight(name, module).astype(np.float32).ravel()
        return BlockState(label, own, weights, _biases(module))
    weight, kept = weight_and_mask(name, module) if outside is None else (trained_weight(name, module), outside)
    matrix, present = weight.reshape(weight.shape[0], -1).T, kept.reshape(weight.shape[0], -1).T
    mask = Mask.from_array(present)
    values = matrix.ravel()[mask.positions].astype(np.float32)
    kind, shape, groups = layer_kind(module), tuple(weight.shape), getattr(module, "groups", None)
    return BlockState(label, mask, values, _biases(module), kind, shape, groups=None if kind == "linear" else groups)


def _biases(module: nn.Module) -> np.ndarray | None:
    bias = getattr(module, "bias", None)
    return array_of(bias).astype(np.float32) if isinstance(bias, torch.Tensor) else None


def _is_plain(value: object) -> bool:
    return isinstance(value, torch.Tensor) and not value.is_complex() and value.layout == torch.strided
