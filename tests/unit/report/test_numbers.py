"""Numbers for people: nothing rounds to what it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.report.numbers import given_percent, p_or_bound, percent, significant, with_error


@given(st.floats(0, 1))
def test_a_share_reads_0_or_100_only_if_it_is(share: float) -> None:
    text = percent(share)
    assert (float(text.removesuffix(" %")) == 0) == (share == 0)
    assert (float(text.removesuffix(" %")) == 100) == (share == 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (3.0, "3"), (1234.56, "1,235"), (0.5, "0.500"), (-2.0e-7, "-2.00e-07"), (1e20, "1.00e+20")],
)
def test_significant_digits(value: float, text: str) -> None:
    assert significant(value) == text


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (2.4699, 0.0351, "2.470 ± 0.035"),
        (5.75, 0.64, "5.75 ± 0.64"),
        (12345.6, 78.9, "12,346 ± 79"),
        (-0.5, 1.25, "-0.5 ± 1.2"),
        (0.25, 0.0, "0.2500 ± 0"),
        (0.25, 2e-7, "0.2500 ± 2.0e-07"),
    ],
)
def test_a_value_has_the_decimals_of_its_error(value: float, error: float, text: str) -> None:
    assert with_error(value, error) == text


def test_a_share_that_was_chosen_reads_as_it_was_given() -> None:
    assert [given_percent(share) for share in (0.04, 0.07, 0.25, 0.125, 1.0)] == [
        "4 %",
        "7 %",
        "25 %",
        "12.5 %",
        "100 %",
    ]


def test_a_p_of_zero_is_a_bound_by_the_replicas() -> None:
    assert (p_or_bound(0.0, 2500), p_or_bound(0.0, 100), p_or_bound(0.5, 100, digits=3)) == (
        "< 0.0004",
        "< 0.01",
        "0.500",
    )
