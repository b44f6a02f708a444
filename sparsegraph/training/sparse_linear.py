"""A linear layer whose parameters are the weights of existing links only."""

from __future__ import annotations

import numpy as np
import torch


class SparseLinear(torch.nn.Module):
    """Linear map over a set of links; forward and both gradients touch existing links only.

    Parameters
    ----------
    shape : (int, int)
        Source and target size.
    positions : ndarray of int64, shape (n_links,)
        Flat positions ``source * n_target + target``, increasing.
    weights : ndarray of float32, shape (n_links,)

    Notes
    -----
    Memory and time are O(links x batch).
    """

    positions: torch.Tensor

    def __init__(self, shape: tuple[int, int], positions: np.ndarray, weights: np.ndarray) -> None:
        super().__init__()
        self.shape = shape
        self.weights = torch.nn.Parameter(torch.from_numpy(weights))
        self.bias = torch.nn.Parameter(torch.zeros(shape[1]))
        self.register_buffer("positions", torch.from_numpy(positions))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs of shape (batch, n_target) for inputs of shape (batch, n_source)."""
        source = torch.div(self.positions, self.shape[1], rounding_mode="floor")
        target = self.positions % self.shape[1]
        messages = x.t()[source] * self.weights[:, None]
        total = torch.zeros(self.shape[1], x.shape[0], dtype=x.dtype).index_add_(0, target, messages)
        return total.t() + self.bias
