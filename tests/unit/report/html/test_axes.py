"""Axes of the panels."""

from __future__ import annotations

import pytest

from sparsegraph.report.html.axes import across, at_least, powers, round_numbers, upwards, widened


def test_ends_of_the_axis_lie_at_its_ends_and_powers_are_evenly_spaced() -> None:
    x, y = across(1, 100, is_log=True), upwards(0, 1)
    assert (x(1), x(10), x(100)) == (62.0, 183.0, 304.0)
    assert (y(0), y(1)) == (152.0, 10.0)


def test_ticks_are_round_and_within() -> None:
    assert across(0, 100).ticks(lambda value: f"{value:g}") == (
        (62.0, "0"),
        (122.5, "25"),
        (183.0, "50"),
        (243.5, "75"),
        (304.0, "100"),
    )


@pytest.mark.parametrize(
    ("values", "ends"), [([0.26, 0.97], (0.2, 1.0)), ([3.0, 3.0], (1.5, 4.5)), ([0.0, 0.0], (-0.5, 0.5))]
)
def test_an_axis_has_round_ends_and_never_no_length(values: list[float], ends: tuple[float, float]) -> None:
    assert widened(values) == pytest.approx(ends)


def test_numbers_between_two_powers_have_no_tick() -> None:
    assert powers(2, 9) == []
    assert len(round_numbers(-3, 7)) in range(3, 7)


def test_isolated_neurons_count_in_the_share_and_have_no_place() -> None:
    values, shares = at_least([(0, 2), (1, 1), (4, 1)])
    assert values.tolist() == [1, 4]
    assert shares.tolist() == [0.5, 0.25]
