"""A checkpoint of 100 million links, as a sparse language model's MLP has them, analysed within 12 GiB.

    python benchmarks/large_checkpoint.py [MILLIONS]

Blocks 4096 x 11008 and 11008 x 4096 in turns, magnitude-pruned to about 37 % of their weights, rows and columns of
unequal scale (so that degrees differ), are written as float16 safetensors into a temporary folder.  ``sparsegraph
analyze`` then runs in a process of its own: seconds of each part, and the largest memory that it held.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

MEASURES = ("sparsity", "activity", "degree", "powerlaw", "kshell", "credit_paths")
WIDE, NARROW, DENSITY = 11008, 4096, 0.37
LINKS_A_BLOCK = WIDE * NARROW * DENSITY
LIMIT = 12 * 1024**3


def shapes(n_links: float) -> list[tuple[int, int]]:
    """Torch's (out, in) of the blocks; fewer than one block's links make one pair of smaller blocks."""
    if n_links >= 2 * LINKS_A_BLOCK:
        return [(WIDE, NARROW), (NARROW, WIDE)] * round(n_links / (2 * LINKS_A_BLOCK))
    side = (n_links / (2 * LINKS_A_BLOCK)) ** 0.5
    wide, narrow = round(WIDE * side), round(NARROW * side)
    return [(wide, narrow), (narrow, wide)]


def pruned(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Normal weights, rows and columns scaled, the smaller ones 0."""
    weights = rng.standard_normal(shape, np.float32) * np.float32(0.02)
    for axis in (0, 1):
        scale = np.exp(np.float32(0.3) * rng.standard_normal(shape[axis], np.float32))
        weights *= np.expand_dims(scale, 1 - axis)
    level = np.quantile(np.abs(weights[:64]), 1 - DENSITY)
    weights[np.abs(weights) < level] = 0.0
    return weights.astype(np.float16)


def write(path: Path, n_links: float) -> None:
    from safetensors.numpy import save_file

    rng = np.random.default_rng(0)
    save_file({f"mlp.{i}.weight": pruned(shape, rng) for i, shape in enumerate(shapes(n_links))}, path)


def analyse(path: str) -> None:
    """Print what each part took; run in a process of its own."""
    from sparsegraph.report.analysis import Settings, analyze
    from sparsegraph.report.document import to_document

    marks: list[tuple[str, float, float]] = []

    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2

    def mark(step: str) -> None:
        marks.append((step, time.perf_counter(), peak()))

    mark("start")
    report = analyze(path, Settings(measures=MEASURES), progress=mark)
    mark("report")
    size = len(json.dumps(to_document(report)))
    mark("end")
    sparsity = report.results["sparsity"]
    steps = [
        (step, marks[i + 1][1] - begun, marks[i + 1][2])
        for i, (step, begun, _) in enumerate(marks[:-1])
        if step != "start"
    ]
    print(json.dumps({"steps": steps, "links": sparsity.n_links, "document": size}))


def main() -> None:
    n_links = 1e6 * float(sys.argv[1]) if sys.argv[1:] else 1e8
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        begun = time.perf_counter()
        write(path, n_links)
        print(f"written in {time.perf_counter() - begun:.1f} s: {path.stat().st_size / 1e6:.0f} MB")
        command = [sys.executable, __file__, "--analyse", str(path)]
        begun = time.perf_counter()
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        spent = time.perf_counter() - begun
    found = json.loads(answer.stdout)
    for step, seconds, peak in found["steps"]:
        print(f"{step:20s}{seconds:9.2f} s   peak so far {peak:6.2f} GiB")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(f"{found['links']:,} links: {spent:.1f} s in all, peak {peak / 1024**3:.2f} GiB")
    print(f"{found['document']:,} bytes of JSON")
    if n_links <= 1.01e8:
        assert peak < LIMIT, f"{peak} bytes are more than {LIMIT}"


if __name__ == "__main__":
    analyse(sys.argv[2]) if sys.argv[1:2] == ["--analyse"] else main()
