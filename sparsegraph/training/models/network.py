"""A network that says which of its layers are blocks: those whose links a topology may choose."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from sparsegraph.arguments import kind_of
from sparsegraph.errors import SparseGraphError
from sparsegraph.training.sparse_linear import SparseLinear


@dataclass(frozen=True)
class BlockShape:
    """Name and size of one block.

    Parameters
    ----------
    name : str
        Of the layer in its network, such as "fc1" or "stage2.0.body.conv1".
    shape : (int, int)
        Source and target size of its mask; for a convolution (channels in x kernel height x kernel width, channels
        out), the first in this order, row-major.
    kernel : tuple of int, optional
        (channels in, channels out, kernel height, kernel width) of a convolution, as densities by shape (ERK) need it.
    """

    name: str
    shape: tuple[int, int]
    kernel: tuple[int, int, int, int] | None = None


class Network(nn.Sequential):
    """Layers one after the other, and the names of those that are blocks.

    Parameters
    ----------
    layers : dict of str to torch.nn.Module
        In the order of computation.
    input_shape : tuple of int
        Of one sample as the first layer wants it: (features,) or (channels, height, width).
    blocks : sequence of str, optional
        Names of linear and convolution layers, input side first; default: all of them.
    """

    def __init__(
        self, layers: dict[str, nn.Module], *, input_shape: tuple[int, ...], blocks: Sequence[str] | None = None
    ) -> None:
        super().__init__(OrderedDict(layers))
        self.input_shape = input_shape
        self.blocks: tuple[str, ...] = tuple(weighted_layers(self) if blocks is None else blocks)


class GlobalAverage(nn.Module):
    """Mean of each channel over the image: (batch, channels, height, width) to (batch, channels)."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """The means; unlike torch's adaptive pooling its gradient is deterministic on every device."""
        return images.mean((2, 3))


def weighted_layers(model: nn.Module) -> list[str]:
    """Names of linear layers, sparse or not, and two-dimensional convolutions, in the order of their adding."""
    return [name for name, module in model.named_modules() if isinstance(module, nn.Linear | SparseLinear | nn.Conv2d)]


def block_shapes(network: Network) -> tuple[BlockShape, ...]:
    """Sizes of the blocks, input side first; the network may be an outline without memory."""
    return tuple(_shape(name, network.get_submodule(name)) for name in network.blocks)


def _shape(name: str, layer: nn.Module) -> BlockShape:
    if isinstance(layer, nn.Linear | SparseLinear):
        return BlockShape(name, (layer.in_features, layer.out_features))
    if isinstance(layer, nn.Conv2d) and layer.groups == 1:
        height, width = layer.kernel_size
        kernel = (layer.in_channels, layer.out_channels, height, width)
        return BlockShape(name, (layer.in_channels * height * width, layer.out_channels), kernel)
    raise SparseGraphError(f"layer {name} is {kind_of(layer)}; a block is a linear layer or an ungrouped convolution")


def n_parameters(network: nn.Module) -> int:
    """Number of trained values, biases and batch normalisation included; every position of a block counts.

    Examples
    --------
    >>> from torch import nn
    >>> n_parameters(nn.Linear(3, 2))
    8
    """
    return sum(parameter.numel() for parameter in network.parameters())
