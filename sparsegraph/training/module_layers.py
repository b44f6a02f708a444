"""Which modules of a PyTorch model are layers of its graph, which of their weights are kept, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import torch
from torch import nn
from torch.nn.parameter import is_lazy
from torch.nn.utils import parametrize

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask

_KINDS: tuple[tuple[type[nn.Module], str], ...] = (
    (nn.Linear, "linear"),
    (nn.Conv1d, "conv1d"),
    (nn.Conv2d, "conv2d"),
    (nn.Conv3d, "conv3d"),
)
_BY_AXES = {2: "linear", 3: "conv1d", 4: "conv2d", 5: "conv3d"}
"""What a layer of one's own is, by the axes of its weight: (out, in) and those of a kernel, as torch has them."""

_MASK = re.compile("mask", re.IGNORECASE)
_OTHERS = re.compile("score|grad|bias", re.IGNORECASE)
"""What else is called a mask: what one is learned by, and those of biases."""


def layers_of(model: nn.Module, masked: Iterable[str] = ()) -> dict[str, nn.Module]:
    """The layers by name, in the order of ``model.named_modules()``.

    Layers are torch's linear layers and convolutions, what inherits from them, modules with a
    :class:`~sparsegraph.graph.mask.Mask`, and modules of one's own with a ``weight`` of two to five axes and a mask of
    its shape, in themselves or among ``masked``.

    Parameters
    ----------
    model : torch.nn.Module
    masked : iterable of str
        Modules whose masks lie outside the model.
    """
    named = set(masked)
    return {name: module for name, module in model.named_modules() if _is_layer(module, is_masked=name in named)}


def may_be_layers(model: nn.Module) -> dict[str, nn.Module]:
    """Modules that are layers or would be with a mask, by name."""
    return {name: module for name, module in model.named_modules() if _is_layer(module, is_masked=True)}


def _is_layer(module: nn.Module, *, is_masked: bool) -> bool:
    if isinstance(module, tuple(type_ for type_, _ in _KINDS)) or isinstance(getattr(module, "mask", None), Mask):
        return True
    weight = _stored_weight(module)
    is_own = not type(module).__module__.startswith("torch.")
    return is_own and weight is not None and weight.ndim in _BY_AXES and (is_masked or bool(_fitting(module, weight)))


def layer_kind(module: nn.Module) -> str:
    """What a layer is: linear, or a convolution of so many axes."""
    known = next((kind for type_, kind in _KINDS if isinstance(module, type_)), "")
    weight = _stored_weight(module)
    return known or ("linear" if weight is None else _BY_AXES.get(weight.ndim, "linear"))


def weight_and_mask(name: str, module: nn.Module) -> tuple[np.ndarray, np.ndarray]:
    """Effective weights of a layer and which of them are kept, in torch's order of axes.

    Raises
    ------
    SparseGraphError
        If the layer has several masks of one shape that say different things, or no values yet.
    """
    weight, pruned = trained_weight(name, module), getattr(module, "weight_mask", None)
    if isinstance(pruned, torch.Tensor) and isinstance(getattr(module, "weight_orig", None), torch.Tensor):
        kept = array_of(pruned) != 0
        return weight * kept, kept
    found = {key: array_of(mask) != 0 for key, mask in _fitting(module, weight).items()}
    if not found:
        return weight, weight != 0
    first, kept = next(iter(found.items()))
    for key, other in found.items():
        if key != first and first not in _USUAL and not np.array_equal(other, kept):
            raise SparseGraphError(
                f"{name or 'the model'} has two masks of its weight, {first} and {key}, which differ; say which by "
                "masks={layer: mask}"
            )
    return weight * kept, kept


_USUAL = ("weight_mask", "mask")
"""Names that are asked for first."""


def _fitting(module: nn.Module, weight: torch.Tensor | np.ndarray) -> dict[str, torch.Tensor]:
    """Masks of a layer that have the shape of its weight, those of usual names first."""
    return {name: mask for name, mask in _masks(module) if tuple(mask.shape) == tuple(weight.shape)}


def _masks(module: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    """Tensors of a module, or of the parametrisation of its weight, that are called masks."""
    own = {**vars(module), **dict(module.named_buffers(recurse=False)), **dict(module.named_parameters(recurse=False))}
    if parametrize.is_parametrized(module, "weight"):
        for part in module.parametrizations.weight:  # type: ignore[union-attr]
            own |= {key: value for key, value in vars(part)["_buffers"].items() if key not in own}
            own |= {"mask": mask} if isinstance(mask := getattr(part, "mask", None), torch.Tensor) else {}
    named = sorted((key for key in own if _MASK.search(key) and not _OTHERS.search(key)), key=_rank)
    yield from ((key, own[key]) for key in named if isinstance(own[key], torch.Tensor))


def _rank(name: str) -> int:
    return _USUAL.index(name) if name in _USUAL else len(_USUAL)


def misfits(layers: Mapping[str, nn.Module]) -> list[str]:
    """Masks of layers that have another shape than the weight, where none fits it: they are not used."""
    found = []
    for name, module in layers.items():
        weight = _stored_weight(module)
        if weight is None or isinstance(getattr(module, "mask", None), Mask) or _fitting(module, weight):
            continue
        found += [f"{_joined(name, key)} ({_shape(mask)}, the weight {_shape(weight)})" for key, mask in _masks(module)]
    return found


def left_out(model: nn.Module, layers: Mapping[str, nn.Module]) -> list[str]:
    """Parameters of two axes or more that belong to no layer, with their shapes and the modules that have them."""
    modules = dict(model.named_modules())
    found = []
    for key, parameter in model.named_parameters():
        owner = re.sub(r"(^|\.)parametrizations\..*|(^|\.)[^.]*$", "", key)
        if is_lazy(parameter) or sum(size > 1 for size in parameter.shape) < 2:
            continue
        if owner not in layers:
            found.append(f"{key} ({_shape(parameter)}, {type(modules.get(owner, model)).__name__})")
    return found


def trained_weight(name: str, module: nn.Module) -> np.ndarray:
    """What the optimiser moves: prune sets ``weight`` only when the layer runs; after a step it is the old one."""
    trained = getattr(module, "weight_orig", None)
    weight = trained if isinstance(trained, torch.Tensor) else module.weight
    assert isinstance(weight, torch.Tensor)
    if is_lazy(weight):
        raise SparseGraphError(f"{name or 'the model'} is lazy and has no weights yet; pass a batch through it first")
    if weight.is_meta:
        raise SparseGraphError(f"{name or 'the model'} is on the meta device, without values; load its weights first")
    return array_of(weight)


def array_of(value: torch.Tensor) -> np.ndarray:
    """The numbers of a tensor, dense or sparse; of half precision as float32."""
    tensor = value.detach().cpu()
    tensor = tensor if tensor.layout == torch.strided else tensor.to_dense()
    return tensor.float().numpy() if tensor.dtype in (torch.bfloat16, torch.float16) else tensor.numpy()


def _stored_weight(module: nn.Module) -> torch.Tensor | None:
    """The weight without computing it: of a parametrisation what it began from."""
    if parametrize.is_parametrized(module, "weight"):
        original = getattr(module.parametrizations.weight, "original", None)  # type: ignore[union-attr]
        return original if isinstance(original, torch.Tensor) else None
    weight = getattr(module, "weight", None)
    return weight if isinstance(weight, torch.Tensor) and not is_lazy(weight) else None


def _joined(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _shape(value: torch.Tensor) -> str:
    return "x".join(map(str, value.shape))
