"""What the training loop asks of an engine: to train, to judge, and to let its links be exchanged.

The loop decides which links exist; an engine owns weights, optimiser and arithmetic. `CompiledMLP` is the engine of
multilayer perceptrons, `TorchEngine` that of any torch model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sparsegraph.graph.mask import Mask


@dataclass(frozen=True)
class Tally:
    """What a pass over samples amounted to.

    Parameters
    ----------
    n : int
        Samples seen.
    loss : float
        Mean cross-entropy a sample, in nats; not finite when training diverged.
    accuracy : float
        Share of samples whose largest output is the label, in [0, 1].
    """

    n: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Momentum:
    """A wish for the smoothed gradient of all positions, absent links included, as SNFS regrowth needs it.

    ``v = beta v + (1 - beta) g`` over the last batches of a call, with g the dense gradient of the mean loss; v goes on
    from call to call.

    Parameters
    ----------
    beta : float
        In [0, 1).
    last_steps : int
        Over how many of the last batches of the call; each costs a dense product a block.
    """

    beta: float
    last_steps: int


class Engine(Protocol):
    """A network in training whose blocks have masks.

    Attributes
    ----------
    names : tuple of str
        One a block (linear or convolution), input side first.
    masks : tuple of Mask
        Of all blocks; dense ones are complete.
    """

    names: tuple[str, ...]
    masks: tuple[Mask, ...]

    def train(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        order: np.ndarray,
        learning_rates: np.ndarray,
        *,
        accumulate: Momentum | None = None,
    ) -> Tally:
        """One optimiser step a batch; loss and accuracy are those before each step.

        Parameters
        ----------
        images : ndarray of float32, shape (n_samples, n_features)
        labels : ndarray of int64, shape (n_samples,)
        order : ndarray of int64
            Samples in the order in which they are used; batch i is ``order[i * size : (i + 1) * size]`` and the last
            may be short.
        learning_rates : ndarray of float32, shape (n_batches,)
        accumulate : Momentum, optional
            Keeps the smoothed dense gradient of the blocks that are not complete; see `momentum`.
        """
        ...

    def evaluate(self, images: np.ndarray, labels: np.ndarray) -> Tally:
        """Loss and accuracy, without training."""
        ...

    def weights(self, block: int) -> np.ndarray:
        """A copy of the block's weights, float32 in the order of its mask."""
        ...

    def biases(self, block: int) -> np.ndarray | None:
        """A copy of the biases of the block's target neurons, float32; None where it has none."""
        ...

    def link_gradient(self, block: int, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Gradient of the mean loss on these samples with respect to present links, in the order of the mask."""
        ...

    def dense_gradients(self, blocks: Sequence[int], images: np.ndarray, labels: np.ndarray) -> Iterator[np.ndarray]:
        """The same for all positions of each of these blocks, one matrix (n_source, n_target) at a time."""
        ...

    def momentum(self, block: int) -> np.ndarray:
        """The smoothed dense gradient (n_source, n_target) that `train` accumulated."""
        ...

    def rewire(self, block: int, mask: Mask, weights: np.ndarray, kept_momentum: np.ndarray) -> None:
        """Give a block other links.

        Parameters
        ----------
        block : int
        mask : Mask
            Of the same shape.
        weights : ndarray of float32, shape (mask.n_links,)
        kept_momentum : ndarray of bool, shape (mask.n_links,)
            Where True the link was there before and its optimiser state stays; elsewhere it starts at 0.
        """
        ...

    def extra(self) -> dict[str, np.ndarray]:
        """What is no block but needed to use the network, such as batch normalisation; often empty."""
        ...

    def state(self) -> dict[str, np.ndarray]:
        """Everything that training needs to go on bit for bit: masks, weights, optimiser, smoothed gradients."""
        ...

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Go back to a `state` of an engine of the same shapes."""
        ...
