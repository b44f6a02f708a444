"""Linear and convolution layers with all weights in memory, of which only a mask's links count.

Products are dense: nothing is saved by sparsity here, neither time nor memory.  They are for convolutions, and for
linear layers so dense or batches so large that a dense product is faster than visiting links.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import conv2d, linear

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask


class _OnLinks(torch.autograd.Function):
    """The weights as they are; of their gradient, only that of links comes back."""

    @staticmethod
    def forward(ctx: Any, weight: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(mask)
        return weight.view_as(weight)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradients[0] * ctx.saved_tensors[0], None


class MaskedLinear(nn.Linear):
    """Linear layer whose weight is zero, and stays zero, wherever there is no link.

    Parameters
    ----------
    in_features, out_features : int
    mask : Mask, optional
        Of shape (in_features, out_features); None: complete.
    bias : bool
    device : str, optional
        Where it is made.

    Notes
    -----
    Absent weights have no gradient and are zero at the start, so that no optimiser with weight decay or momentum ever
    moves them.  Whoever writes into ``weight`` must respect that; `set_mask` puts it right.
    """

    mask: torch.Tensor | None

    def __init__(
        self,
        in_features: int,
        out_features: int,
        mask: Mask | None = None,
        *,
        bias: bool = True,
        device: str | None = None,
    ) -> None:
        super().__init__(in_features, out_features, bias=bias, device=device)
        self.register_buffer("mask", None)
        set_mask(self, mask or Mask.complete((in_features, out_features)))

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 - torch's own name
        """Outputs of shape (..., out_features)."""
        return linear(input, _weight(self), self.bias)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *arguments: Any) -> None:
        _take_mask(self, state_dict.get(prefix + "mask"))
        super()._load_from_state_dict(state_dict, prefix, *arguments)


class MaskedConv2d(nn.Conv2d):
    """Two-dimensional convolution whose kernels are zero, and stay zero, wherever there is no link.

    Parameters
    ----------
    like : torch.nn.Conv2d
        Ungrouped; gives sizes, stride, padding and device. Its weights are not taken over.
    mask : Mask, optional
        Of shape (channels in x kernel height x kernel width, channels out): row (channel, y, x) in row-major order.
        Torch's (out, in, height, width) becomes this by ``weight.reshape(out, -1).T``.  None: complete.

    Notes
    -----
    As `MaskedLinear`.
    """

    mask: torch.Tensor | None

    def __init__(self, like: nn.Conv2d, mask: Mask | None = None) -> None:
        if like.groups != 1 or like.padding_mode != "zeros" or isinstance(like.padding, str):
            raise SparseGraphError("a masked convolution is ungrouped and padded with a number of zeros")
        super().__init__(
            like.in_channels,
            like.out_channels,
            kernel_size=(like.kernel_size[0], like.kernel_size[1]),
            stride=(like.stride[0], like.stride[1]),
            padding=(int(like.padding[0]), int(like.padding[1])),
            dilation=(like.dilation[0], like.dilation[1]),
            bias=like.bias is not None,
            device=like.weight.device,
        )
        self.register_buffer("mask", None)
        set_mask(self, mask or Mask.complete((like.weight[0].numel(), like.out_channels)))

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 - torch's own name
        """Images of shape (batch, channels out, ...)."""
        return conv2d(input, _weight(self), self.bias, self.stride, self.padding, self.dilation)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *arguments: Any) -> None:
        _take_mask(self, state_dict.get(prefix + "mask"))
        super()._load_from_state_dict(state_dict, prefix, *arguments)


Masked = MaskedLinear | MaskedConv2d


def set_mask(layer: Masked, mask: Mask) -> None:
    """Give the layer other links; weights that are no longer links become zero.

    Raises
    ------
    SparseGraphError
        If the mask has another shape than the layer.
    """
    shape = (layer.weight[0].numel(), layer.weight.shape[0])
    if mask.shape != shape:
        raise SparseGraphError(f"a mask of shape {mask.shape} does not fit a layer of {shape[0]} x {shape[1]} links")
    if mask.n_links == mask.n_possible:
        layer.mask = None
        return
    present = np.ascontiguousarray(mask.to_array().T).reshape(layer.weight.shape)
    layer.mask = torch.from_numpy(present).to(layer.weight.device)
    with torch.no_grad():
        layer.weight.mul_(layer.mask)


def _take_mask(layer: Masked, mask: torch.Tensor | None) -> None:
    """Have a mask exactly if the state to be loaded has one, so that its keys and ours agree."""
    layer.mask = None if mask is None else torch.empty_like(mask, device=layer.weight.device)


def _weight(layer: Masked) -> torch.Tensor:
    return layer.weight if layer.mask is None else _OnLinks.apply(layer.weight, layer.mask)
