"""Kendall's tau-b of degrees: one pair, and all pairs of 20 snapshots, against scipy."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.stats import kendalltau
from side_by_side import alternate, show

from sparsegraph.kernels.kendall import kendall_tau_b, ranking, tau_of


def main() -> None:
    rng = np.random.default_rng(0)
    for n in (1_536, 4_000, 100_000):
        x = rng.poisson(rng.gamma(2.0, 40.0, n))
        y = x + rng.poisson(20, n)
        assert abs(kendall_tau_b(x, y) - kendalltau(x, y).statistic) < 1e-12
        one, other = ranking(x), ranking(y)
        taken = alternate(
            {
                "sparsegraph": lambda x=x, y=y: kendall_tau_b(x, y),
                "sparsegraph, ranked before": lambda one=one, other=other: tau_of(one, other),
                "scipy": lambda x=x, y=y: kendalltau(x, y),
            },
            repeats=30,
            budget=5.0,
        )
        show(f"one pair of vectors of {n:,} degrees", taken)

    snapshots = [rng.poisson(rng.gamma(2.0, 40.0, 1_536)) for _ in range(20)]

    def ours() -> list[float]:
        ranked = list(map(ranking, snapshots))
        return [tau_of(one, other) for one, other in itertools.combinations(ranked, 2)]

    def theirs() -> list[float]:
        return [kendalltau(one, other).statistic for one, other in itertools.combinations(snapshots, 2)]

    np.testing.assert_allclose(ours(), theirs(), atol=1e-12)
    show(
        "all pairs of 20 snapshots of 1,536 neurons",
        alternate({"sparsegraph": ours, "scipy": theirs}, repeats=10, budget=10),
    )


if __name__ == "__main__":
    main()
