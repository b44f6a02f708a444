"""A restricted Boltzmann machine on a sparse set of links, trained by contrastive divergence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.products import outer_sum
from sparsegraph.kernels.sparse_layers import first_layer_gradients, index_links, layer_outputs
from sparsegraph.kernels.vector_rows import WIDTH
from sparsegraph.training.engine import Momentum, Tally

_PARTS = ("weights", "visible_biases", "hidden_biases")
_EVALUATED_AT_ONCE = 1024


@dataclass(frozen=True)
class RBMSettings:
    """How a machine is trained; the paper prints none of it: the profiles ``survival-rbm-...`` assume it.

    Parameters
    ----------
    batch_size : int
    momentum : float
        In [0, 1): ``u = momentum u + g``, ``w += rate u``, for weights and biases.
    weight_decay : float
        ``weight_decay * w`` is taken off the ascent direction of weights.
    start_spread : float
        Standard deviation of start weights.
    """

    batch_size: int = 128
    momentum: float = 0.9
    weight_decay: float = 0.0
    start_spread: float = 0.01


class SparseRBM:
    """Bernoulli-Bernoulli restricted Boltzmann machine whose weights are zero wherever there is no link.

    Energy ``E(v, h) = -v^T W h - b^T v - c^T h``.  One step of contrastive divergence (CD-1) ascends
    ``<v h^T>_data - <v h^T>_reconstruction`` on present links.  It is an engine of one block
    (`sparsegraph.training.engine.Engine`), whose labels are not looked at, so that the loop and all topology rules
    apply; the "gradient" of a link, absent or not, is minus that statistic.

    Parameters
    ----------
    mask : Mask
        Of shape (visible, hidden).
    weights : ndarray of float32, shape (n_links,), optional
        None: drawn with ``settings.start_spread``.
    settings : RBMSettings
    rng : numpy.random.Generator
        For hidden states and start weights; part of the state.

    Notes
    -----
    Only links are stored and visited: a batch costs O(links x batch), on one thread, so that the same seed gives the
    same machine on any number of cores.  With 784 x 1000 neurons at 5 % density and batches of 128 that
    is about 2.5 times as fast as dense products on one thread, with 784 x 100 it is the same.

    Tallies differ from those of classifiers: ``loss`` is the cross-entropy of a sample and its reconstruction in nats,
    summed over pixels; ``accuracy`` is the share of pixels whose reconstruction lies on the pixel's side of 1/2.

    References
    ----------
    G. E. Hinton, Training products of experts by minimizing contrastive divergence, Neural Computation 14 (2002);
    G. E. Hinton, A practical guide to training restricted Boltzmann machines, UTML TR 2010-003, sections 3 to 9;
    Matab et al., Survival of the Most Connected, Appendix D.
    """

    names: tuple[str, ...] = ("rbm",)

    def __init__(
        self,
        mask: Mask,
        weights: np.ndarray | None = None,
        *,
        settings: RBMSettings | None = None,
        rng: np.random.Generator,
    ) -> None:
        self.masks: tuple[Mask, ...] = (mask,)
        self.settings = settings or RBMSettings()
        self._rng = rng
        if weights is None:
            weights = rng.normal(0, self.settings.start_spread, mask.n_links)
        # Weights, visible and hidden biases; the momentum of each.
        self._values = [np.array(weights, np.float32), *(np.zeros(size, np.float32) for size in mask.shape)]
        self._momenta = [np.zeros_like(values) for values in self._values]
        self._mean: np.ndarray | None = None
        self._index()

    def train(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        order: np.ndarray,
        learning_rates: np.ndarray,
        *,
        accumulate: Momentum | None = None,
    ) -> Tally:
        """One step of contrastive divergence a batch; see `Engine.train`.

        Raises
        ------
        SparseGraphError
            If a pixel lies outside [0, 1], or the numbers of batches and rates differ.
        """
        _check_pixels(images)
        size = self.settings.batch_size
        if len(learning_rates) != -(-len(order) // size):
            raise SparseGraphError(f"{len(order)} samples in batches of {size} do not make {len(learning_rates)} steps")
        first_kept = len(learning_rates) - (accumulate.last_steps if accumulate else 0)
        if accumulate and self._mean is None:
            self._mean = np.zeros(self.masks[0].shape, np.float32)
        count = _Count()
        for step, rate in enumerate(np.asarray(learning_rates, np.float32)):
            phases = self._phases(images[order[step * size : (step + 1) * size]])
            count.add(phases.data, phases.logits)
            if accumulate and self._mean is not None and step >= first_kept:
                self._mean *= np.float32(accumulate.beta)
                self._mean -= np.float32(1 - accumulate.beta) * phases.dense_statistic()
            self._climb(phases, rate)
        return count.tally()

    def evaluate(self, images: np.ndarray, labels: np.ndarray) -> Tally:
        """Reconstruction without sampling: each sample through the hidden probabilities and back."""
        _check_pixels(images)
        count = _Count()
        for low in range(0, len(images), _EVALUATED_AT_ONCE):
            visible = _columns(images[low : low + _EVALUATED_AT_ONCE])
            logits = self._down(expit(self._up(visible)))
            count.add(visible[:, : len(images) - low], logits[:, : len(images) - low])
        return count.tally()

    def free_energy(self, images: np.ndarray) -> np.ndarray:
        """``F(v) = -b^T v - sum_j log(1 + exp(c_j + (v^T W)_j))`` of each sample; ``p(v)`` is ``exp(-F)`` over Z."""
        visible = _columns(images)
        energy: np.ndarray = -(self._values[1] @ visible) - _softplus(self._up(visible)).sum(0)
        return energy[: len(images)]

    def pseudo_likelihood(self, images: np.ndarray, *, rng: np.random.Generator) -> float:
        """Mean log pseudo-likelihood of a sample, in nats, estimated from one pixel each.

        ``n_visible log sigmoid(F(v with one pixel flipped) - F(v))`` with v rounded to 0 or 1.

        References
        ----------
        J. Besag, Statistical analysis of non-lattice data, The Statistician 24 (1975).
        """
        rounded = (images > 0.5).astype(np.float32)
        flipped = rounded.copy()
        pixel = rng.integers(0, images.shape[1], len(images))
        flipped[np.arange(len(images)), pixel] = 1 - rounded[np.arange(len(images)), pixel]
        gap = self.free_energy(flipped).astype(np.float64) - self.free_energy(rounded)
        return float(-images.shape[1] * np.logaddexp(0, -gap).mean())

    def weights(self, block: int) -> np.ndarray:
        """A copy of the weights, float32 in the order of the mask."""
        return self._values[0].copy()

    def biases(self, block: int) -> np.ndarray | None:
        """A copy of the biases of the hidden neurons."""
        return self._values[2].copy()

    def link_gradient(self, block: int, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Minus the statistic of contrastive divergence on these samples, of present links."""
        _check_pixels(images)
        return -self._link_statistic(self._phases(images))

    def dense_gradients(self, blocks: Sequence[int], images: np.ndarray, labels: np.ndarray) -> Iterator[np.ndarray]:
        """The same for all positions (visible, hidden); draws hidden states."""
        _check_pixels(images)
        phases = self._phases(images)
        for _ in blocks:
            yield -phases.dense_statistic()

    def momentum(self, block: int) -> np.ndarray:
        """The smoothed dense gradient (visible, hidden) that `train` accumulated.

        Raises
        ------
        SparseGraphError
            If there was none.
        """
        if self._mean is None:
            raise SparseGraphError("no gradient was smoothed: give train() a Momentum")
        return self._mean.copy()

    def rewire(self, block: int, mask: Mask, weights: np.ndarray, kept_momentum: np.ndarray) -> None:
        """Exchange the links; see `Engine.rewire`.

        Raises
        ------
        SparseGraphError
            If the mask has another shape, or state shall stay where there was no link.
        """
        old, stays = self.masks[0], mask.positions[kept_momentum]
        if mask.shape != old.shape or not old.contains(stays).all():
            raise SparseGraphError(f"a mask of shape {mask.shape} and its kept links do not follow from {old.shape}")
        momentum = np.zeros(mask.n_links, np.float32)
        momentum[kept_momentum] = self._momenta[0][np.searchsorted(old.positions, stays)]
        self.masks = (mask,)
        self._values[0], self._momenta[0] = np.array(weights, np.float32), momentum
        self._index()

    def extra(self) -> dict[str, np.ndarray]:
        """The biases of the visible neurons."""
        return {"visible_biases": self._values[1].copy()}

    def state(self) -> dict[str, np.ndarray]:
        """Everything that training needs to go on bit for bit."""
        rng = np.frombuffer(json.dumps(self._rng.bit_generator.state).encode(), np.uint8)
        kept = {"positions": self.masks[0].positions, "rng": rng}
        for name, values, momentum in zip(_PARTS, self._values, self._momenta, strict=True):
            kept[name], kept[f"{name}_momentum"] = values.copy(), momentum.copy()
        return kept if self._mean is None else {**kept, "mean": self._mean.copy()}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Go back to a `state` of a machine of the same size."""
        self.masks = (Mask(self.masks[0].shape, state["positions"]),)
        self._values = [state[name].copy() for name in _PARTS]
        self._momenta = [state[f"{name}_momentum"].copy() for name in _PARTS]
        self._mean = state["mean"].copy() if "mean" in state else None
        self._rng.bit_generator.state = json.loads(state["rng"].tobytes())
        self._index()

    def _index(self) -> None:
        """Links by visible and by hidden neuron; kernels sum over the sources of a target, in both directions."""
        mask = self.masks[0]
        self._by_hidden = np.argsort(mask.target, kind="stable")
        self._upward = index_links(mask.source, mask.target, *mask.shape)
        ends = mask.target[self._by_hidden], mask.source[self._by_hidden]
        self._downward = index_links(*ends, *mask.shape[::-1])

    def _up(self, visible: np.ndarray) -> np.ndarray:
        """What comes in at hidden neurons, (hidden, columns)."""
        return np.asarray(layer_outputs(self._upward, self._values[0], self._values[2], visible))

    def _down(self, hidden: np.ndarray) -> np.ndarray:
        """What comes in at visible neurons, (visible, columns)."""
        return np.asarray(layer_outputs(self._downward, self._values[0][self._by_hidden], self._values[1], hidden))

    def _phases(self, images: np.ndarray) -> _Phases:
        """One step of Gibbs sampling from these samples."""
        visible, n_samples = _columns(images), len(images)
        hidden = expit(self._up(visible))
        drawn = self._rng.random((hidden.shape[0], n_samples), np.float32)
        states = np.zeros_like(hidden)
        states[:, :n_samples] = drawn < hidden[:, :n_samples]
        logits = self._down(states)
        visible_again = expit(logits)
        hidden_again = expit(self._up(visible_again))
        for probabilities in (hidden, hidden_again):
            probabilities[:, n_samples:] = 0
        return _Phases(n_samples, (visible, hidden), (visible_again, hidden_again), logits[:, :n_samples])

    def _link_statistic(self, phases: _Phases) -> np.ndarray:
        """``<v h>_data - <v h>_reconstruction`` of each link."""
        first = first_layer_gradients(self._upward, *phases.first).weights
        second = first_layer_gradients(self._upward, *phases.second).weights
        return np.asarray((first - second) / np.float32(phases.n_samples))

    def _climb(self, phases: _Phases, rate: np.float32) -> None:
        links = self._link_statistic(phases) - np.float32(self.settings.weight_decay) * self._values[0]
        for values, momentum, step in zip(
            self._values, self._momenta, (links, *phases.neuron_statistics()), strict=True
        ):
            momentum *= np.float32(self.settings.momentum)
            momentum += step
            values += rate * momentum


@dataclass(frozen=True, eq=False)
class _Phases:
    """Visible and hidden neurons at the data and after a step of Gibbs sampling, (neurons, columns).

    Hidden probabilities are 0 in columns that hold no sample.
    """

    n_samples: int
    first: tuple[np.ndarray, np.ndarray]
    second: tuple[np.ndarray, np.ndarray]
    logits: np.ndarray

    @property
    def data(self) -> np.ndarray:
        """The samples, (visible, samples)."""
        return self.first[0][:, : self.n_samples]

    def dense_statistic(self) -> np.ndarray:
        """``<v h>_data - <v h>_reconstruction`` of each position: two dense products."""
        return (outer_sum(*self.first) - outer_sum(*self.second)) / np.float32(self.n_samples)

    def neuron_statistics(self) -> list[np.ndarray]:
        """``<v>_data - <v>_reconstruction`` of visible neurons, and the same of hidden ones."""
        pairs = zip(self.first, self.second, strict=True)
        return [(one - two)[:, : self.n_samples].mean(1) for one, two in pairs]


class _Count:
    """Sums over batches of how well samples are reconstructed."""

    def __init__(self) -> None:
        self.n, self.n_pixels, self.loss, self.n_right = 0, 1, 0.0, 0

    def add(self, visible: np.ndarray, logits: np.ndarray) -> None:
        """One batch more, a column a sample."""
        self.n += visible.shape[1]
        self.n_pixels = len(visible)
        self.loss += float((_softplus(logits) - visible * logits).sum(dtype=np.float64))
        self.n_right += int(((visible > 0.5) == (logits > 0)).sum())

    def tally(self) -> Tally:
        """Means a sample, and a pixel."""
        n = max(self.n, 1)
        return Tally(self.n, self.loss / n, self.n_right / (n * self.n_pixels))


def _softplus(x: np.ndarray) -> np.ndarray:
    """``log(1 + exp(x))``, to the last digit of 1; in single precision several times faster than ``logaddexp``."""
    return np.asarray(np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))))


def _columns(images: np.ndarray) -> np.ndarray:
    """Samples as columns, with empty ones up to a whole number of the rows that kernels work on."""
    n_samples, n_visible = images.shape
    columns = np.zeros((n_visible, -(-n_samples // WIDTH) * WIDTH), np.float32)
    columns[:, :n_samples] = images.T
    return columns


def _check_pixels(images: np.ndarray) -> None:
    if images.size and not 0 <= images.min() <= images.max() <= 1:
        raise SparseGraphError(
            f"pixels from {images.min():g} to {images.max():g}: a Boltzmann machine wants them between 0 and 1, "
            "not normalised to mean 0"
        )
