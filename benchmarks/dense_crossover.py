"""Where dense training on a CPU becomes faster than ultra-sparse training: density by density and width by width.

    python benchmarks/dense_crossover.py [-o results.csv]

784-W-W-W-10 with a complete readout; a step of the built-in trainer (one thread) against one of torch's dense net on
one thread and on two, in turns.  The ratio is dense over sparse; the crossing is where it falls to 1, interpolated on
logarithmic axes.  Rows are written as they come: some eight minutes in all.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from side_by_side import alternate
from sparse_nets import LEARNING_RATE, built_in, random_masks
from torch_peers import by_rows, stepper

WIDTHS = (128, 256, 512, 1024, 2048, 4096)
DENSITIES = (0.002, 0.01, 0.05, 0.1, 0.2, 0.35, 0.6)
BATCHES = (32, 128)
N_SAMPLES, N_STEPS = 8_000, 4
OURS = "sparse"


def contestants(width: int, density: float, batch_size: int) -> dict[str, Callable[[], object]]:
    """The three ways of the same few steps."""
    rng = np.random.default_rng(0)
    sizes = (784, width, width, width, 10)
    masks = random_masks(sizes, density, rng)
    images = rng.random((N_SAMPLES, sizes[0]), np.float32)
    labels = rng.integers(0, sizes[-1], N_SAMPLES)
    order = rng.permutation(N_SAMPLES)[: N_STEPS * batch_size]
    batches = [torch.from_numpy(batch) for batch in order.reshape(N_STEPS, batch_size)]
    tensors = torch.from_numpy(images), torch.from_numpy(labels)
    dense = by_rows(lambda mask: torch.nn.Linear(*mask.shape), masks)
    engine, rates = built_in(masks, batch_size), np.full(N_STEPS, LEARNING_RATE, np.float32)
    return {
        OURS: lambda: engine.train(images, labels, order, rates),
        "dense, 1 thread": stepper(dense, 1, batches, tensors),
        "dense, 2 threads": stepper(dense, 2, batches, tensors),
    }


def row_of(batch_size: int, width: int, density: float) -> dict[str, float]:
    """Milliseconds of a step and ratios, of one net."""
    taken = alternate(contestants(width, density, batch_size), repeats=9, budget=0.5)
    medians = {name: statistics.median(times) / N_STEPS for name, times in taken.items()}
    row: dict[str, float] = {"batch": batch_size, "width": width, "density": density}
    row |= {f"ms, {name}": 1e3 * value for name, value in medians.items()}
    return row | {f"ratio, {name}": value / medians[OURS] for name, value in medians.items() if name != OURS}


def crossing(densities: np.ndarray, ratios: np.ndarray) -> float | None:
    """The density at which the ratio falls to 1; None if it never does here."""
    below = np.flatnonzero(ratios < 1)
    if not below.size or below[0] == 0:
        return None
    i = int(below[0])
    x, y = np.log(densities[i - 1 : i + 1]), np.log(ratios[i - 1 : i + 1])
    return float(np.exp(x[0] - y[0] * (x[1] - x[0]) / (y[1] - y[0])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path)
    chosen = parser.parse_args()
    rows = []
    for cell in itertools.product(BATCHES, WIDTHS, DENSITIES):
        rows.append(row_of(*cell))
        if chosen.output:
            pd.DataFrame(rows).to_csv(chosen.output, index=False, float_format="%.4g")
    table = pd.DataFrame(rows)
    print(table.round(3).to_string(index=False))
    print("\ndensity at which dense becomes faster")
    for (batch_size, width), part in table.groupby(["batch", "width"]):
        found = [
            crossing(part["density"].to_numpy(), part[f"ratio, dense, {n}"].to_numpy())
            for n in ("1 thread", "2 threads")
        ]
        told = ["none up to 0.6" if one is None else f"{one:.3f}" for one in found]
        print(f"batch {batch_size}, width {width}: {told[0]} (1 thread), {told[1]} (2 threads)")


if __name__ == "__main__":
    main()
