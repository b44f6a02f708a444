"""How an engine sees the links of a torch layer, whatever way the layer stores them."""

from __future__ import annotations

from typing import Protocol, cast

import numpy as np
import torch
from torch import nn

from sparsegraph.arguments import kind_of
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.training.masked import MaskedConv2d, MaskedLinear, set_mask
from sparsegraph.training.sparse_linear import SparseLinear


class Links(Protocol):
    """One block: a mask, and the parameter that holds its weights in the layer's own layout.

    Attributes
    ----------
    mask : Mask
    layer : torch.nn.Module
    parameter : torch.nn.Parameter
        Of the weights; the optimiser keeps tensors of the same layout.
    """

    mask: Mask

    @property
    def layer(self) -> nn.Module:
        """The layer itself."""
        ...

    @property
    def parameter(self) -> nn.Parameter:
        """The weights in the layer's layout."""
        ...

    def gather(self, tensor: torch.Tensor) -> np.ndarray:
        """Entries of a tensor in the parameter's layout, a copy in the order of the mask."""
        ...

    def scatter(self, values: np.ndarray) -> torch.Tensor:
        """The tensor in the parameter's layout that holds these values at links, and zero elsewhere."""
        ...

    def place(self, mask: Mask, weights: np.ndarray) -> None:
        """Exchange links and weights; the parameter stays the same object, so that optimisers keep knowing it."""
        ...


class DenseLinks:
    """Links of a layer that stores all weights, as torch does: (out, in), for convolutions (out, in, height, width).

    Parameters
    ----------
    name : str
        For messages.
    layer : Linear, Conv2d, MaskedLinear or MaskedConv2d
    """

    def __init__(self, name: str, layer: nn.Linear | nn.Conv2d) -> None:
        self.name = name
        self.layer: nn.Linear | nn.Conv2d = layer
        n_target, n_source = layer.weight.shape[0], layer.weight[0].numel()
        present = getattr(layer, "mask", None)
        if present is None:
            self.mask = Mask.complete((n_source, n_target))
        else:
            self.mask = Mask.from_array(present.cpu().numpy().reshape(n_target, n_source).T)

    @property
    def parameter(self) -> nn.Parameter:
        """The weights in the layer's layout."""
        return cast(nn.Parameter, self.layer.weight)

    def gather(self, tensor: torch.Tensor) -> np.ndarray:
        """Entries of a tensor in the parameter's layout, a copy in the order of the mask."""
        rows = tensor.detach().cpu().numpy().reshape(self.mask.shape[1], self.mask.shape[0]).T
        return rows.reshape(-1)[self.mask.positions]

    def scatter(self, values: np.ndarray) -> torch.Tensor:
        """The tensor in the parameter's layout that holds these values at links, and zero elsewhere."""
        flat = np.zeros(self.mask.n_possible, np.float32)
        flat[self.mask.positions] = values
        columns = np.ascontiguousarray(flat.reshape(self.mask.shape).T)
        return torch.from_numpy(columns).reshape(self.parameter.shape).to(self.parameter.device)

    def place(self, mask: Mask, weights: np.ndarray) -> None:
        """Exchange links and weights; a plain torch layer takes a complete mask only."""
        if isinstance(self.layer, MaskedLinear | MaskedConv2d):
            set_mask(self.layer, mask)
        elif mask.n_links < mask.n_possible:
            raise SparseGraphError(
                f"layer {self.name} is a plain {type(self.layer).__name__} and cannot lose links; "
                f"use Masked{type(self.layer).__name__} instead"
            )
        self.mask = mask
        with torch.no_grad():
            self.parameter.copy_(self.scatter(weights))


class SparseLinks:
    """Links of a layer that stores nothing else, in the order of the mask.

    Parameters
    ----------
    layer : SparseLinear
    """

    def __init__(self, layer: SparseLinear) -> None:
        self.layer = layer
        self.mask = layer.mask

    @property
    def parameter(self) -> nn.Parameter:
        """The weights in the layer's layout."""
        return self.layer.weight

    def gather(self, tensor: torch.Tensor) -> np.ndarray:
        """A copy of the tensor."""
        return np.array(tensor.detach().cpu().numpy())

    def scatter(self, values: np.ndarray) -> torch.Tensor:
        """The values as a tensor."""
        return torch.tensor(values, device=self.parameter.device)

    def place(self, mask: Mask, weights: np.ndarray) -> None:
        """Exchange links and weights."""
        self.layer.rewire(mask, np.asarray(weights, np.float32))
        self.mask = mask


def links_of(name: str, layer: nn.Module) -> Links:
    """The links of a layer.

    Raises
    ------
    SparseGraphError
        If the layer is of a kind that has no links here.
    """
    if isinstance(layer, SparseLinear):
        return SparseLinks(layer)
    if isinstance(layer, nn.Linear | nn.Conv2d):
        return DenseLinks(name, layer)
    raise SparseGraphError(f"layer {name} is {kind_of(layer)}; a linear layer or a convolution is expected")
