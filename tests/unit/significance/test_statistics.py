"""z, the empirical p and Holm's correction on examples worked out by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sparsegraph.result import Undefined
from sparsegraph.significance.statistics import compare, draws_needed, holm, two_sided_p


def test_mean_deviation_z_and_p_by_hand() -> None:
    # mean 2, deviations -1, 0, 1: variance 2 / 2; z = (4 - 2) / 1; above all three draws: p = 2 (1 + 0) / (1 + 3)
    found = compare(4.0, np.array([1.0, 2.0, 3.0]))
    assert (found.null_mean, found.null_std, found.z, found.p, found.n_defined) == (2.0, 1.0, 2.0, 0.5, 3)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (10.0, 2 * 1 / 10),  # above all nine
        (9.0, 2 * 2 / 10),  # as large as the largest: itself and that one
        (0.0, 2 * 1 / 10),  # below all nine
        (5.0, 1.0),  # the middle: five on each side, twice 6 / 10, at most 1
    ],
)
def test_the_p_value_counts_the_network_as_a_draw(observed: float, expected: float) -> None:
    assert two_sided_p(observed, np.arange(1.0, 10.0)) == pytest.approx(expected)


def test_equal_up_to_rounding_is_equal() -> None:
    draws = np.array([0.1 + 0.2, 0.3, 0.5])
    assert two_sided_p(0.3, draws) == 1.0
    assert two_sided_p(0.3, draws) == two_sided_p(0.1 + 0.2, draws)


def test_under_the_null_hypothesis_p_is_at_most_its_level_that_often() -> None:
    # By counting: of 20 exchangeable values each is the observed one in turn.
    values = np.random.default_rng(0).normal(size=20)
    p = np.array([two_sided_p(values[i], np.delete(values, i)) for i in range(20)])
    for level in (0.1, 0.2, 0.5):
        assert (p <= level).mean() == pytest.approx(level)


def test_what_the_null_model_fixes_is_no_test() -> None:
    found = compare(0.3, np.full(50, 0.1 + 0.2), fixed=True)
    assert isinstance(found.p, Undefined)
    assert isinstance(found.z, Undefined)
    assert "fixes" in found.p.reason
    assert found.null_std == 0.0


def test_what_happens_to_be_the_same_in_every_draw_is_a_test() -> None:
    """Else the number of tests, and with it Holm's correction, would depend on the draws."""
    found = compare(0.3, np.full(50, 0.1 + 0.2))
    assert found.p == 1.0
    assert found.z == Undefined("the same in the network and in all 50 draws")


def test_draws_that_do_not_differ_have_a_p_but_no_z() -> None:
    found = compare(5.0, np.full(39, 4.0))
    assert isinstance(found.z, Undefined)
    assert found.p == 2 / 40


def test_what_is_undefined_stays_so_and_says_why() -> None:
    nowhere = compare(1.0, np.array([]))
    assert isinstance(nowhere.null_mean, Undefined)
    assert nowhere.n_defined == 0
    unknown = compare(Undefined("no links"), np.array([1.0, 2.0]))
    assert unknown.null_mean == 1.5
    assert unknown.p == Undefined("no links")
    single = compare(3.0, np.array([1.0]))
    assert isinstance(single.null_std, Undefined)
    assert single.p == 1.0


def test_holm_by_hand() -> None:
    # m = 4; sorted 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1 = 0.02, 0.03, 0.06, 0.04; the last rises to 0.06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.4]) == [0.4]
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def closed_test(p_values: list[float]) -> list[float]:
    """Holm's procedure as a closed test: largest, over all sets a hypothesis is in, of size times smallest p."""
    indices = range(len(p_values))
    sets = [s for size in range(1, len(p_values) + 1) for s in itertools.combinations(indices, size)]
    return [max(min(1.0, len(s) * min(p_values[j] for j in s)) for s in sets if i in s) for i in indices]


def test_holm_agrees_with_the_closed_test_of_bonferroni() -> None:
    # R. Marcus, E. Peritz, K. R. Gabriel, Biometrika 63 (1976) 655: the principle from which Holm's procedure follows
    rng = np.random.default_rng(0)
    for _ in range(50):
        p_values = (rng.random(6) ** 3).round(2).tolist()
        assert holm(p_values) == pytest.approx(closed_test(p_values))


@pytest.mark.parametrize("n_tests", [1, 7, 30])
def test_the_draws_needed_are_just_enough(n_tests: int) -> None:
    needed = draws_needed(n_tests)
    smallest = [holm([2 / (n + 1), *[1.0] * (n_tests - 1)])[0] for n in (needed - 1, needed)]
    assert smallest[0] > 0.05 >= smallest[1] - 1e-12
