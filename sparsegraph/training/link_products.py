"""Three ways to multiply by a matrix of links: vector kernels, torch link by link, torch with a dense matrix.

Each takes inputs (batch, n_source) and the weights of existing links, and returns (batch, n_target).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.autograd.function import once_differentiable

from sparsegraph.kernels.sparse_layers import LinkIndex, first_layer_gradients, layer_gradients, layer_outputs
from sparsegraph.kernels.vector_rows import WIDTH


class VectorProduct(torch.autograd.Function):
    """By the project's kernels; float32 on the CPU.

    Notes
    -----
    O(links x batch) in time, O(neurons x batch) in memory. Outputs and the gradient of the inputs lie feature by
    feature and are handed out transposed, so that a chain of such layers copies nothing when the batch is a multiple
    of 32; otherwise each copies its inputs into padded rows.
    """

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, index: LinkIndex
    ) -> torch.Tensor:
        """``x @ W + bias``."""
        rows = _feature_rows(x)
        biases = np.zeros(index.in_ptr.size - 1, np.float32) if bias is None else bias.numpy()
        outputs = layer_outputs(index, weight.numpy(), biases, rows)
        ctx.save_for_backward(x, weight)  # x too, so that torch notices if it is changed in place
        ctx.rows, ctx.index = rows, index
        return torch.from_numpy(outputs)[:, : x.shape[0]].t()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, signal: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Gradients of inputs (where asked for), weights and bias."""
        _, weight = ctx.saved_tensors
        needs_x, _, needs_bias, _ = ctx.needs_input_grad
        rows, signals = ctx.rows, _feature_rows(signal)
        if needs_x:
            gradients = layer_gradients(ctx.index, weight.numpy(), rows, signals)
            down = torch.from_numpy(gradients.inputs)[:, : signal.shape[0]].t()
        else:
            gradients, down = first_layer_gradients(ctx.index, rows, signals), None
        bias = torch.from_numpy(gradients.biases) if needs_bias else None
        return down, torch.from_numpy(gradients.weights), bias, None


def _feature_rows(x: torch.Tensor) -> np.ndarray:
    """A row a feature and a column a sample, padded with 0 to whole tiles; a view where it lies so already."""
    n_samples, n_features = x.shape
    if n_samples % WIDTH == 0:
        return np.ascontiguousarray(x.t().numpy())
    rows = np.zeros((n_features, -(-n_samples // WIDTH) * WIDTH), np.float32)
    rows[:, :n_samples] = x.t().numpy()
    return rows


def product_by_links(
    x: torch.Tensor, weight: torch.Tensor, positions: torch.Tensor, shape: tuple[int, int]
) -> torch.Tensor:
    """By one message a link, in torch alone: any number type and device; O(links x batch) in time and memory."""
    source = torch.div(positions, shape[1], rounding_mode="floor")
    messages = x.t()[source] * weight[:, None]
    total = torch.zeros(shape[1], x.shape[0], dtype=messages.dtype, device=x.device)
    return total.index_add(0, positions % shape[1], messages).t()


def product_by_matrix(
    x: torch.Tensor, weight: torch.Tensor, positions: torch.Tensor, shape: tuple[int, int]
) -> torch.Tensor:
    """By a dense matrix made for the purpose: any number type and device; its memory is that of a dense layer."""
    matrix = torch.zeros(shape[0] * shape[1], dtype=weight.dtype, device=weight.device)
    return x @ matrix.index_put((positions,), weight).view(shape)
