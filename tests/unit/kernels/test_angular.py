"""Angular separability by hand, its edge cases and its calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sparsegraph.errors import DataError
from sparsegraph.kernels.angles import directions
from sparsegraph.kernels.angular import angular_separation

AROUND = np.arange(8) * np.pi / 4


def test_mistakes_by_hand() -> None:
    """Round the circle a a b a b b b b.

    a at places 0, 1, 3: gaps 0, 1 and 4, the widest left out: 1 mistake; b at 2, 4, 5, 6, 7: gaps 1, 0, 0, 0 and 2:
    1 mistake.  Evenly spread they make ceil(5 * 2 / 3) = 4 and ceil(3 * 4 / 5) = 3.
    """
    labels = np.array([5, 5, 9, 5, 9, 9, 9, 9])
    found = angular_separation(AROUND, labels, permutations=np.arange(8)[None], worst_case="theoretical")
    assert found.index == pytest.approx(1 - 2 / 7)
    assert found.groups.tolist() == [[5.0, pytest.approx(1 - 1 / 4)], [9.0, pytest.approx(1 - 1 / 3)]]
    assert found.p_value == 1.0  # the only permutation changes nothing: (1 + 1) / (1 + 1)


def test_the_worst_permutation_is_the_measure() -> None:
    """Round the circle a a b a b b b a: 1 mistake each; a b a b a b a b: 3 each.  So 1 - 2 / 6, and p = 1 / 2."""
    labels = np.array([0, 0, 1, 0, 1, 1, 1, 0])
    alternating = np.array([0, 2, 1, 4, 3, 5, 7, 6])  # neuron i takes the place of neuron alternating[i]
    assert labels[np.argsort(alternating)].tolist() == [0, 1] * 4
    turned = (AROUND + 1.0) % (2 * np.pi)  # a rotation changes nothing
    for theta in (AROUND, turned):
        found = angular_separation(theta, labels, permutations=alternating[None])
        assert (found.index, found.p_value) == (pytest.approx(1 - 2 / 6), 0.5)


def test_contiguous_arcs_are_perfect_and_singles_take_no_part() -> None:
    labels = np.array([1, 1, 1, 2, 2, 2, 3, 1])  # 1 runs over the end of the circle
    found = angular_separation(AROUND, labels, permutations=50, rng=np.random.default_rng(0))
    assert found.index == 1.0
    assert np.isnan(found.groups[2, 1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"theta": np.arange(3.0), "labels": np.array([0, 0, 1])}, "at least 4"),
        ({"theta": AROUND * 2}, "theta"),
        ({"labels": np.zeros(8, int)}, "groups"),
        ({"labels": np.arange(8)}, "groups"),
        ({"labels": np.array([0, 1])}, "labels"),
        ({"permutations": 0}, "permutations"),
        ({"permutations": np.zeros((2, 5), int)}, "permutations"),
        ({"rng": None}, "rng"),
        ({"worst_case": "best"}, "worst_case"),
    ],
)
def test_what_has_no_separation_is_refused(change: dict[str, Any], message: str) -> None:
    options: dict[str, Any] = {
        "theta": AROUND,
        "labels": np.array([0, 1] * 4),
        "permutations": 5,
        "rng": np.random.default_rng(0),
    }
    with pytest.raises(DataError, match=message):
        angular_separation(**(options | change))


def test_neurons_of_equal_angle_share_a_level() -> None:
    points = np.array([[1.0, 0.0], [2.0, -1e-15], [0.0, 3.0], [1e-14, 3.0], [0.0, 0.0], [-1.0, 0.0]])
    around = directions(points)  # the second point lies just below the axis, that is just below a full turn
    assert around.level[0] == around.level[1] == around.level[4]  # at the origin: angle 0
    assert around.level[2] == around.level[3]
    assert around.level.max() == 2
    np.testing.assert_allclose(np.sort(around.equidistant()), 2 * np.pi * np.arange(6) / 6)


def test_on_a_line_the_ends_are_apart() -> None:
    theta = directions(np.array([[3.0], [-1.0], [1.0], [0.0]])).theta
    np.testing.assert_allclose(theta, np.array([1.0, 0.0, 0.5, 0.25]) * 1.5 * np.pi)
