"""Bounds and how numbers are written."""

from __future__ import annotations

import pytest

from sparsegraph.findings.rule import Rule, written


def test_bounds_are_open() -> None:
    assert not Rule(above=0.5).holds(0.5)
    assert not Rule(below=0.5).holds(0.5)
    assert Rule(0.25, 0.45).holds(0.3)


@pytest.mark.parametrize("bounds", [(), (1.0, 1.0), (2.0, 1.0)])
def test_a_rule_that_says_nothing_or_cannot_hold_is_refused(bounds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):
        Rule(*bounds)


def test_units() -> None:
    assert written(0.31151, "share") == "31.2 %"
    assert written(0.0123, "points") == "+1.23 points"
    assert written(-0.2, "change") == "-0.200"
    assert Rule(0.97, 1.03).words("ratio") == "from 0.970× to 1.03×"
