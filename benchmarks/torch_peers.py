"""A training step of the same net in torch: dense, dense with a mask, and on torch's own sparse matrices."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
from scipy import sparse
from sparse_nets import LEARNING_RATE, MOMENTUM
from torch.nn.functional import cross_entropy, linear

from sparsegraph.graph.mask import Mask
from sparsegraph.training.sparse_linear import SparseLinear


class MaskedLinear(torch.nn.Linear):
    """The way the field trains sparse nets: a dense layer whose weights are multiplied by a mask."""

    def __init__(self, mask: Mask) -> None:
        super().__init__(*mask.shape)
        self.register_buffer("present", torch.from_numpy(mask.to_array().T.astype(np.float32)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return linear(x, self.weight * self.present, self.bias)


class _CsrProduct(torch.autograd.Function):
    """``W @ x`` for W (out, in) in torch's CSR; the gradient of its values by sampled_addmm."""

    @staticmethod
    def forward(ctx: Any, values: torch.Tensor, x: torch.Tensor, layer: CsrLinear) -> torch.Tensor:
        ctx.save_for_backward(values, x)
        ctx.layer = layer
        return layer.matrix(values) @ x

    @staticmethod
    def backward(ctx: Any, signal: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        values, x = ctx.saved_tensors
        nothing = ctx.layer.matrix(torch.zeros_like(values))
        gradient = torch.sparse.sampled_addmm(nothing, signal.contiguous(), x.t(), beta=0.0).values()
        down = ctx.layer.transposed(values) @ signal if ctx.needs_input_grad[1] else None
        return gradient, down, None


class CsrLinear(torch.nn.Module):
    """A layer on torch.sparse: parameters are the values of existing links, samples are columns."""

    def __init__(self, mask: Mask) -> None:
        super().__init__()
        bound = 1 / np.sqrt(mask.density * mask.shape[0])
        self.values = torch.nn.Parameter(torch.empty(mask.n_links).uniform_(-bound, bound))
        self.bias = torch.nn.Parameter(torch.zeros(mask.shape[1], 1))
        numbered = mask.to_csr(np.arange(mask.n_links)).T.tocsr()  # values are kept by target; here by source
        self.shape, self.by_target = numbered.shape, _indices(numbered)
        self.by_source = _indices(mask.to_csr(np.zeros(mask.n_links)))
        self.order = torch.from_numpy(np.argsort(numbered.data))

    def matrix(self, values: torch.Tensor) -> torch.Tensor:
        return torch.sparse_csr_tensor(*self.by_target, values, self.shape, check_invariants=False)

    def transposed(self, values: torch.Tensor) -> torch.Tensor:
        size = (self.shape[1], self.shape[0])
        return torch.sparse_csr_tensor(*self.by_source, values[self.order], size, check_invariants=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return _CsrProduct.apply(self.values, x, self) + self.bias


def _indices(matrix: sparse.csr_array) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(matrix.indptr), torch.from_numpy(matrix.indices)


class ByColumns(torch.nn.Module):
    """Hidden layers whose samples are columns, and a dense readout."""

    def __init__(self, hidden: Sequence[torch.nn.Module], readout: torch.nn.Linear) -> None:
        super().__init__()
        self.hidden, self.readout = torch.nn.ModuleList(hidden), readout

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.t().contiguous()
        for layer in self.hidden:
            rows = torch.relu(layer(rows))
        return (self.readout.weight @ rows + self.readout.bias[:, None]).t()


def by_rows(layer: Callable[[Any], torch.nn.Module], plans: Iterable[Any]) -> torch.nn.Module:
    """A multilayer perceptron of such layers, one for each plan (a mask, a shape)."""
    return torch.nn.Sequential(*[module for plan in plans for module in (layer(plan), torch.nn.ReLU())][:-1])


def masked(mask: Mask) -> torch.nn.Module:
    return torch.nn.Linear(*mask.shape) if mask.density == 1 else MaskedLinear(mask)


def peers(masks: Sequence[Mask]) -> dict[str, tuple[torch.nn.Module, int]]:
    """Each peer and its number of threads; the last mask is complete."""
    warnings.filterwarnings("ignore", message="Sparse CSR tensor support")
    dense = by_rows(lambda mask: torch.nn.Linear(*mask.shape), masks)
    by_csr = ByColumns([CsrLinear(mask) for mask in masks[:-1]], torch.nn.Linear(*masks[-1].shape))
    return {
        "torch dense, 1 thread": (dense, 1),
        "torch dense, 2 threads": (dense, 2),
        "torch dense x mask, 1 thread": (by_rows(masked, masks), 1),
        "torch.sparse CSR, 1 thread": (by_csr, 1),
        "SparseLinear, 1 thread": (by_rows(lambda mask: SparseLinear(*mask.shape, mask), masks), 1),
    }


def stepper(
    model: torch.nn.Module, n_threads: int, batches: Sequence[torch.Tensor], data: tuple[torch.Tensor, torch.Tensor]
) -> Callable[[], None]:
    """A call that trains one batch after another, the taking of the batch included."""
    images, labels = data
    optimiser = torch.optim.SGD(model.parameters(), LEARNING_RATE, MOMENTUM, fused=True)  # a peer at its best

    def steps() -> None:
        torch.set_num_threads(n_threads)
        for batch in batches:
            optimiser.zero_grad()
            cross_entropy(model(images[batch]), labels[batch]).backward()
            optimiser.step()

    return steps
