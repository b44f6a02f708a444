"""A linear layer whose parameters are the weights of existing links only."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.sparse_layers import LinkIndex, index_links
from sparsegraph.training.link_products import VectorProduct, product_by_links, product_by_matrix


class SparseLinear(torch.nn.Module):
    """``y = x W + b`` with W on a mask; forward and both gradients touch existing links only.

    An ordinary module: use it in any model, with any optimiser.

    Parameters
    ----------
    in_features, out_features : int
    mask : Mask, or array or tensor of bool (or 0 and 1) of shape (in_features, out_features)
        Which links exist, row = source and column = target: the transpose of the mask of a ``torch.nn.Linear``.
    bias : bool
    generator : torch.Generator, optional
        Of the start values: uniform up to ``1 / sqrt(mean number of links a target)``, which is the law of
        ``torch.nn.Linear`` on a dense mask. By default torch's own generator.

    Attributes
    ----------
    weight : Parameter of shape (n_links,)
        In the order of ``mask.positions``.
    bias : Parameter of shape (out_features,), or None
    positions : buffer of int64, shape (n_links,)
        ``source * out_features + target`` of each link, increasing; saved and loaded with the weights.
    shape : buffer of int64, shape (2,)
        (in_features, out_features): with it a saved state says by itself which neurons are linked.

    Raises
    ------
    DataError
        If the mask is not of shape (in_features, out_features), holds anything but 0 and 1, or has no link.

    Notes
    -----
    float32 on the CPU runs in the project's vector kernels, on one thread, and cannot be differentiated twice; other
    number types on the CPU go link by link in torch, in memory O(links x batch). On other devices the weights are
    scattered into a dense matrix for each call, since matrix units outrun sparse ones there at the sizes in question;
    this is not yet measured. Loading a state whose mask has another number of links resizes the layer: make the
    optimiser afterwards.

    Examples
    --------
    >>> import torch
    >>> from sparsegraph.graph.mask import Mask
    >>> layer = SparseLinear(3, 2, Mask((3, 2), [0, 3, 4]))
    >>> layer(torch.ones(5, 3)).shape, layer.weight.shape
    (torch.Size([5, 2]), torch.Size([3]))
    """

    positions: torch.Tensor
    shape: torch.Tensor
    bias: torch.nn.Parameter | None

    def __init__(
        self,
        in_features: int,
        out_features: int,
        mask: Mask | np.ndarray | torch.Tensor,
        *,
        bias: bool = True,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        own = self._fitting(mask)
        if own.n_links == 0:
            raise DataError(f"the mask of {in_features} x {out_features} has no link at all; expected at least one")
        self.register_buffer("positions", torch.from_numpy(own.positions.copy()))
        self.register_buffer("shape", torch.tensor([in_features, out_features]))
        self.weight = torch.nn.Parameter(torch.empty(own.n_links))
        self.register_parameter("bias", torch.nn.Parameter(torch.empty(out_features)) if bias else None)
        self._index: LinkIndex | None = None
        self.reset_parameters(generator)

    @property
    def mask(self) -> Mask:
        """The links that exist."""
        return Mask((self.in_features, self.out_features), self.positions.cpu().numpy())

    @torch.no_grad()
    def reset_parameters(self, generator: torch.Generator | None = None) -> None:
        """Draw start values anew."""
        bound = math.sqrt(self.out_features / max(self.weight.numel(), 1))
        self.weight.uniform_(-bound, bound, generator=generator)
        if self.bias is not None:
            self.bias.uniform_(-bound, bound, generator=generator)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Outputs of shape (..., out_features) for inputs of shape (..., in_features)."""
        if x.shape[-1] != self.in_features:
            raise DataError(f"the layer takes {self.in_features} features, not inputs of shape {tuple(x.shape)}")
        weight = self.weight
        if x.dtype != weight.dtype and torch.is_autocast_enabled(x.device.type):
            x = x.to(weight.dtype)
        flat = x if x.ndim == 2 else x.reshape(-1, self.in_features)
        if x.device.type == "cpu" and x.dtype == weight.dtype == torch.float32:
            outputs = VectorProduct.apply(flat, weight, self.bias, self._indexed())
        else:
            outputs = self._by_torch(flat)
        return outputs if x.ndim == 2 else outputs.reshape(*x.shape[:-1], self.out_features)

    def _by_torch(self, x: torch.Tensor) -> torch.Tensor:
        product = product_by_links if x.device.type == "cpu" else product_by_matrix
        outputs = product(x, self.weight, self.positions, (self.in_features, self.out_features))
        return outputs if self.bias is None else outputs + self.bias

    @torch.no_grad()
    def rewire(self, mask: Mask | np.ndarray | torch.Tensor, weights: np.ndarray | torch.Tensor) -> None:
        """Give the layer other links.

        Parameters
        ----------
        mask : as for the layer
        weights : ndarray or tensor, shape (mask.n_links,)
            In the order of the mask.

        Raises
        ------
        DataError
            If they do not fit the layer or each other.

        Notes
        -----
        ``weight`` stays the same Parameter. What an optimiser knows of it by link (momentum) has to be reordered by
        the caller, or dropped with ``optimiser.state.pop(layer.weight, None)``.
        """
        own = self._fitting(mask)
        values = torch.as_tensor(weights).to(self.weight)
        if values.shape != (own.n_links,):
            raise DataError(f"{own.n_links} links need as many weights, not {tuple(values.shape)}")
        self._replace(torch.from_numpy(own.positions.copy()), values.clone())

    def _replace(self, positions: torch.Tensor, values: torch.Tensor) -> None:
        self.positions = positions.to(self.positions.device)
        self.weight.data, self.weight.grad = values, None
        self._index = None

    def _fitting(self, mask: Mask | np.ndarray | torch.Tensor) -> Mask:
        values = mask.detach().cpu() if isinstance(mask, torch.Tensor) else mask
        shape = values.shape if isinstance(values, Mask) else np.shape(values)
        if tuple(shape) != (self.in_features, self.out_features):
            raise DataError(
                f"the mask is of shape {tuple(shape)}; (in_features, out_features) = "
                f"({self.in_features}, {self.out_features}) is expected, row = source"
            )
        return values if isinstance(values, Mask) else Mask.from_array(_present(values))

    def _indexed(self) -> LinkIndex:
        if self._index is None:
            mask = self.mask
            self._index = index_links(mask.source, mask.target, *mask.shape)
        return self._index

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *arguments: Any) -> None:
        """Take over the mask of the state first, so that its weights fit."""
        positions = state_dict.get(prefix + "positions")
        if positions is not None:
            own = (self.in_features, self.out_features)
            # states of before the shape was kept lack it
            shape = tuple(state_dict.setdefault(prefix + "shape", self.shape).tolist())
            if shape != own:
                raise DataError(f"{prefix}shape: the state is of a layer of {shape}, and this one is of {own}")
            mask = Mask(own, positions.cpu().numpy())
            self._replace(torch.from_numpy(mask.positions.copy()), self.weight.new_zeros(mask.n_links))
        super()._load_from_state_dict(state_dict, prefix, *arguments)

    def __getstate__(self) -> dict[str, Any]:
        """Copies and pickles go without the index, which is made again when it is needed."""
        return {**self.__dict__, "_index": None}

    def extra_repr(self) -> str:
        """Shape and links, for ``print(model)``."""
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, n_links={self.weight.numel()}, "
            f"bias={self.bias is not None}"
        )


def _present(values: np.ndarray | torch.Tensor) -> np.ndarray:
    """Where links exist; a forgotten threshold would make every number but 0 a link."""
    if not bool(((values == 0) | (values == 1)).all()):
        raise DataError("the mask holds values other than 0 and 1; expected true where a link exists: compare first")
    return np.asarray(values != 0)
