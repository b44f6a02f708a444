"""What passes through layers, and the gradient at positions where there is no link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.nn.grad import conv2d_weight


@contextmanager
def seen(layers: Sequence[nn.Module]) -> Iterator[dict[nn.Module, tuple[torch.Tensor, torch.Tensor]]]:
    """What passes through layers in a forward pass within: input and output, which keeps its gradient.

    Examples
    --------
    >>> import torch
    >>> layer = torch.nn.Linear(3, 2)
    >>> with seen([layer]) as passed:
    ...     layer(torch.ones(5, 3)).sum().backward()
    >>> passed[layer][1].grad.shape
    torch.Size([5, 2])
    """
    passed: dict[nn.Module, tuple[torch.Tensor, torch.Tensor]] = {}

    def remember(layer: nn.Module, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        output.retain_grad()
        passed[layer] = (inputs[0].detach(), output)

    handles = [layer.register_forward_hook(remember) for layer in layers]
    try:
        yield passed
    finally:
        for handle in handles:
            handle.remove()


def dense_gradient(layer: nn.Module, inputs: torch.Tensor, output_gradient: torch.Tensor) -> torch.Tensor:
    """Gradient of the loss at every position of a layer, links or not, from what went in and what came back.

    For a linear layer ``x^T g`` with x of shape (batch, n_source) and g of shape (batch, n_target); for a convolution
    the correlation of images and gradients.

    Parameters
    ----------
    layer : torch.nn.Module
    inputs : Tensor
        What the layer was given.
    output_gradient : Tensor
        Gradient of the loss with respect to what it answered.

    Returns
    -------
    Tensor of shape (n_source, n_target)

    Notes
    -----
    O(batch x n_source x n_target), and one dense matrix in memory.
    """
    if isinstance(layer, nn.Conv2d):
        kernel = conv2d_weight(
            inputs, list(layer.weight.shape), output_gradient, layer.stride, layer.padding, layer.dilation
        )
        return kernel.reshape(kernel.shape[0], -1).T
    return inputs.reshape(-1, inputs.shape[-1]).T @ output_gradient.reshape(-1, output_gradient.shape[-1])
