"""Angles that nets were grown from come back, also where layers hide them."""

from __future__ import annotations

import itertools
from typing import Literal

import numpy as np
import pytest

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.hyperbolic import Hyperbolic, hyperbolic


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """1 if angles agree up to rotation and reflection, near 0 for random ones."""
    return float(max(np.abs(np.exp(1j * (one - sign * other)).mean()) for sign in (1, -1)))


def grown_on_a_circle(seed: int) -> tuple[LayeredGraph, np.ndarray]:
    """Three layers of 150 neurons at random angles; a link between neighbouring layers is the likelier the nearer."""
    rng = np.random.default_rng(seed)
    places = [rng.uniform(0.0, 2.0 * np.pi, 150) for _ in range(3)]
    matrices = []
    for here, there in itertools.pairwise(places):
        away = np.abs(np.angle(np.exp(1j * (here[:, None] - there))))
        matrices.append((rng.random(away.shape) < np.exp(-((away / 0.3) ** 2))).astype(float))
    return LayeredGraph.from_matrices(matrices), np.concatenate(places)


@pytest.mark.parametrize(("reduction", "least"), [("ISO", 0.97), ("LE", 0.97), ("ncISO", 0.97)])
def test_angles_on_a_circle_come_back(reduction: Literal["ISO", "LE", "ncISO"], least: float) -> None:
    graph, places = grown_on_a_circle(seed=0)
    found = hyperbolic(graph, rng=np.random.default_rng(0), reduction=reduction, adjustment="original")
    assert found.n_left_out == 0
    assert likeness(found.theta, places) > least
    equidistant = hyperbolic(graph, rng=np.random.default_rng(0), reduction=reduction)
    assert likeness(equidistant.theta, places) > least


def test_layers_on_one_circle_lie_anywhere() -> None:
    """The angles of all three layers were drawn alike, so that only one net in ten has a p-value of at most 0.1."""
    found = [run(seed) for seed in range(20)]
    p = np.array([one.layers.p_value for one in found], dtype=float)
    assert np.count_nonzero(p <= 0.1) <= 6  # 7 or more of 20 have a chance of 0.2 %
    assert max(float(one.layers.index) for one in found) < 0.2  # type: ignore[arg-type]
    assert min(float(one.communities.index) for one in found) > 0.5  # type: ignore[arg-type]


def run(seed: int) -> Hyperbolic:
    return hyperbolic(grown_on_a_circle(seed)[0], rng=np.random.default_rng(seed), n_permutations=199)
