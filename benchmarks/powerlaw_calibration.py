"""How often true power laws are rejected or another law preferred, and what is no power law called scale-free.

python benchmarks/powerlaw_calibration.py [--samples 2000] [--size 500] [--ratios 500] [--verdicts 200]

Prints type I errors at 0.05 and 0.1 with 95 % confidence intervals (Clopper and Pearson), per exponent, for a fixed
and for a selected xmin; then how often the likelihood ratio prefers another law to a true power law, by p alone and
as ``favours`` has it; then the verdicts on Poisson samples, random nets and true power laws.  0 leaves a part out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from functools import partial

import numpy as np
from scipy import stats

from sparsegraph.kernels.powerlaw import draw_discrete, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import bootstrap_p_value
from sparsegraph.kernels.tail_alternatives import LAWS
from sparsegraph.measures.powerlaw import Alternative, fit_degrees
from sparsegraph.result import Undefined

ALPHAS = (1.5, 2.0, 2.5, 3.0, 3.5, 5.0)
REPLICAS = 199  # P(p <= 0.05) is exactly 10 / 200 if p is calibrated


def rate(hits: int, n: int) -> str:
    low, high = stats.binomtest(hits, n).proportion_ci(0.95)
    return f"{hits / n:.4f} [{low:.4f}, {high:.4f}]"


def type_one_errors(n_samples: int, size: int) -> None:
    print(f"{n_samples} samples of {size} per row, {REPLICAS} replicas each")
    print(f"{'alpha':>6} {'xmin':>9} {'P(p <= 0.05)':>26} {'P(p <= 0.1)':>26} {'mean alpha':>11}")
    for alpha in ALPHAS:
        for xmin in (1, None):
            rng = np.random.default_rng([int(10 * alpha), xmin or 0])
            p_values, estimates = [], []
            for _ in range(n_samples):
                data = draw_discrete(alpha, 1, size, rng)
                fit = fit_discrete(data, xmin=xmin)
                estimates.append(fit.alpha)
                p_values.append(bootstrap_p_value(data, fit, replicas=REPLICAS, rng=rng))
            hits = [int((np.array(p_values) <= level).sum()) for level in (0.05, 0.1)]
            cells = " ".join(f"{rate(hit, n_samples):>26}" for hit in hits)
            kind = "fixed" if xmin else "selected"
            print(f"{alpha:6.1f} {kind:>9} {cells} {np.mean(estimates):11.4f}", flush=True)


def preferred_alternatives(n_samples: int) -> None:
    print(
        f"\nother laws preferred to a true power law from xmin 1, {n_samples} samples each: by p < 0.1 alone, favoured"
    )
    print(f"{'alpha':>6} {'n':>5} " + " ".join(f"{law:>22}" for law in LAWS) + f" {'any':>16}")
    for alpha in (2.0, 2.5, 3.0, 5.0):
        for size in (200, 1000):
            rng = np.random.default_rng([int(10 * alpha), size])
            fits = [
                fit_degrees(draw_discrete(alpha, 1, size, rng), rng=rng, xmin=1, replicas=1) for _ in range(n_samples)
            ]
            by_p = np.array([[by_p_alone(fit.alternatives[law]) for law in LAWS] for fit in fits])
            favoured = np.array(
                [[getattr(fit.alternatives[law], "favours", "") == law for law in LAWS] for fit in fits]
            )
            cells = [f"{a:.3f} {b:.3f}" for a, b in zip(by_p.mean(axis=0), favoured.mean(axis=0), strict=True)]
            any_law = f"{by_p.any(axis=1).mean():.3f} {favoured.any(axis=1).mean():.3f}"
            row = " ".join(f"{cell:>22}" for cell in cells)
            print(f"{alpha:6.1f} {size:5} {row} {any_law:>16}", flush=True)


def by_p_alone(other: Alternative | Undefined) -> bool:
    return isinstance(other, Alternative) and other.p_value < 0.1 and other.log_likelihood_ratio < 0


def random_net_degrees(rng: np.random.Generator) -> np.ndarray:
    """Total degrees of the hidden neurons of a uniformly random 784-1000-1000-10 net at 1 %, readout dense."""
    first, second = rng.random((784, 1000)) < 0.01, rng.random((1000, 1000)) < 0.01
    return np.concatenate([first.sum(axis=0) + second.sum(axis=1), second.sum(axis=0) + 10])


def verdicts(n_samples: int) -> None:
    rng = np.random.default_rng(0)
    draws = {
        "Poisson 2": lambda: rng.poisson(2, 1000),
        "Poisson 10": lambda: rng.poisson(10, 1000),
        "Poisson 40": lambda: rng.poisson(40, 1000),
        "random net at 1 %": lambda: random_net_degrees(rng),
    }
    for xmin in (1, 2, 3, 10):
        for size in (1000, 30_000, 100_000):
            draws[f"2.5 from {xmin}, n = {size}"] = partial(draw_discrete, 2.5, xmin, size, rng)
    print(f"\nverdicts on {n_samples} samples each, 200 replicas")
    for name, draw in draws.items():
        fits = [fit_degrees(draw(), rng=rng, replicas=200) for _ in range(n_samples)]
        passed = np.mean([isinstance(fit.p_value, float) and fit.p_value > 0.1 for fit in fits])
        words = ", ".join(f"{count} {word}" for word, count in Counter(str(f.verdict) for f in fits).most_common())
        print(f"{name:26} p > 0.1 in {passed:.0%}: {words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--size", type=int, default=500)
    parser.add_argument("--ratios", type=int, default=500)
    parser.add_argument("--verdicts", type=int, default=200)
    given = parser.parse_args()
    if given.samples:
        type_one_errors(given.samples, given.size)
    if given.ratios:
        preferred_alternatives(given.ratios)
    if given.verdicts:
        verdicts(given.verdicts)


if __name__ == "__main__":
    main()
