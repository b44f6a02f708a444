"""Memory of training 784-1568x3-10 on synthetic data: a sparse net by the built-in trainer, a dense one in torch.

    python benchmarks/train_memory.py

Each runs in a process of its own; counted is by how much its peak rises once all is imported,
compiled and loaded.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
from collections.abc import Callable

import numpy as np

SIZES, N_SAMPLES, BATCH_SIZE, N_BATCHES = (784, 1568, 1568, 1568, 10), 2000, 32, 20
DENSITY = 0.01


def peak() -> float:
    """Largest resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def train_sparse(sizes: tuple[int, ...], images: np.ndarray, labels: np.ndarray) -> Callable[[], float]:
    from sparse_nets import built_in, random_masks

    masks = random_masks(sizes, DENSITY, np.random.default_rng(0))
    order, rates = np.arange(BATCH_SIZE * N_BATCHES), np.full(N_BATCHES, 0.01, np.float32)

    def run() -> float:
        engine = built_in(masks, BATCH_SIZE)
        engine.train(images, labels, order, rates)
        owned = [engine._values, engine._gradient, *engine._moments]
        return sum(array.nbytes for array in owned) / 1e6

    return run


def train_dense(sizes: tuple[int, ...], images: np.ndarray, labels: np.ndarray) -> Callable[[], float]:
    import torch
    from torch_peers import by_rows, stepper

    data = torch.from_numpy(images), torch.from_numpy(labels)
    batches = list(torch.arange(BATCH_SIZE * N_BATCHES).split(BATCH_SIZE))

    def run() -> float:
        shapes = itertools.pairwise(sizes)
        model = by_rows(lambda shape: torch.nn.Linear(*shape), shapes)
        stepper(model, 1, batches, data)()
        return 3 * sum(parameter.nbytes for parameter in model.parameters()) / 1e6

    return run


def measure(kind: str) -> None:
    """Print what training takes beyond what is there when all is imported, compiled and loaded."""
    rng = np.random.default_rng(0)
    images, labels = rng.random((N_SAMPLES, SIZES[0]), np.float32), rng.integers(0, 10, N_SAMPLES)
    trainer = {"sparse": train_sparse, "dense": train_dense}[kind]
    trainer((SIZES[0], 4, 10), images, labels)()
    run = trainer(SIZES, images, labels)
    before = peak()
    print(json.dumps({"owned": run(), "beyond": peak() - before, "before": before}))


def main() -> None:
    found = {}
    for kind in ("sparse", "dense"):
        answer = subprocess.run([sys.executable, __file__, kind], check=True, capture_output=True, text=True).stdout
        found[kind] = json.loads(answer)
        print(
            f"{kind:8s} weights, gradients and momentum {found[kind]['owned']:7.1f} MB, "
            f"peak {found[kind]['beyond']:7.1f} MB above the {found[kind]['before']:.0f} MB before it"
        )
    ratio = found["dense"]["owned"] / found["sparse"]["owned"]
    print(f"parameters, gradients and momentum: {ratio:.0f} times less at {1 - DENSITY:.0%} sparsity")


if __name__ == "__main__":
    measure(sys.argv[1]) if sys.argv[1:] else main()
