"""Coalescent embedding and angular separability against the authors' code, run on stored inputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sparsegraph.kernels.hyperbolic import angular_separation, coalescent_embedding

NETS = ("karate", "ba120", "layered130", "lesmis")
DROPPED = {("lesmis", "RA2", "LE"), ("lesmis", "EBC", "LE")}
"""Near-degenerate (oracles/README.md)."""
ON_PLANES = [(net, w, red) for net in NETS for w in ("RA1", "RA2", "EBC") for red in ("ISO", "ncISO", "LE")]
ON_LINES = [(net, "original", red) for net in NETS for red in ("MCE", "ncMCE")]
CASES = [case for case in ON_PLANES + ON_LINES if case not in DROPPED]
CIRCLES = (
    "perfect4x12",
    "random",
    "unequal_with_singleton",
    "interleaved2",
    "ties",
    "layered130_RA1_ncISO_original",
    "layered130_EBC_LE_EA",
)


def apart(found: np.ndarray, wanted: np.ndarray) -> float:
    """Largest difference of angles on the circle."""
    return float(np.abs(np.angle(np.exp(1j * (found - wanted)))).max())


def flips(theta: np.ndarray, reduction: str) -> list[np.ndarray]:
    """The ways in which the sign of the axes may turn out (oracles/README.md)."""
    if "MCE" in reduction:
        return [theta, theta.max() - theta]
    return [theta, -theta, np.pi - theta, theta + np.pi]


@pytest.fixture(scope="module")
def embeddings(oracles: Path) -> dict[str, np.ndarray]:
    with np.load(oracles / "coalescent_embedding.npz") as stored:
        return {name: stored[name] for name in stored}


@pytest.mark.parametrize(("net", "weighting", "reduction"), CASES)
def test_angles_and_radii(embeddings: dict[str, np.ndarray], net: str, weighting: str, reduction: str) -> None:
    name = f"{net}__{weighting}_{reduction}"
    wanted = embeddings[f"{name}_original"]
    given = embeddings[f"{net}__{'W' if weighting == 'original' else 'A'}"]
    options = {"weighting": weighting, "reduction": reduction}
    theta, r = coalescent_embedding(given, adjustment="original", **options)
    np.testing.assert_allclose(r, wanted[:, 1], rtol=0, atol=1e-12)
    best = min(flips(theta, reduction), key=lambda turned: apart(turned, wanted[:, 0]))
    assert apart(best, wanted[:, 0]) < 1e-9
    spread, again = coalescent_embedding(given, adjustment="EA", **options)
    np.testing.assert_array_equal(again, r)
    check_order(spread, embeddings[f"{name}_EA"][:, 0], wanted[:, 0])


def check_order(spread: np.ndarray, wanted: np.ndarray, angles: np.ndarray) -> None:
    """Equidistant, and round the circle in the authors' order up to reflection and rotation.

    Neurons with the same neighbours have one angle: their order is anybody's, so each gets the name of the first.
    """
    n = spread.size
    np.testing.assert_allclose(np.sort(spread), 2 * np.pi * np.arange(n) / n, atol=1e-12)
    same = np.abs(angles[:, None] - angles) < 1e-9
    name = same.argmax(axis=1)
    order, target = name[np.argsort(spread)], name[np.argsort(wanted)]
    rotations = [np.roll(turned, k) for turned in (order, order[::-1]) for k in range(n)]
    assert any((turned == target).all() for turned in rotations)


def test_every_embedding_of_the_oracle_is_compared(embeddings: dict[str, np.ndarray]) -> None:
    compared = {f"{net}__{weighting}_{reduction}_original" for net, weighting, reduction in CASES}
    assert {name for name in embeddings if name.endswith("_original")} == compared


@pytest.mark.parametrize("circle", CIRCLES)
@pytest.mark.parametrize(("number", "worst_case"), [(0, "theoretical"), (1, "computational")])
def test_angular_separability(oracles: Path, circle: str, number: int, worst_case: str) -> None:
    with np.load(oracles / "asi.npz") as stored:
        case = {name.removeprefix(f"{circle}__"): stored[name] for name in stored if name.startswith(f"{circle}__")}
    found = angular_separation(case["theta"], case["labels"], permutations=case["perms0"], worst_case=worst_case)
    wanted = {
        name.removeprefix(f"wc{number}_"): value for name, value in case.items() if name.startswith(f"wc{number}")
    }
    assert found.index == pytest.approx(float(wanted["index"]), abs=1e-12)
    assert found.p_value == pytest.approx(float(wanted["p"]), abs=1e-12)
    np.testing.assert_allclose(found.groups, wanted["group"], rtol=0, atol=1e-12)  # NaN for a single point in both
    np.testing.assert_allclose(found.index_random, wanted["indexrand"], rtol=0, atol=1e-12)
