"""Power-law fits and p-values, in turns with igraph, the package powerlaw and, where given, a prototype.

python benchmarks/powerlaw_speed.py [--prototype FILE] [--repeats 3]

The prototype is a Python file with ``plfit(data, replicas)``, 0 replicas meaning the fit alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import igraph
import numpy as np
import powerlaw

from sparsegraph.kernels.powerlaw import draw_discrete, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import bootstrap_p_value

REPLICAS = 2500


def samples() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {
        "Barabasi-Albert, m = 5": barabasi_albert(1000, 5, rng),
        "power law 2.5": draw_discrete(2.5, 1, 1000, rng),
        "Poisson 40": rng.poisson(40, 1000),
        "random net at 1 %": rng.binomial(784, 0.01, 1000) + rng.binomial(1000, 0.01, 1000),
    }


def barabasi_albert(n: int, m: int, rng: np.random.Generator) -> np.ndarray:
    """Degrees of a growing net whose new neurons link to ends of old links."""
    ends = list(range(m))
    for new in range(m, n):
        chosen: set[int] = set()
        while len(chosen) < m:
            chosen.add(ends[rng.integers(len(ends))])
        ends += [*chosen, *[new] * m]
    return np.bincount(ends)


def seconds(run: Callable[[], Any], n_runs: int) -> float:
    start = time.perf_counter()
    for _ in range(n_runs):
        run()
    return (time.perf_counter() - start) / n_runs


def ratios(ours: Callable[[], Any], theirs: Callable[[], Any], repeats: int, n_ours: int) -> tuple[float, float, float]:
    """Median seconds of both and median of the paired ratios theirs / ours, measured in turns after a warm-up."""
    ours()
    pairs = [(seconds(ours, n_ours), seconds(theirs, 1)) for _ in range(repeats)]
    mine, other = zip(*pairs, strict=True)
    return statistics.median(mine), statistics.median(other), statistics.median(b / a for a, b in pairs)


def fit_with_package(data: np.ndarray) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return powerlaw.Fit(data, discrete=True, parameter_ranges={"alpha": [1.0001, 50]}, verbose=0)


def load(path: str) -> Callable[[np.ndarray, int], Any]:
    spec = importlib.util.spec_from_file_location("prototype", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.plfit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prototype")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    prototype = load(given.prototype) if given.prototype else None
    print(f"load {os.getloadavg()[0]:.1f}; n = 1000; medians of {given.repeats} pairs; ratio = theirs / ours")
    print(f"{'sample':24} {'task':20} {'peer':16} {'ours, ms':>9} {'peer, ms':>10} {'ratio':>7}")
    for name, data in samples().items():
        data = data[data > 0]
        fit = fit_discrete(data)

        def whole(data: np.ndarray = data) -> float:
            return bootstrap_p_value(data, fit_discrete(data), replicas=REPLICAS, rng=np.random.default_rng(0))

        def alone(data: np.ndarray = data) -> Any:
            return fit_discrete(data)

        def by_igraph(precision: float, data: np.ndarray = data) -> Any:
            return igraph.power_law_fit(data.tolist(), method="discrete", p_precision=precision)

        contests: list[tuple[str, str, Callable[[], Any], Callable[[], Any], int]] = [
            (f"fit + {REPLICAS} replicas", "igraph", whole, lambda: by_igraph(0.01), 1),
            ("fit", "igraph (+1 rep.)", alone, lambda: by_igraph(0.5), 50),
            ("fit", "powerlaw.Fit", alone, lambda data=data: fit_with_package(data), 50),
        ]
        if prototype is not None:
            prototype(data, 100)
            contests += [
                (f"fit + {REPLICAS} replicas", "prototype", whole, lambda data=data: prototype(data, REPLICAS), 1),
                ("fit", "prototype", alone, lambda data=data: prototype(data, 0), 50),
            ]
        for task, peer, ours, theirs, n_ours in contests:
            mine, other, ratio = ratios(ours, theirs, given.repeats, n_ours)
            print(f"{name:24} {task:20} {peer:16} {1e3 * mine:9.3f} {1e3 * other:10.2f} {ratio:6.1f}x", flush=True)
        theirs = by_igraph(0.01)
        print(f"{'':24} p = {whole():.4f} (igraph {theirs.p:.4f}), alpha {fit.alpha:.5f} (igraph {theirs.alpha:.5f})")


if __name__ == "__main__":
    main()
