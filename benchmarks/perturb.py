"""Accuracy of perturbed copies of a sparse net: ours beside dense torch and the trainer's own evaluation.

    python benchmarks/perturb.py [RUN]

Without a run the net is random, 784-1000x3-10 with 1 % of the links and a dense readout, on 10,000 random images; the
times do not depend on what it has learned. A copy of dense torch is what the field does: the dense net with zeros for
the links that are gone. All contestants judge one copy at a time, ours and the trainer on one thread, dense torch on
one and on two; answers are asserted equal first. Then the five curves as a whole, on two threads.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from scipy import sparse
from side_by_side import alternate, show

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.perturb.network import Network, Samples
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.perturb.robustness import robustness
from sparsegraph.perturb.subject import subject
from sparsegraph.training.compiled import CompiledMLP
from sparsegraph.training.optimiser import SGD


def random_subject() -> tuple[Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    sizes, matrices = (784, 1000, 1000, 1000, 10), []
    for n_source, n_target in itertools.pairwise(sizes):
        n_links = n_source * n_target // (1 if n_target == 10 else 100)
        places = np.sort(rng.choice(n_source * n_target, n_links, replace=False))
        values = rng.normal(size=n_links).astype(np.float32)
        entries = (values, (places // n_target, places % n_target))
        matrices.append(sparse.csr_array(entries, shape=(n_source, n_target)))
    network = Network(LayeredGraph.from_matrices(matrices), [np.zeros(n, np.float32) for n in sizes[1:]])
    return network, rng.normal(size=(10_000, 784)).astype(np.float32), rng.integers(0, 10, 10_000)


def dense(network: Network, kept: np.ndarray, images: torch.Tensor, labels: np.ndarray) -> Callable[[], float]:
    """The copy as dense matrices; building them is part of the work, as it is of ours."""
    counts = np.cumsum([0, *(block.n_links for block in network.graph.blocks)])

    @torch.no_grad()
    def judge() -> float:
        layer = images
        for index, (block, own) in enumerate(zip(network.graph.blocks, network.biases, strict=True)):
            matrix = block.weights.copy()
            matrix.data = block.weights.data * kept[counts[index] : counts[index + 1]]
            weights = torch.from_numpy(matrix.toarray().astype(np.float32))
            layer = (torch.relu(layer) if index else layer) @ weights
            layer += 0.0 if own is None else torch.from_numpy(np.asarray(own, np.float32))
        return float((layer.argmax(1).numpy() == labels).mean())

    return judge


def on_threads(n: int, judge: Callable[[], float]) -> Callable[[], float]:
    def call() -> float:
        torch.set_num_threads(n)
        return judge()

    return call


def trainer(network: Network, kept: np.ndarray, images: np.ndarray, labels: np.ndarray) -> Callable[[], float]:
    """The evaluation of the built-in trainer, on the copy as a net of its own (made beforehand)."""
    counts = np.cumsum([0, *(block.n_links for block in network.graph.blocks)])
    masks, weights = [], []
    for block, first, last in zip(network.graph.blocks, counts, counts[1:], strict=False):
        mask, own = Mask.from_csr(block.weights), kept[first:last]
        masks.append(Mask(mask.shape, mask.positions[own]))
        weights.append(block.weights.data[own])
    engine = CompiledMLP(masks, weights, biases=list(network.biases), batch_size=32, optimiser=SGD())
    return lambda: float(engine.evaluate(images, labels).accuracy)


def main() -> None:
    if len(sys.argv) > 1:
        own = subject(sys.argv[1])
        network, images, labels = own.network, own.images.test.images, own.images.test.labels
    else:
        network, images, labels = random_subject()
    print(network, f"{len(images)} images")
    samples, tensor = Samples.of(images, labels), torch.from_numpy(images)
    readout = network.graph.blocks[-1].n_links
    rng = np.random.default_rng(0)
    for share in (0.0, 0.5, 0.9):
        kept = np.ones(network.weights.size, np.bool_)
        kept[:-readout] = PERTURBATIONS["random"].rule(network.weights[:-readout], share, rng).kept
        contestants: dict[str, Callable[[], float]] = {
            "sparsegraph": partial(network.accuracy_with, kept, network.weights, samples),
            "trainer's evaluation": trainer(network, kept, images, labels),
            "torch dense, 1 thread": on_threads(1, dense(network, kept, tensor, labels)),
            "torch dense, 2 threads": on_threads(2, dense(network, kept, tensor, labels)),
        }
        answers = [call() for call in contestants.values()]
        assert max(answers) - min(answers) <= 2e-4, answers  # two images of 10,000: ties of floats
        show(f"one copy, {100 * share:.0f} % of the links removed", alternate(contestants, repeats=5, budget=20.0))
    start, spent = time.perf_counter(), time.process_time()
    robustness(network, images, labels, n_jobs=2)
    wall, cpu = time.perf_counter() - start, time.process_time() - spent
    print(f"\nfive curves, 10 repeats, two threads: {wall:.1f} s, {cpu:.1f} s of processor time")


if __name__ == "__main__":
    main()
