"""A trained multilayer perceptron that can be run: a graph, biases, and what each neuron does with its sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from sparsegraph.errors import DataError, GraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.kernels.forward import Circuit, absolute_sums, count_correct, reduced, tiles_of
from sparsegraph.kernels.vector_rows import aligned_rows


@dataclass(frozen=True, eq=False)
class Samples:
    """Images and labels as all copies of a net share them.

    Parameters
    ----------
    tiles : ndarray of float32
        Feature by feature, see :func:`sparsegraph.kernels.forward.tiles_of`.
    labels : ndarray of int64, shape (n_samples,)
        Classes from 0.
    """

    tiles: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, features: np.ndarray, labels: np.ndarray) -> Self:
        """Samples from images, a row each, and their labels.

        Raises
        ------
        DataError
            If there are none, the numbers differ, or a value is not finite.
        """
        images, classes = _matrix(features), np.asarray(labels)
        if classes.shape != (len(images),) or classes.dtype.kind not in "iu" or classes.min() < 0:
            raise DataError(f"{len(images)} images need as many labels, integers from 0, not {classes.shape}")
        return cls(tiles_of(images), np.ascontiguousarray(classes, np.int64))

    @property
    def chance(self) -> float:
        """Accuracy of a blind guess: 1 over the number of classes that occur."""
        return 1 / np.unique(self.labels).size


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A multilayer perceptron: sums of weighted activities and a bias, ReLU between the layers, none behind the last.

    Parameters
    ----------
    graph : LayeredGraph
        A chain of layers of neurons; its weights are used as float32.
    biases : sequence of (ndarray, shape (n_target,), or None)
        One a block; None for a block without.
    activation : {"relu"}
        Of the hidden neurons.

    Raises
    ------
    GraphError
        If the graph is no chain of layers of neurons; says why.
    DataError
        If biases do not fit, or the activation is not known.
    """

    graph: LayeredGraph
    biases: Sequence[np.ndarray | None]
    activation: str = "relu"

    def __post_init__(self) -> None:
        if (reason := not_a_chain(self.graph)) is not None:
            raise GraphError(f"{reason}; only multilayer perceptrons, layer after layer, can be run")
        if self.activation != "relu":
            raise DataError(f"there is no activation named {self.activation!r}; known is: relu")
        if len(self.biases) != len(self.graph.blocks):
            raise DataError(f"{len(self.graph.blocks)} blocks need as many entries in biases, not {len(self.biases)}")
        for block, own in zip(self.graph.blocks, self.biases, strict=True):
            size = block.weights.shape[1]
            if own is not None and (np.shape(own) != (size,) or not np.isfinite(own).all()):
                raise DataError(f"block {block.name!r} needs {size} finite biases, not an array {np.shape(own)}")
        object.__setattr__(self, "biases", tuple(self.biases))

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> Self:
        """The net of a snapshot.

        Raises
        ------
        GraphError
            If it has no weights, or holds more than links and biases (convolutions, normalisation).
        """
        if any(block.weights is None for block in snapshot.blocks):
            raise GraphError("a topology snapshot without weights cannot be run; take a snapshot with weights")
        if snapshot.extra:
            raise GraphError(
                f"besides links and biases the net computes with {', '.join(sorted(snapshot.extra)[:3])}; "
                "only multilayer perceptrons, layer after layer, can be run"
            )
        return cls(snapshot.graph, [block.biases for block in snapshot.blocks])

    def __repr__(self) -> str:
        sizes = "-".join(str(layer.size) for layer in self.graph.layers)
        return f"<Network {sizes}, {self.activation}: {self.graph.n_links} links>"

    @cached_property
    def weights(self) -> np.ndarray:
        """Weights of all links, float32: block after block, in each by source and then by target."""
        return np.concatenate([block.weights.data for block in self.graph.blocks], dtype=np.float32)

    @cached_property
    def _order(self) -> np.ndarray:
        """The links by their targets, as places in `weights`."""
        return np.argsort(self._ends[1], kind="stable")

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Source and target of each link; targets are counted behind the inputs, and so are sources that are none."""
        first = self.graph.offsets - self.graph.layers[0].size
        sources, targets = [], []
        for block in self.graph.blocks:
            rows = np.repeat(np.arange(block.weights.shape[0]), np.diff(block.weights.indptr))
            sources.append(rows + max(int(first[block.source]), 0))
            targets.append(block.weights.indices + int(first[block.target]))
        return np.concatenate(sources), np.concatenate(targets)

    @cached_property
    def _circuit(self) -> Circuit:
        source, target = self._ends
        sizes = [layer.size for layer in self.graph.layers]
        in_ptr = np.concatenate([[0], np.bincount(target, minlength=sum(sizes[1:])).cumsum()]).astype(np.uint32)
        biases = [np.zeros(size) if own is None else own for size, own in zip(sizes[1:], self.biases, strict=True)]
        return Circuit(
            in_ptr,
            source[self._order].astype(np.uint32),
            self.weights[self._order],
            np.concatenate(biases, dtype=np.float32),
            sizes[1],
            sizes[-1],
        )

    def accuracy(self, features: np.ndarray, labels: np.ndarray) -> float:
        """Share of the samples whose largest output is at their label.

        Parameters
        ----------
        features : ndarray of float, shape (n_samples, n_inputs)
        labels : ndarray of int, shape (n_samples,)
        """
        return self.accuracy_with(np.ones(self.weights.size, np.bool_), self.weights, Samples.of(features, labels))

    def accuracy_with(self, kept: np.ndarray, weights: np.ndarray, samples: Samples) -> float:
        """The same of a copy with some of the links, and with other weights.

        Parameters
        ----------
        kept : ndarray of bool, shape (n_links,)
            In the order of `weights`, as are the new ones.
        weights : ndarray of float32, shape (n_links,)
        samples : Samples

        Notes
        -----
        O(links kept x samples), less where neurons lose touch with inputs or outputs. Runs on one thread without the
        interpreter's lock, so that several copies can be judged at once.
        """
        n_outputs, highest = self.graph.layers[-1].size, int(samples.labels.max())
        if highest >= n_outputs:
            raise DataError(
                f"the net has {n_outputs} outputs but a label is {highest}; take the data set that it was trained on"
            )
        if samples.tiles.shape[1] != self.graph.layers[0].size:
            raise DataError(
                f"images of {samples.tiles.shape[1]} values do not fit a net of {self.graph.layers[0].size} inputs"
            )
        circuit = reduced(self._circuit, kept[self._order], weights[self._order])
        n_correct = count_correct(circuit, samples.tiles, samples.labels, aligned_rows(circuit.biases.size))
        return float(n_correct / samples.labels.size)

    def mean_activations(self, features: np.ndarray) -> dict[str, np.ndarray]:
        """Mean absolute activation of each neuron over the samples, by layer name.

        Parameters
        ----------
        features : ndarray of float, shape (n_samples, n_inputs)

        Returns
        -------
        dict of str to ndarray of float64, shape (layer size,)
            Of hidden neurons behind ReLU, of outputs before any softmax. An input that is the same in all samples
            counts as 0: it carries nothing, whatever value the normalisation gives it.
        """
        images = _matrix(features)
        if images.shape[1] != self.graph.layers[0].size:
            raise DataError(f"images of {images.shape[1]} values do not fit {self.graph.layers[0].size} inputs")
        rows = aligned_rows(self._circuit.biases.size)
        sums = absolute_sums(self._circuit, tiles_of(images), len(images), rows)
        inputs = np.abs(images).mean(axis=0, dtype=np.float64)
        inputs[images.min(axis=0) == images.max(axis=0)] = 0
        means = np.concatenate([inputs, sums / len(images)])
        names = [layer.name for layer in self.graph.layers]
        return dict(zip(names, np.split(means, self.graph.offsets[1:-1]), strict=True))


def not_a_chain(graph: LayeredGraph) -> str | None:
    """Why a graph is no chain of layers of neurons; None if it is one."""
    filters = [block.name for block in graph.blocks if block.weights_per_link > 1 or block.multiplicity is not None]
    filters += [layer.name for layer in graph.layers if layer.kind == "channel"]
    if filters:
        return f"{filters[0]} belongs to a convolution"
    if graph.couplings:
        return "layers are coupled, as in attention or gated layers"
    if any(block.target != block.source + 1 for block in graph.blocks):
        return "links skip layers"
    if len(graph.blocks) != len(graph.layers) - 1:
        return f"the {len(graph.blocks)} blocks form several chains"
    return None


def _matrix(features: np.ndarray) -> np.ndarray:
    images = np.ascontiguousarray(features, np.float32)
    if images.ndim != 2 or 0 in images.shape or not np.isfinite(images).all():
        raise DataError(f"images are rows of finite values, at least one, not an array {images.shape}")
    return images
