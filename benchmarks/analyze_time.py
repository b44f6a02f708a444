"""What `sparsegraph analyze` takes as a whole program, all measures, kernels compiled before and not.

python benchmarks/analyze_time.py [--repeats 3]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from side_by_side import random_net

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.native import save


def seconds(checkpoint: Path, cache: Path) -> float:
    """Wall-clock time of one run with its compiled kernels in ``cache``."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "sparsegraph", "analyze", str(checkpoint), "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "NUMBA_CACHE_DIR": str(cache)})
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    sparse_part = random_net((784, 1000, 1000, 1000), 27_840)
    readout = np.random.default_rng(0).normal(size=(1000, 10))
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Path(folder) / "mlp.pt"
        save(LayeredGraph.from_matrices([*(block.weights for block in sparse_part.blocks), readout]), checkpoint)
        first, *later = (seconds(checkpoint, Path(folder) / "cache") for _ in range(repeats + 1))
    print(f"784-1000-1000-1000-10, 99 % sparse: first run {first:.1f} s, later {statistics.median(later):.1f} s")


if __name__ == "__main__":
    main()
