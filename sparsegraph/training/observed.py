"""The blocks of any PyTorch model as they are at the moment."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrize

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.line import BlockState, breaks, in_line, skips_among
from sparsegraph.graph.mask import Mask
from sparsegraph.io.names import listed
from sparsegraph.near_names import near_names

Masks = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""Masks that lie outside the model: by layer ("fc1") or parameter ("fc1.weight"), or a function that gives them."""

_KINDS: tuple[tuple[type[nn.Module], str], ...] = (
    (nn.Linear, "linear"),
    (nn.Conv1d, "conv1d"),
    (nn.Conv2d, "conv2d"),
    (nn.Conv3d, "conv3d"),
)


def graph_of(
    model: nn.Module, *, input_shape: tuple[int, ...] | None = None, masks: Masks | None = None
) -> LayeredGraph:
    """The layered graph of a PyTorch model in memory, as its masks and weights are now.

    Linear layers and convolutions become blocks, in the order of ``model.named_modules()``; links are those of their
    masks as :func:`sparsegraph.record` finds them, else the non-zero weights.

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
        If it has no such layer, or a mask is of none or of another shape.

    Warns
    -----
    UserWarning
        If neighbours in that order do not fit each other, or some are skip connections, as their names tell: the graph
        then is several chains.

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
    warn_of_breaks(blocks, stacklevel=2)
    return in_line(blocks, input_shape)


def warn_of_breaks(blocks: Sequence[BlockState], *, stacklevel: int) -> None:
    """Tell where a block does not follow the one before, and which are skip connections."""
    if beside := [one.name for one, first in zip(blocks, skips_among(blocks), strict=True) if first is not None]:
        message = f"skip connections stand alone beside the chain: {listed(beside, 8)}; "
        warnings.warn(message + "paths, activity and distances do not see them", stacklevel=stacklevel + 1)
    for left, right in breaks(blocks):
        message = f"{left} and {right} follow each other in the model's modules but their sizes do not fit: the graph "
        warnings.warn(message + "begins a chain of its own there", stacklevel=stacklevel + 1)


def observed_blocks(model: nn.Module, masks: Masks | None = None) -> tuple[BlockState, ...]:
    """One block for each linear layer and convolution, with its mask, weights and biases.

    Raises
    ------
    TypeError
        If it is no model.
    SparseGraphError
        If there is none, or a mask is of none or of another shape.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"a torch.nn.Module is expected, not a {type(model).__name__}")
    layers = dict(_layers(model))
    if not layers:
        raise SparseGraphError(f"{type(model).__name__} has no linear layer and no convolution")
    kept = {} if masks is None else _outside(layers, masks() if callable(masks) else masks)
    return tuple(_block(name, module, kept.get(name)) for name, module in layers.items())


def _outside(layers: Mapping[str, nn.Module], masks: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Which weights are kept, by layer; each mask has the shape of its layer's weight."""
    if not isinstance(masks, Mapping):
        raise TypeError(f"masks are a mapping by layer or parameter, not a {type(masks).__name__}")
    kept: dict[str, np.ndarray] = {}
    for key, mask in masks.items():
        name = _layer_of(key, layers)
        if isinstance(getattr(layers[name], "mask", None), Mask):
            raise SparseGraphError(f"{name} has its mask itself; leave it out of masks")
        if name in kept:
            raise SparseGraphError(f"the layer of the mask {key!r} has another one in masks; leave one out")
        values = _array(mask.to_dense()) if isinstance(mask, torch.Tensor) else np.asarray(mask)
        shape = _weight(layers[name]).shape
        if values.shape != shape:
            raise SparseGraphError(f"the mask {key!r} has the shape {values.shape}; its layer's weight has {shape}")
        kept[name] = values != 0
    return kept


def _layer_of(key: object, layers: Mapping[str, nn.Module]) -> str:
    if not isinstance(key, str):
        raise TypeError(f"masks are named by layer or parameter, such as 'fc1.weight', not by a {type(key).__name__}")
    name = key if key in layers else "" if key == "weight" else key.removesuffix(".weight")
    if name not in layers:
        known = near_names(key, [f"{layer}.weight".lstrip(".") for layer in layers])
        raise SparseGraphError(f"there is no layer of the mask {key!r}; {known}")
    return name


def other_values(model: nn.Module) -> dict[str, np.ndarray]:
    """Every array of the model's state that belongs to no block, such as batch normalisation."""
    ours = tuple(f"{name}." if name else "" for name, _ in _layers(model))
    state = model.state_dict()
    return {key: _array(value) for key, value in state.items() if _is_plain(value) and not key.startswith(ours)}


def _layers(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, module in model.named_modules():
        if _kind(module) or isinstance(getattr(module, "mask", None), Mask):
            yield name, module


def _kind(module: nn.Module) -> str:
    return next((kind for type_, kind in _KINDS if isinstance(module, type_)), "")


def _block(name: str, module: nn.Module, outside: np.ndarray | None) -> BlockState:
    """Row = source, column = target: torch's (out, in, *kernel) is transposed here."""
    label = name or type(module).__name__
    bias = getattr(module, "bias", None)
    biases = _array(bias).astype(np.float32) if isinstance(bias, torch.Tensor) else None
    own = getattr(module, "mask", None)
    if isinstance(own, Mask):
        return BlockState(label, own, _weight(module).astype(np.float32).ravel(), biases)
    weight, kept = _weight_and_mask(module) if outside is None else (_trained_weight(module), outside)
    matrix, present = weight.reshape(weight.shape[0], -1).T, kept.reshape(weight.shape[0], -1).T
    mask = Mask.from_array(present)
    values = matrix.ravel()[mask.positions].astype(np.float32)
    kind, shape, groups = _kind(module), tuple(weight.shape), getattr(module, "groups", None)
    return BlockState(label, mask, values, biases, kind, shape, groups=None if kind == "linear" else groups)


def _weight_and_mask(module: nn.Module) -> tuple[np.ndarray, np.ndarray]:
    """Effective weights and which of them are kept, in torch's order of axes."""
    weight, pruned = _trained_weight(module), getattr(module, "weight_mask", None)
    if isinstance(pruned, torch.Tensor) and isinstance(getattr(module, "weight_orig", None), torch.Tensor):
        kept = _array(pruned) != 0
        return weight * kept, kept
    masks = [getattr(module, name, None) for name in ("weight_mask", "mask")]
    if parametrize.is_parametrized(module, "weight"):
        masks += [getattr(one, "mask", None) for one in module.parametrizations.weight]  # type: ignore[union-attr]
    for one in masks:
        if isinstance(one, torch.Tensor) and one.shape == weight.shape:
            kept = _array(one) != 0
            return weight * kept, kept
    return weight, weight != 0


def _trained_weight(module: nn.Module) -> np.ndarray:
    """What the optimiser moves: prune sets ``weight`` only when the layer runs; after a step it is the old one."""
    trained = getattr(module, "weight_orig", None)
    return _array(trained) if isinstance(trained, torch.Tensor) else _weight(module)


def _weight(module: nn.Module) -> np.ndarray:
    weight = module.weight
    assert isinstance(weight, torch.Tensor)
    return _array(weight)


def _is_plain(value: object) -> bool:
    return isinstance(value, torch.Tensor) and not value.is_complex() and value.layout == torch.strided


def _array(value: torch.Tensor) -> np.ndarray:
    tensor = value.detach().cpu()
    return tensor.float().numpy() if tensor.dtype in (torch.bfloat16, torch.float16) else tensor.numpy()
