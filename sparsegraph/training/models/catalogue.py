"""The catalogue of models by name."""

from __future__ import annotations

from typing import Protocol

import torch

from sparsegraph.registry import Registry
from sparsegraph.training.models.convnet import convnet
from sparsegraph.training.models.network import Network
from sparsegraph.training.models.perceptron import Hidden, mlp
from sparsegraph.training.models.resnet import resnet50, resnet50_head, resnet56
from sparsegraph.training.models.vgg import vgg16, vgg16_head


class Builder(Protocol):
    """What the registry holds: a function that lays out a network."""

    def __call__(self, input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
        """A network for samples of this shape."""
        ...


MODELS: Registry[Builder] = Registry("model", group="sparsegraph.models")

MODELS.add("mlp", mlp)
MODELS.add("convnet", convnet)
MODELS.add("vgg16", vgg16)
MODELS.add("vgg16-head", vgg16_head)
MODELS.add("resnet50", resnet50)
MODELS.add("resnet50-head", resnet50_head)
MODELS.add("resnet56", resnet56)


def outline(name: str, input_shape: tuple[int, ...], n_classes: int, hidden: Hidden = "1x") -> Network:
    """A network that has shapes and no memory yet (torch's meta device), so that densities can be reckoned first.

    Parameters
    ----------
    name : str
        In ``MODELS``; an entry point of the group ``sparsegraph.models`` adds others.
    input_shape : tuple of int
        (channels, height, width) of an image, or (features,).
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Sizes of hidden linear layers, where the model has a choice.

    Raises
    ------
    UnknownNameError
        If there is no such model.

    Examples
    --------
    >>> from sparsegraph.training.models.network import block_shapes
    >>> [block.shape for block in block_shapes(outline("convnet", (3, 32, 32), 10))]
    [(27, 32), (288, 64), (576, 128), (128, 10)]
    """
    with torch.device("meta"):
        return MODELS[name](input_shape, n_classes, hidden)
