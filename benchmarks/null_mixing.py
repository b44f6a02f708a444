"""How fast degree-preserving draws forget where they started.

python benchmarks/null_mixing.py [CHECKPOINT ...]

What is left after so many rounds: the share of links in their old places minus that of draws after 300 rounds, in
thousandths, means over 16 draws each; the noise is the standard error of the one subtracted.  Blocks of the checkpoints
given, and of three generators.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from sparsegraph import load
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.nulls import erdos_renyi, rewired
from sparsegraph.topology.scale_free import bipartite_scale_free
from sparsegraph.topology.small_world import bipartite_small_world

ROUNDS = (2, 4, 8, 16, 24, 32, 60)
DRAWS = 16
SHAPE = (1000, 1000)


def main() -> None:
    heads = "".join(f"{rounds:7d}" for rounds in ROUNDS)
    print(f"{'block':40s}{'links':>9s}{'limit':>7s}{'noise':>7s}  left after rounds, thousandths\n{'':63s}{heads}")
    for name, mask in blocks(sys.argv[1:]):
        rng = np.random.default_rng(0)
        limit, noise = kept(mask, 300, rng)
        cells = "".join(f"{1000 * (kept(mask, rounds, rng)[0] - limit):+7.1f}" for rounds in ROUNDS)
        print(f"{name:40s}{mask.n_links:9,d}{limit:7.3f}{1000 * noise:7.1f}{cells}")


def kept(mask: Mask, rounds: int, rng: np.random.Generator) -> tuple[float, float]:
    """Mean share of links in their old places after so many rounds, and its standard error."""
    start = mask.positions
    draws = [rewired(start, mask.shape, rng=rng, rounds=rounds) for _ in range(DRAWS)]
    shares = [np.intersect1d(start, draw, assume_unique=True).size / start.size for draw in draws]
    return float(np.mean(shares)), float(np.std(shares, ddof=1) / np.sqrt(DRAWS))


def blocks(paths: list[str]) -> Iterator[tuple[str, Mask]]:
    rng = np.random.default_rng(0)
    yield "Erdos-Renyi", Mask(SHAPE, erdos_renyi(SHAPE, 10_000, rng=rng))
    yield "scale-free (BSF)", bipartite_scale_free(SHAPE, 100_000, rng=rng)[0]
    yield "small world (BSW, beta 0.05)", bipartite_small_world([SHAPE], [50_000], rng=rng, beta=0.05)[0]
    for path in paths:
        for block in load(path).graph.blocks:
            mask = Mask.from_csr(block.weights)
            if 0 < mask.n_links < mask.n_possible:
                yield f"...{path[-24:]} {block.name}", mask


if __name__ == "__main__":
    main()
