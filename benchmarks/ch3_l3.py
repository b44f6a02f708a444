"""CH3-L3 and the selection of the highest scores, side by side with a prototype, the authors' times and argpartition.

    python benchmarks/ch3_l3.py [--repeats 7] [--dense-mask]

The prototype and the authors' recorded times are read from the folder SPARSEGRAPH_SHARED; what is not found is left
out.  The prototype (float64, its conversions included) is given a sparse matrix, and so is ours unless --dense-mask.
"""

from __future__ import annotations

import argparse
import ast
import os
import statistics
from collections.abc import Callable
from pathlib import Path

import numpy as np
from kcore import imported
from scipy import sparse
from side_by_side import alternate, show

from sparsegraph.kernels.link_scores import ch3_l3
from sparsegraph.kernels.selection import top_positions

SHARED = Path(os.environ.get("SPARSEGRAPH_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SKEW = 0.6
LAYERS = (
    ((784, 1000), 0.01, 0.0),
    ((784, 1000), 0.01, SKEW),
    ((1024, 1024), 0.01, 0.0),
    ((1024, 1024), 0.01, SKEW),
    ((1024, 1024), 0.05, 0.0),
    ((1568, 1568), 0.01, 0.0),
    ((1568, 1568), 0.01, SKEW),
    ((3072, 3072), 0.01, 0.0),
    ((3072, 3072), 0.01, SKEW),
)


def random_mask(shape: tuple[int, int], density: float, skew: float, seed: int = 0) -> np.ndarray:
    """Links drawn without replacement, in proportion to rank ** -skew of both neurons (0: uniform)."""
    rng = np.random.default_rng(seed)
    weights = [np.arange(1, size + 1) ** -skew for size in shape]
    clocks = rng.standard_exponential(shape) / np.outer(*weights)
    n_links = round(density * clocks.size)
    present = np.zeros(clocks.size, np.bool_)
    present[np.argpartition(clocks.ravel(), n_links)[:n_links]] = True
    return present.reshape(shape)


def authors_seconds() -> dict[tuple[int, float], float]:
    """Median seconds of the authors' compiled program on two threads, by size and density."""
    path = SHARED / "oracles" / "timing_ch3l3.txt"
    if not path.is_file():
        return {}
    rows = [ast.literal_eval(line) for line in path.read_text().splitlines() if line]
    return {(row["n"], row["density"]): row["median"] for row in rows if row["threads"] == "2"}


def score_contest(repeats: int, *, dense_mask: bool) -> None:
    path = SHARED / "prototypes" / "ch3l3.py"
    prototype = imported(path) if path.is_file() else None
    recorded = authors_seconds()
    for shape, density, skew in LAYERS:
        present = random_mask(shape, density, skew)
        stored = sparse.csr_array(present)
        asked = present if dense_mask else stored
        chosen: dict[str, Callable[[], np.ndarray]] = {"sparsegraph ch3_l3": lambda asked=asked: ch3_l3(asked)}
        if prototype is not None:
            chosen["prototype, float64"] = lambda shape=shape, stored=stored: prototype.ch3_slot(
                *shape, prototype.to_u(prototype.prep(stored)), np.float64
            )
            difference = np.abs(np.where(present, 0, chosen["prototype, float64"]()) - ch3_l3(asked)).max()
            assert difference < 1e-9, "the contestants disagree"
        taken = alternate(chosen, repeats=repeats, budget=20.0)
        n_paths = int(stored.sum(axis=1) @ (stored @ stored.sum(axis=0)))
        title = (
            f"{shape[0]} x {shape[1]}, {density:.0%}, {'skewed' if skew else 'uniform'}, {n_paths / 1e6:.2f} M paths"
        )
        show(f"{title}, load {os.getloadavg()[0]:.1f}", taken)
        theirs = recorded.get((shape[0], density)) if shape[0] == shape[1] and not skew else None
        if theirs:
            ours = statistics.median(taken["sparsegraph ch3_l3"])
            print(f"authors' program, recorded: {theirs:.2f} s, {theirs / ours:.0f} times as long")


def selection_contest(repeats: int) -> None:
    rng = np.random.default_rng(0)
    for shape, density in (((1024, 1024), 0.01), ((3072, 3072), 0.01), ((3072, 3072), 0.001)):
        present = random_mask(shape, density, 0.0)
        positions, scores = np.flatnonzero(present), ch3_l3(present).ravel()
        n = round(0.3 * positions.size)
        chosen = {
            "sparsegraph top_positions": lambda s=scores, n=n, p=positions: top_positions(s, n, excluded=p, rng=rng),
            "numpy argpartition": lambda s=scores, n=n: np.argpartition(s, s.size - n)[s.size - n :],
        }
        ours, theirs = (np.sort(scores[call()]) for call in chosen.values())
        assert np.array_equal(ours, theirs), "the contestants disagree"
        zeros = 1 - np.count_nonzero(scores) / scores.size
        title = f"the {n} highest of {scores.size} scores, {zeros:.0%} zero, load {os.getloadavg()[0]:.1f}"
        show(title, alternate(chosen, repeats=repeats, budget=20.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--dense-mask", action="store_true")
    options = parser.parse_args()
    score_contest(options.repeats, dense_mask=options.dense_mask)
    selection_contest(options.repeats)


if __name__ == "__main__":
    main()
