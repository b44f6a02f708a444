"""The engine of any torch model: torch computes, the loop decides which links exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.training.engine import Momentum, Tally
from sparsegraph.training.links import Links, links_of
from sparsegraph.training.models.network import Network, weighted_layers
from sparsegraph.training.optimiser import Optimiser
from sparsegraph.training.passes import dense_gradient, seen
from sparsegraph.training.torch_conditions import fixed_conditions, torch_optimiser

_EVALUATED_AT_ONCE = 256


class TorchEngine:
    """A torch model in training whose blocks have masks; meets `sparsegraph.training.engine.Engine`.

    Parameters
    ----------
    model : torch.nn.Module
        A `Network`, whose blocks are those that it names; or any module that maps a batch to class scores, whose
        blocks are then all its linear and convolution layers.  Trained in place, on the device where it is.
    batch_size : int
    optimiser : SGD or Adam
        Trains all parameters, those of layers that are no blocks too.
    input_shape : tuple of int
        Of one sample as the model wants it; samples come as rows.
    threads : int
        That torch computes with.  The same seed gives the same run only for the same number.

    Attributes
    ----------
    names : tuple of str
    masks : tuple of Mask

    Notes
    -----
    Gradients on one batch are taken in training mode, as those of a step, but leave the running means of batch
    normalisation alone.  The model's device decides where it computes; on a GPU nothing else changes, but only the
    CPU is tested.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        batch_size: int,
        optimiser: Optimiser,
        input_shape: tuple[int, ...],
        threads: int = 1,
    ) -> None:
        if batch_size < 1 or threads < 1:
            raise SparseGraphError(f"batch size {batch_size} and {threads} threads: at least 1 of each is expected")
        self.model = model
        self.names = model.blocks if isinstance(model, Network) else tuple(weighted_layers(model))
        self.threads = threads
        self._links: list[Links] = [links_of(name, model.get_submodule(name)) for name in self.names]
        self.masks: tuple[Mask, ...] = tuple(links.mask for links in self._links)
        self._batch_size = batch_size
        self._input_shape = input_shape
        self._optimiser = torch_optimiser(optimiser, model)
        self._means: dict[int, torch.Tensor] = {}
        self._device = next(model.parameters()).device

    def train(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        order: np.ndarray,
        learning_rates: np.ndarray,
        *,
        accumulate: Momentum | None = None,
    ) -> Tally:
        """One optimiser step a batch; see `Engine.train`."""
        size = self._batch_size
        if len(learning_rates) != -(-len(order) // size):
            raise SparseGraphError(f"{len(order)} samples in batches of {size} do not make {len(learning_rates)} steps")
        first_kept = len(learning_rates) - (accumulate.last_steps if accumulate else 0)
        count = _Count()
        self.model.train()
        with fixed_conditions(self.threads):
            for step, rate in enumerate(learning_rates.tolist()):
                chosen = order[step * size : (step + 1) * size]
                x, y = self._batch(images[chosen]), self._labels(labels[chosen])
                for group in self._optimiser.param_groups:
                    group["lr"] = rate
                self._optimiser.zero_grad()
                kept = accumulate if step >= first_kept else None
                with self._smoothing(kept):
                    scores = self.model(x)
                    loss = cross_entropy(scores, y)
                    loss.backward()
                self._optimiser.step()
                count.add(loss, scores, y)
        return count.tally()

    def evaluate(self, images: np.ndarray, labels: np.ndarray) -> Tally:
        """Loss and accuracy, without training; batch normalisation uses its running means."""
        count = _Count()
        self.model.eval()
        size = max(self._batch_size, _EVALUATED_AT_ONCE)
        with fixed_conditions(self.threads), torch.no_grad():
            for low in range(0, len(labels), size):
                y = self._labels(labels[low : low + size])
                scores = self.model(self._batch(images[low : low + size]))
                count.add(cross_entropy(scores, y), scores, y)
        return count.tally()

    def weights(self, block: int) -> np.ndarray:
        """A copy of the block's weights, float32 in the order of its mask."""
        return self._links[block].gather(self._links[block].parameter)

    def biases(self, block: int) -> np.ndarray | None:
        """A copy of the biases of the block's target neurons, float32; None where it has none."""
        bias = getattr(self._links[block].layer, "bias", None)
        return None if bias is None else np.array(bias.detach().cpu().numpy())

    def link_gradient(self, block: int, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Gradient of the mean loss on these samples with respect to present links, in the order of the mask."""
        links = self._links[block]
        with fixed_conditions(self.threads):
            return links.gather(torch.autograd.grad(self._loss(images, labels), [links.parameter])[0])

    def dense_gradients(self, blocks: Sequence[int], images: np.ndarray, labels: np.ndarray) -> Iterator[np.ndarray]:
        """The same for all positions of each of these blocks, one matrix (n_source, n_target) at a time.

        Notes
        -----
        One forward and backward pass for all; then one dense product a matrix, made when it is asked for.
        """
        layers = [self._links[block].layer for block in blocks]
        with fixed_conditions(self.threads), seen(layers) as passed:
            loss = self._loss(images, labels)
            gradients = torch.autograd.grad(loss, [passed[layer][1] for layer in layers])
        for layer, gradient in zip(layers, gradients, strict=True):
            with fixed_conditions(self.threads):
                dense = dense_gradient(layer, passed[layer][0], gradient)
            yield np.ascontiguousarray(dense.cpu().numpy())

    def momentum(self, block: int) -> np.ndarray:
        """The smoothed dense gradient (n_source, n_target) that `train` accumulated.

        Raises
        ------
        SparseGraphError
            If there was none, or the block was complete then.
        """
        if block not in self._means:
            raise SparseGraphError(f"no gradient of {self.names[block]} was smoothed: give train() a Momentum")
        return _copy(self._means[block])

    def rewire(self, block: int, mask: Mask, weights: np.ndarray, kept_momentum: np.ndarray) -> None:
        """Give a block other links; see `Engine.rewire`.

        Raises
        ------
        SparseGraphError
            If a link whose state shall stay was not there, or the block cannot hold the mask.
        """
        links, before = self._links[block], self._links[block].mask
        stays = mask.positions[kept_momentum]
        if not before.contains(stays).all():
            raise SparseGraphError(f"block {self.names[block]}: optimiser state can stay only where there was a link")
        old = self._optimiser.state[links.parameter]
        states = {key: links.gather(tensor) for key, tensor in old.items() if _is_per_weight(tensor)}
        self._place(block, mask, weights)
        for key, values in states.items():
            moved = np.zeros(mask.n_links, np.float32)
            moved[kept_momentum] = values[np.searchsorted(before.positions, stays)]
            old[key] = links.scatter(moved)

    def extra(self) -> dict[str, np.ndarray]:
        """Parameters and buffers of layers that are no blocks, by name: what a snapshot needs besides the blocks."""
        own = {f"{name}." for name in self.names}
        kept = {**dict(self.model.named_parameters()), **self._own_buffers()}
        return {name: _copy(value) for name, value in kept.items() if not name.startswith(tuple(own))}

    def state(self) -> dict[str, np.ndarray]:
        """Everything that training needs to go on bit for bit; values of blocks are stored one a link."""
        kept: dict[str, np.ndarray] = {f"links.{i}": links.mask.positions for i, links in enumerate(self._links)}
        for name, parameter in self.model.named_parameters():
            pack = self._packing(parameter)[0]
            kept[f"parameter.{name}"] = pack(parameter)
            for key, tensor in self._optimiser.state[parameter].items():
                if tensor is not None:
                    kept[f"optimiser.{name}.{key}"] = pack(tensor) if tensor.ndim else _copy(tensor)
        kept |= {f"buffer.{name}": _copy(buffer) for name, buffer in self._own_buffers().items()}
        kept |= {f"mean.{block}": _copy(mean) for block, mean in self._means.items()}
        return kept

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Go back to a `state` of an engine of the same model and optimiser.

        Raises
        ------
        SparseGraphError
            If it belongs to another model.
        """
        parameters = dict(self.model.named_parameters())
        if {key.removeprefix("parameter.") for key in state if key.startswith("parameter.")} != set(parameters):
            raise SparseGraphError("the saved state belongs to another model: its parameters have other names")
        for i, links in enumerate(self._links):
            name = next(name for name, parameter in parameters.items() if parameter is links.parameter)
            self._place(i, Mask(links.mask.shape, state[f"links.{i}"]), state[f"parameter.{name}"])
        self._optimiser.state.clear()
        for key, values in state.items():
            kind, _, rest = key.partition(".")
            if kind == "optimiser":
                name, _, part = rest.rpartition(".")
                unpack = self._packing(parameters[name])[1] if values.ndim else self._tensor
                self._optimiser.state[parameters[name]][part] = unpack(values)
            elif kind == "parameter":
                with torch.no_grad():
                    parameters[rest].copy_(self._packing(parameters[rest])[1](values))
            elif kind == "buffer":
                self._own_buffers()[rest].copy_(self._tensor(values))
        self._means = {int(k.removeprefix("mean.")): self._tensor(v) for k, v in state.items() if k.startswith("mean.")}

    def _place(self, block: int, mask: Mask, weights: np.ndarray) -> None:
        self._links[block].place(mask, weights)
        self.masks = tuple(links.mask for links in self._links)

    def _batch(self, rows: np.ndarray) -> torch.Tensor:
        x = self._tensor(rows.reshape(-1, *self._input_shape))
        return x.contiguous(memory_format=torch.channels_last) if x.ndim == 4 else x

    def _labels(self, labels: np.ndarray) -> torch.Tensor:
        return self._tensor(labels)

    def _tensor(self, values: np.ndarray) -> torch.Tensor:
        return torch.tensor(values, device=self._device)

    def _loss(self, images: np.ndarray, labels: np.ndarray) -> torch.Tensor:
        """Mean loss in training mode, with the running means of normalisation in copies that are thrown away."""
        self.model.train()
        spare = {name: buffer.clone() for name, buffer in self._own_buffers().items()}
        scores = functional_call(self.model, spare, (self._batch(images),))
        return cross_entropy(scores, self._labels(labels))

    def _own_buffers(self) -> dict[str, torch.Tensor]:
        """Buffers of layers that are no blocks: those of blocks are their masks."""
        layers = {links.layer for links in self._links}
        return {
            f"{name}.{key}" if name else key: buffer
            for name, module in self.model.named_modules()
            if module not in layers
            for key, buffer in module.named_buffers(recurse=False)
        }

    def _packing(
        self, parameter: nn.Parameter
    ) -> tuple[Callable[[torch.Tensor], np.ndarray], Callable[[np.ndarray], torch.Tensor]]:
        """How values in a parameter's layout become an array to keep, and come back."""
        for links in self._links:
            if links.parameter is parameter:
                return links.gather, links.scatter
        return _copy, self._tensor

    @contextmanager
    def _smoothing(self, wish: Momentum | None) -> Iterator[None]:
        """After the passes within, add their dense gradients to the means of blocks that are not complete."""
        if wish is None:
            yield
            return
        sparse = [i for i, links in enumerate(self._links) if links.mask.n_links < links.mask.n_possible]
        with seen([self._links[i].layer for i in sparse]) as passed:
            yield
        for block in sparse:
            layer = self._links[block].layer
            inputs, output = passed[layer]
            assert output.grad is not None
            dense = dense_gradient(layer, inputs, output.grad)
            mean = self._means.setdefault(block, torch.zeros_like(dense))
            mean.mul_(wish.beta).add_(dense, alpha=1 - wish.beta)


class _Count:
    """Sums over batches."""

    def __init__(self) -> None:
        self.n = 0
        self.loss = 0.0
        self.n_right = 0

    def add(self, mean_loss: torch.Tensor, scores: torch.Tensor, labels: torch.Tensor) -> None:
        """One batch more."""
        self.n += len(labels)
        self.loss += mean_loss.item() * len(labels)
        self.n_right += int((scores.argmax(1) == labels).sum())

    def tally(self) -> Tally:
        """Means over all samples."""
        return Tally(self.n, self.loss / max(self.n, 1), self.n_right / max(self.n, 1))


def _is_per_weight(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.ndim > 0


def _copy(tensor: torch.Tensor) -> np.ndarray:
    return np.array(tensor.detach().cpu().numpy())
