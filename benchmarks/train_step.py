"""Training steps of sparse multilayer perceptrons beside torch's and the prototype's, in one run.

    python benchmarks/train_step.py [--quick]

The ratio is to dense torch on one thread; below 1 is faster. Contestants take turns of a few steps each, and each step
includes the taking of its batch from the data. The prototype is found through SPARSEGRAPH_SHARED and left out if that
is not set.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from side_by_side import alternate, show
from sparse_nets import LEARNING_RATE, built_in, random_masks
from torch_peers import peers, stepper

N_SAMPLES, N_STEPS = 20_000, 5
PAPER = (784, 1000, 1000, 1000, 10)
SETTINGS = [
    (PAPER, 0.01, 32),
    (PAPER, 0.01, 128),
    (PAPER, 0.05, 32),
    (PAPER, 0.05, 128),
    (PAPER, 0.001, 32),
    (PAPER, 0.001, 128),
    ((784, 1568, 1568, 1568, 10), 0.01, 32),
    ((512, 1000, 1000, 1000, 10), 0.01, 32),
    (PAPER, 0.2, 32),
    (PAPER, 0.2, 128),
    (PAPER, 0.5, 32),
    (PAPER, 0.5, 128),
]
OURS = "built-in trainer"


def prototype(
    sizes: Sequence[int], density: float, batches: Sequence[np.ndarray], data: tuple[np.ndarray, np.ndarray]
) -> Callable[[], None] | None:
    """The proof of concept that the project was given, imported from a copy, on a net of the same shape."""
    folder = Path(os.environ.get("SPARSEGRAPH_SHARED", "")) / "prototypes"
    if not (folder / "dstv.py").is_file():
        return None
    if "dstv" not in sys.modules:
        copy = Path(tempfile.mkdtemp())
        for name in ("dst.py", "dstv.py"):
            shutil.copy(folder / name, copy)
        sys.path.append(str(copy))
    from dstv import VNet

    net = VNet(list(sizes), density, len(batches[0]))
    images, labels = data

    def steps() -> None:
        for batch in batches:
            net.k[4](images, batch, net.act[0])
            net.step(labels[batch], np.float32(LEARNING_RATE))

    return steps


def contestants(sizes: Sequence[int], density: float, batch_size: int) -> dict[str, Callable[[], object]]:
    rng = np.random.default_rng(0)
    masks = random_masks(sizes, density, rng)
    images = rng.random((N_SAMPLES, sizes[0]), np.float32)
    labels = rng.integers(0, sizes[-1], N_SAMPLES)
    order = rng.permutation(N_SAMPLES)[: N_STEPS * batch_size]
    batches = list(order.reshape(N_STEPS, batch_size))
    tensors = torch.from_numpy(images), torch.from_numpy(labels)
    calls: dict[str, Callable[[], object]] = {
        name: stepper(model, n_threads, [torch.from_numpy(batch) for batch in batches], tensors)
        for name, (model, n_threads) in peers(masks).items()
    }
    engine, rates = built_in(masks, batch_size), np.full(N_STEPS, LEARNING_RATE, np.float32)
    calls[OURS] = lambda: engine.train(images, labels, order, rates)
    rival = prototype(sizes, density, batches, (images, labels))
    return calls | ({"prototype": rival} if rival else {})


def main() -> None:
    quick = "--quick" in sys.argv
    for sizes, density, batch_size in SETTINGS[:2] if quick else SETTINGS:
        title = f"{N_STEPS} steps of {'-'.join(map(str, sizes))}, {1 - density:.1%} sparse, batch {batch_size}"
        taken = alternate(contestants(sizes, density, batch_size), repeats=12, budget=3)
        show(title, taken)
        medians = {name: statistics.median(times) for name, times in taken.items()}
        ratios = ", ".join(f"{name} {times / medians[OURS]:.1f}" for name, times in medians.items() if name != OURS)
        print(f"times that of the built-in trainer: {ratios}")
        if medians[OURS] > min(medians["torch dense, 1 thread"], medians["torch dense, 2 threads"]):
            print("dense torch wins here")


if __name__ == "__main__":
    main()
