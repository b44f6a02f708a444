"""Does training slow down once a net knows its images?  Steps of a net that is sure of every label, beside a fresh one.

    python benchmarks/sure_net.py

The sure net is the fresh one with its readout scaled until half of the images have the right class ahead by 95 in the
outputs, whose odds of exp(-95) are a subnormal number in single precision.  784-1000x3-10, batches of 32: the built-in
trainer at 99 % sparsity; torch's dense net as it computes by default, and under the trainer's own conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from side_by_side import alternate, show
from sparse_nets import MOMENTUM, random_masks
from torch_peers import by_rows

from sparsegraph.training.compiled import CompiledMLP
from sparsegraph.training.optimiser import SGD
from sparsegraph.training.torch_conditions import fixed_conditions

SIZES, BATCH, N_STEPS, N_SAMPLES, LEAD = (784, 1000, 1000, 1000, 10), 32, 20, 2_000, 95.0


def readout_scale(outputs: np.ndarray) -> float:
    """What the outputs must be multiplied by for a median lead of ``LEAD``."""
    ordered = np.sort(outputs, axis=1)
    return float(LEAD / np.median(ordered[:, -1] - ordered[:, -2]))


def built_in(images: np.ndarray, order: np.ndarray) -> dict[str, Callable[[], object]]:
    rng = np.random.default_rng(0)
    masks = random_masks(SIZES, 0.01, rng)
    weights = [rng.normal(0, np.sqrt(2 / (m.density * m.shape[0])), m.n_links).astype(np.float32) for m in masks]
    outputs = images
    for place, (mask, own) in enumerate(zip(masks, weights, strict=True)):
        outputs = outputs @ mask.to_csr(own)
        outputs = np.maximum(outputs, 0) if place < len(masks) - 1 else outputs
    labels, rates = outputs.argmax(1), np.zeros(N_STEPS, np.float32)
    sure = [*weights[:-1], weights[-1] * np.float32(readout_scale(outputs))]

    def steps(values: Sequence[np.ndarray]) -> Callable[[], object]:
        engine = CompiledMLP(masks, values, batch_size=BATCH, optimiser=SGD(MOMENTUM))
        return lambda: engine.train(images, labels, order, rates)

    return {"built-in trainer, fresh": steps(weights), "built-in trainer, sure": steps(sure)}


def dense(images: np.ndarray, order: np.ndarray) -> dict[str, Callable[[], object]]:
    x = torch.from_numpy(images)
    batches = torch.from_numpy(order).split(BATCH)

    def steps(*, sure: bool, ours: bool) -> Callable[[], None]:
        torch.manual_seed(0)
        model = by_rows(lambda mask: torch.nn.Linear(*mask.shape), random_masks(SIZES, 1.0, np.random.default_rng(0)))
        with torch.no_grad():
            outputs = model(x)
            labels = outputs.argmax(1)
            if sure:
                for parameter in model[-1].parameters():
                    parameter *= readout_scale(outputs.numpy())
        optimiser = torch.optim.SGD(model.parameters(), 0.0, MOMENTUM, fused=True)

        def train() -> None:
            for batch in batches:
                optimiser.zero_grad()
                torch.nn.functional.cross_entropy(model(x[batch]), labels[batch]).backward()
                optimiser.step()

        def under_our_conditions() -> None:
            with fixed_conditions(1):
                train()

        return under_our_conditions if ours else train

    return {
        "torch dense, fresh": steps(sure=False, ours=False),
        "torch dense, sure": steps(sure=True, ours=False),
        "torch dense as in the trainer, sure": steps(sure=True, ours=True),
    }


def main() -> None:
    torch.set_num_threads(1)
    rng = np.random.default_rng(1)
    images = rng.normal(size=(N_SAMPLES, SIZES[0])).astype(np.float32)
    order = rng.permutation(N_SAMPLES)[: N_STEPS * BATCH]
    for title, contestants in (("99 % sparse", built_in(images, order)), ("dense", dense(images, order))):
        show(f"{N_STEPS} steps, {title}", alternate(contestants, repeats=9, budget=20.0))


if __name__ == "__main__":
    main()
