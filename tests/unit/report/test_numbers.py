"""Numbers for people: nothing rounds to what it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.report.numbers import percent, significant


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
