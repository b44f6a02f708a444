"""The engine of multilayer perceptrons: training on existing links only, in compiled code without torch."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.descent import Moments, Rule, descend
from sparsegraph.kernels.mlp import (
    Net,
    Plan,
    Samples,
    Trail,
    add_batch_gradient,
    evaluate_samples,
    train_batches,
)
from sparsegraph.kernels.products import outer_sum
from sparsegraph.kernels.sparse_layers import Parameters, index_links
from sparsegraph.kernels.vector_rows import WIDTH, aligned_rows
from sparsegraph.training.engine import Momentum, Tally
from sparsegraph.training.optimiser import Adam, Optimiser

_SMOOTHED_AT_ONCE = 16
"""Batches whose gradients go into the smoothed ones by one product: few products, and little to keep."""


class CompiledMLP:
    """A multilayer perceptron with ReLU between its blocks and softmax cross-entropy behind them.

    Parameters
    ----------
    masks : sequence of Mask
        One a block; the targets of each are the sources of the next. A dense block has a complete mask.
    weights : sequence of ndarray of float32, each of shape (n_links,)
        Start weights in the order of the masks.
    biases : sequence of (ndarray of float32, shape (n_target,), or None), optional
        Start biases; None for a block without. By default all blocks have biases, and these start at 0.
    batch_size : int
        Samples in a batch; the last of a call may be shorter.
    optimiser : SGD or Adam
    names : sequence of str, optional
        Of the blocks; by default ``fc1``, ``fc2`` ...

    Raises
    ------
    DataError
        If shapes do not fit together.

    Notes
    -----
    A batch costs O(links x batch) and runs on one thread, so that the same start gives the same net on any number of
    cores; the second core is better spent on a second seed. Weights, gradients, optimiser state and indices take 24
    bytes a link with momentum (28 with Adam), plus as much a neuron; scratch is one row of samples a neuron.

    Where dense torch wins: of 784-1000x3-10 with 45 % of its links at batch 32, or 30 % at batch 128, a step takes as
    long as in dense torch on one thread (``benchmarks/train_step.py`` finds it for other machines).
    """

    def __init__(
        self,
        masks: Sequence[Mask],
        weights: Sequence[np.ndarray],
        *,
        biases: Sequence[np.ndarray | None] | None = None,
        batch_size: int,
        optimiser: Optimiser,
        names: Sequence[str] | None = None,
    ) -> None:
        self.masks = tuple(masks)
        self.names = tuple(names or (f"fc{i + 1}" for i in range(len(self.masks))))
        self._sizes = _chained_sizes(self.masks)
        self._first_neuron = np.cumsum([0, *self._sizes])
        if [len(own) for own in weights] != [mask.n_links for mask in self.masks] or len(self.names) != len(weights):
            raise DataError("each block needs a mask, a name, and a weight for each of its links")
        if batch_size < 1:
            raise DataError(f"a batch holds at least one sample, not {batch_size}")
        self._batch_size, self._rule, self._n_steps = batch_size, _rule(optimiser), 0
        self._rows = aligned_rows(int(self._first_neuron[-1]))
        self._has_bias = np.zeros(self._rows.shape[0], np.bool_)
        start_biases = self._placed(biases if biases is not None else [np.zeros(n) for n in self._sizes[1:]])
        self._values = np.concatenate([*weights, start_biases], dtype=np.float32)
        self._gradient = np.zeros_like(self._values)
        wanted = (self._rule.adam or self._rule.beta1 != 0, self._rule.adam)
        self._moments = Moments(*(np.zeros(self._values.size * keeps, np.float32) for keeps in wanted))
        self._means: dict[int, np.ndarray] = {}
        self._net = self._wired()

    def _placed(self, biases: Sequence[np.ndarray | None]) -> np.ndarray:
        """A bias for every neuron of the net, 0 where there is none; also notes which are learned."""
        if len(biases) != len(self.masks):
            raise DataError(f"{len(self.masks)} blocks need as many entries in biases, not {len(biases)}")
        placed = np.zeros(self._rows.shape[0], np.float32)
        for block, own in enumerate(biases):
            if own is None:
                continue
            if np.shape(own) != (self._sizes[block + 1],):
                raise DataError(f"{self.names[block]} has {self._sizes[block + 1]} biases, not {np.shape(own)}")
            placed[self._neurons(block + 1)] = own
            self._has_bias[self._neurons(block + 1)] = True
        return placed

    def _wired(self) -> Net:
        pairs = list(zip(self.masks, itertools.pairwise(self._first_neuron[:-1]), strict=True))
        source = np.concatenate([mask.source + first for mask, (first, _) in pairs])
        target = np.concatenate([mask.target + first for mask, (_, first) in pairs])
        n_neurons = int(self._first_neuron[-1])
        links = index_links(source, target, n_neurons, n_neurons)
        return Net(links, self._sizes[0], self._sizes[-1], self._has_bias)

    def _neurons(self, layer: int) -> slice:
        return slice(int(self._first_neuron[layer]), int(self._first_neuron[layer + 1]))

    def _links(self, block: int) -> slice:
        start = sum(mask.n_links for mask in self.masks[:block])
        return slice(start, start + self.masks[block].n_links)

    @property
    def _n_links(self) -> int:
        return sum(mask.n_links for mask in self.masks)

    @property
    def _parameters(self) -> Parameters:
        return Parameters(self._values, self._gradient)

    def train(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        order: np.ndarray,
        learning_rates: np.ndarray,
        *,
        accumulate: Momentum | None = None,
    ) -> Tally:
        """One optimiser step a batch; see `Engine.train`.

        Raises
        ------
        DataError
            If images, labels, order and learning rates do not fit the net and each other.

        Notes
        -----
        The interpreter lock is released meanwhile. ``accumulate`` goes on from call to call; it costs
        2 ``n_source n_target`` operations for each sample and one dense matrix for each block that is not complete,
        which is kept, and activities and signals of a few batches, which are not.
        """
        samples = self._checked(images, labels, order)
        rates = np.ascontiguousarray(learning_rates, np.float32)
        n_batches = -(-samples.order.size // self._batch_size)
        if rates.shape != (n_batches,):
            raise DataError(f"{n_batches} batches need as many learning rates, not an array of shape {rates.shape}")
        n_kept = min(accumulate.last_steps, n_batches) if accumulate else 0
        first_kept = (n_batches - n_kept) * self._batch_size
        plain = samples._replace(order=samples.order[:first_kept])
        loss, n_correct = self._descend(plain, rates[: n_batches - n_kept])
        if accumulate:
            kept = samples._replace(order=samples.order[first_kept:])
            traced = self._descend_traced(kept, rates[n_batches - n_kept :], accumulate.beta)
            loss, n_correct = loss + traced[0], n_correct + traced[1]
        return _tally(samples, loss, n_correct)

    def _descend(self, samples: Samples, rates: np.ndarray) -> tuple[float, int]:
        plan = Plan(self._batch_size, rates, self._rule, self._n_steps)
        self._n_steps += rates.size
        return train_batches(self._net, self._parameters, self._moments, samples, plan, self._rows)

    def _descend_traced(self, samples: Samples, rates: np.ndarray, beta: float) -> tuple[float, int]:
        """The same, while the smoothed gradient is kept up: of each batch at the weights before its step."""
        columns = _tiles(self._batch_size) * WIDTH
        loss, n_correct = 0.0, 0
        for start in range(0, rates.size, _SMOOTHED_AT_ONCE):
            group = rates[start : start + _SMOOTHED_AT_ONCE]
            trail = _empty_trail(self._rows.shape[0], group.size * columns)
            for step, rate in enumerate(group):
                first = (start + step) * self._batch_size
                batch = samples._replace(order=samples.order[first : first + self._batch_size])
                own = trail._replace(first=step * columns)
                more, right = add_batch_gradient(self._net, self._parameters, batch, self._rows, own)
                self._n_steps += 1
                descend(self._values, self._gradient, self._moments, self._rule, float(rate), self._n_steps)
                loss, n_correct = loss + more, n_correct + right
            self._smooth(trail, beta, group.size)
        return loss, n_correct

    def _smooth(self, trail: Trail, beta: float, n_batches: int) -> None:
        """Add the gradients of some batches to the means, the last with the largest share."""
        columns = trail.activities.shape[1] // n_batches
        shares = np.repeat((1 - beta) * beta ** np.arange(n_batches)[::-1], columns).astype(np.float32)
        for block, mask in enumerate(self.masks):
            if mask.n_links < mask.n_possible:
                signals = trail.signals[self._neurons(block + 1)] * shares
                mean = self._means.setdefault(block, np.zeros(mask.shape, np.float32))
                mean *= np.float32(beta**n_batches)
                mean += outer_sum(trail.activities[self._neurons(block)], signals)

    def evaluate(self, images: np.ndarray, labels: np.ndarray) -> Tally:
        """Loss and accuracy on these samples, without training."""
        samples = self._checked(images, labels, np.arange(len(labels)))
        return _tally(samples, *evaluate_samples(self._net, self._values, samples, self._rows))

    def weights(self, block: int) -> np.ndarray:
        """A copy of the weights of a block, float32 in the order of its mask."""
        return self._values[self._links(block)].copy()

    def biases(self, block: int) -> np.ndarray | None:
        """A copy of the biases of a block's targets, or None where it has none."""
        neurons = self._neurons(block + 1)
        if not self._has_bias[neurons].any():
            return None
        return self._values[self._n_links :][neurons].copy()

    def link_gradient(self, block: int, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Gradient of the mean loss on these samples with respect to the weights of a block."""
        self._trace(images, labels, _empty_trail(0, 0))
        gradient = self._gradient[self._links(block)].copy()
        self._gradient[:] = 0
        return gradient

    def dense_gradients(self, blocks: Sequence[int], images: np.ndarray, labels: np.ndarray) -> Iterator[np.ndarray]:
        """The same for all positions of each of these blocks, one matrix (n_source, n_target) at a time.

        Notes
        -----
        One forward and one backward pass, then ``2 n_source n_target`` operations a sample and block. Besides the
        matrix that is yielded, 8 bytes a neuron and sample are held: give it batches, not whole data sets.
        """
        trail = _empty_trail(self._rows.shape[0], _tiles(len(labels)) * WIDTH)
        self._trace(images, labels, trail)
        self._gradient[:] = 0
        for block in blocks:
            yield outer_sum(trail.activities[self._neurons(block)], trail.signals[self._neurons(block + 1)])

    def _trace(self, images: np.ndarray, labels: np.ndarray, trail: Trail) -> None:
        samples = self._checked(images, labels, np.arange(len(labels)))
        add_batch_gradient(self._net, self._parameters, samples, self._rows, trail)

    def momentum(self, block: int) -> np.ndarray:
        """The smoothed dense gradient (n_source, n_target) of the batches that `train` was told to accumulate.

        Raises
        ------
        DataError
            If it was not told so.
        """
        if block not in self._means:
            raise DataError("no gradient was smoothed: give train() a Momentum to accumulate")
        return self._means[block].copy()

    def rewire(self, block: int, mask: Mask, weights: np.ndarray, kept_momentum: np.ndarray) -> None:
        """Give a block other links; see `Engine.rewire`.

        Raises
        ------
        DataError
            If the mask has another shape, an array another length, or a link that should keep its optimiser state
            was not there before.

        Notes
        -----
        O(links of the net). Adam's step count goes on: a new link's means start at 0 but are corrected as old ones.
        """
        old = self.masks[block]
        if mask.shape != old.shape:
            raise DataError(f"{self.names[block]} is of shape {old.shape}, its new mask of shape {mask.shape}")
        if not mask.n_links == len(weights) == len(kept_momentum):
            raise DataError(f"{mask.n_links} links need as many weights ({len(weights)}) and marks")
        if not old.contains(mask.positions[kept_momentum]).all():
            raise DataError(f"a new link of {self.names[block]} cannot keep an optimiser state")
        stays = np.searchsorted(old.positions, mask.positions[kept_momentum])
        place = self._links(block)

        def exchanged(values: np.ndarray, own: np.ndarray) -> np.ndarray:
            return np.concatenate([values[: place.start], own, values[place.stop :]], dtype=np.float32)

        def moved(moment: np.ndarray) -> np.ndarray:
            if moment.size == 0:
                return moment
            own = np.zeros(mask.n_links, np.float32)
            own[kept_momentum] = moment[place][stays]
            return exchanged(moment, own)

        self._values = exchanged(self._values, weights)
        self._gradient = np.zeros_like(self._values)
        self._moments = Moments(*(moved(moment) for moment in self._moments))
        self.masks = (*self.masks[:block], mask, *self.masks[block + 1 :])
        self._net = self._wired()

    def extra(self) -> dict[str, np.ndarray]:
        """Nothing: weights and biases are the whole net."""
        return {}

    def state(self) -> dict[str, np.ndarray]:
        """Everything that training needs to go on bit for bit; for another engine of these sizes and this optimiser."""
        positions = {f"positions{i}": mask.positions for i, mask in enumerate(self.masks)}
        return positions | {
            "values": self._values.copy(),
            "first_moment": self._moments.first.copy(),
            "second_moment": self._moments.second.copy(),
            "n_steps": np.array(self._n_steps),
            **{f"mean{block}": mean.copy() for block, mean in self._means.items()},
        }

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Go back to a `state`.

        Raises
        ------
        DataError
            If it is that of another net or optimiser.
        """
        masks = tuple(Mask(mask.shape, state[f"positions{i}"]) for i, mask in enumerate(self.masks))
        n_values = sum(mask.n_links for mask in masks) + self._rows.shape[0]
        moments = Moments(state["first_moment"].copy(), state["second_moment"].copy())
        same_rule = all((a.size == 0) == (b.size == 0) for a, b in zip(moments, self._moments, strict=True))
        if state["values"].shape != (n_values,) or not same_rule:
            raise DataError("the state is that of another net or another optimiser")
        self.masks, self._values, self._moments = masks, state["values"].copy(), moments
        self._gradient, self._n_steps = np.zeros_like(self._values), int(state["n_steps"])
        self._means = {i: state[f"mean{i}"].copy() for i in range(len(masks)) if f"mean{i}" in state}
        self._net = self._wired()

    def _checked(self, images: np.ndarray, labels: np.ndarray, order: np.ndarray) -> Samples:
        if images.ndim != 2 or images.shape != (len(labels), self._sizes[0]):
            raise DataError(f"images must be of shape ({len(labels)}, {self._sizes[0]}), not {images.shape}")
        if len(labels) and not 0 <= labels.min() <= labels.max() < self._sizes[-1]:
            raise DataError(f"labels must lie in 0 to {self._sizes[-1] - 1}, not {labels.min()} to {labels.max()}")
        if len(order) and not 0 <= order.min() <= order.max() < len(labels):
            raise DataError(f"the order names samples outside 0 to {len(labels) - 1}")
        return Samples(_read_only(images, np.float32), _read_only(labels, np.int64), _read_only(order, np.int64))


def _read_only(values: np.ndarray, kind: type) -> np.ndarray:
    """A view that cannot be written, of every array alike: one compiled kernel serves them all."""
    view: np.ndarray = np.ascontiguousarray(values, kind).view()
    view.flags.writeable = False
    return view


def _empty_trail(n_neurons: int, n_columns: int) -> Trail:
    return Trail(np.zeros((n_neurons, n_columns), np.float32), np.zeros((n_neurons, n_columns), np.float32), 0)


def _tiles(n_samples: int) -> int:
    return -(-n_samples // WIDTH)


def _tally(samples: Samples, loss: float, n_correct: int) -> Tally:
    n = samples.order.size
    return Tally(n, loss / n, n_correct / n) if n else Tally(0, 0.0, 0.0)


def _rule(optimiser: Optimiser) -> Rule:
    if isinstance(optimiser, Adam):
        return Rule(True, False, *optimiser.betas, optimiser.eps, float(optimiser.weight_decay))
    return Rule(False, optimiser.nesterov, float(optimiser.momentum), 0.0, 0.0, float(optimiser.weight_decay))


def _chained_sizes(masks: Sequence[Mask]) -> list[int]:
    for before, after in itertools.pairwise(masks):
        if before.shape[1] != after.shape[0]:
            raise DataError(f"a block with {before.shape[1]} targets cannot feed one with {after.shape[0]} sources")
    if not masks:
        raise DataError("a net needs at least one block")
    return [masks[0].shape[0], *(mask.shape[1] for mask in masks)]
