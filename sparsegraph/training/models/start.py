"""From an outline to a network with memory: links and weights as given, everything else by one documented law."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.training.links import links_of
from sparsegraph.training.masked import MaskedConv2d, MaskedLinear
from sparsegraph.training.models.network import Network, block_shapes
from sparsegraph.training.sparse_linear import SparseLinear

# Below this a linear layer of existing links only is faster than a masked dense one.  784-1000-1000-1000-10, SGD, one
# thread: at batches of 128 and 512 the two meet near a density of 0.3, at 32 above it; a second thread helps the dense.
SPARSE_BELOW = 0.2


def start(
    network: Network,
    masks: Sequence[Mask] | None = None,
    weights: Sequence[np.ndarray] | None = None,
    *,
    rng: np.random.Generator,
) -> Network:
    """Give an outlined network its links and all its first values.

    Parameters
    ----------
    network : Network
        From `outline`; its blocks are exchanged for layers that hold the masks: `SparseLinear` below a density of 0.2,
        masked layers above it and for convolutions.
    masks : sequence of Mask, one a block, optional
        None: all complete.
    weights : sequence of ndarray of float32, one a block in the order of its mask, optional
        None: as layers that are no blocks.
    rng : numpy.random.Generator
        For the layers that are no blocks: normal with variance 2 / fan-in (Kaiming).  Torch's own random state is
        neither used nor changed.

    Returns
    -------
    Network
        The same object.  Biases are 0, batch normalisation starts as the identity.

    Raises
    ------
    SparseGraphError
        If masks or weights do not fit the blocks.

    References
    ----------
    K. He, X. Zhang, S. Ren, J. Sun, Delving deep into rectifiers, ICCV 2015, equation 10.
    """
    shapes = block_shapes(network)
    masks = [Mask.complete(block.shape) for block in shapes] if masks is None else masks
    _check(shapes, masks, weights)
    for block, mask in zip(shapes, masks, strict=True):
        _exchange(network, block.name, mask)
    for module in network.modules():
        _fill(module, rng)
    if weights is not None:
        for block, mask, values in zip(shapes, masks, weights, strict=True):
            links_of(block.name, network.get_submodule(block.name)).place(mask, values)
    return network


def _check(shapes: Sequence[object], masks: Sequence[Mask], weights: Sequence[np.ndarray] | None) -> None:
    if len(masks) != len(shapes) or (weights is not None and len(weights) != len(shapes)):
        raise SparseGraphError(
            f"the network has {len(shapes)} blocks; {len(masks)} masks and "
            f"{len(masks) if weights is None else len(weights)} arrays of weights were given"
        )
    for i, mask in enumerate(masks):
        if weights is not None and len(weights[i]) != mask.n_links:
            raise SparseGraphError(f"block {i} has {mask.n_links} links and {len(weights[i])} weights")


def _exchange(network: nn.Module, name: str, mask: Mask) -> None:
    """Put a layer that holds the mask where a plain one was."""
    parent, _, own = name.rpartition(".")
    plain = network.get_submodule(name)
    setattr(network.get_submodule(parent), own, _layer_for(plain, mask))


def _layer_for(plain: nn.Module, mask: Mask) -> nn.Module:
    if isinstance(plain, nn.Conv2d):
        layer: nn.Module = MaskedConv2d(plain).to_empty(device="cpu")
    else:
        assert isinstance(plain, nn.Linear)
        bias = plain.bias is not None
        if mask.density < SPARSE_BELOW:
            silent = torch.Generator()
            return SparseLinear(plain.in_features, plain.out_features, mask, bias=bias, generator=silent)
        layer = MaskedLinear(plain.in_features, plain.out_features, bias=bias, device="meta").to_empty(device="cpu")
    links_of("", layer).place(mask, np.zeros(mask.n_links, np.float32))
    return layer


@torch.no_grad()
def _fill(module: nn.Module, rng: np.random.Generator) -> None:
    """First values of one layer, its children left out."""
    if any(tensor.is_meta for tensor in (*module.parameters(recurse=False), *module.buffers(recurse=False))):
        module.to_empty(device="cpu", recurse=False)
    if isinstance(module, nn.Linear | nn.Conv2d):
        weight = module.weight
        spread = math.sqrt(2 / weight[0].numel())
        drawn = rng.standard_normal(tuple(weight.shape), np.float32) * np.float32(spread)
        weight.copy_(torch.from_numpy(drawn))
        mask = getattr(module, "mask", None)
        if mask is not None:
            weight.mul_(mask)
    elif isinstance(module, SparseLinear):
        drawn = rng.standard_normal(module.weight.numel(), np.float32)
        module.weight.copy_(torch.from_numpy(drawn * np.float32(math.sqrt(2 / module.in_features))))
    elif isinstance(module, nn.modules.batchnorm._BatchNorm):
        module.reset_parameters()
    bias = getattr(module, "bias", None)
    if isinstance(bias, nn.Parameter):
        bias.zero_()
