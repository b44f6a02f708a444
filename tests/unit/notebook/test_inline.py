"""Plots of the height of a line."""

from __future__ import annotations

import re

import numpy as np

from sparsegraph.notebook.inline import MOST_BARS, bars, histogram, interval, sparkline


def heights(svg: str) -> list[float]:
    return [float(found) for found in re.findall(r'<rect[^>]* height="([\d.]+)"', svg)]


def test_bars_are_as_high_as_their_numbers_and_the_smallest_is_seen() -> None:
    assert heights(bars([1, 2, 0, 10_000], "")) == [1.0, 1.0, 22.0]
    assert heights(bars([1, 2], "")) == [11.0, 22.0]


def test_many_bars_are_pooled() -> None:
    assert len(heights(bars([1] * 1000, ""))) <= MOST_BARS


def test_a_histogram_of_few_whole_numbers_has_a_bar_for_each() -> None:
    assert heights(histogram(np.array([0, 0, 1, 3]), "")) == [22.0, 11.0, 11.0]


def test_a_histogram_counts_values_as_often_as_told() -> None:
    once = histogram(np.array([0, 0, 1, 3]), "")
    assert histogram(np.array([0, 1, 3]), "", counts=np.array([2, 1, 1])) == once


def test_nothing_is_drawn_where_nothing_can_be_seen() -> None:
    assert histogram(np.array([2.0, 2.0]), "") == ""
    assert histogram(np.array([0.0, 5e-324]), "") == ""
    assert sparkline([None, 1.0], "") == ""
    assert bars([], "") == ""
    assert interval(1.0, 1.0, 0.0) == ""


def test_a_line_ends_with_a_dot_at_its_last_value() -> None:
    svg = sparkline([0.0, 1.0], "rises <up>")
    assert 'points="2.0,20.0 130.0,2.0"' in svg
    assert 'cx="130.0" cy="2.0"' in svg
    assert 'aria-label="rises &lt;up&gt;"' in svg


def test_long_series_keep_their_last_value_and_stay_small() -> None:
    svg = sparkline([float(i % 7) for i in range(10_000)] + [100.0], "")
    assert 'cx="130.0" cy="2.0"' in svg
    assert len(svg) < 8000


def test_an_interval_has_its_number_on_the_right_side() -> None:
    def dot(svg: str) -> float:
        return float(re.findall(r'<circle cx="([\d.]+)"', svg)[0])

    assert dot(interval(3.0, 2.0, 0.1)) > 66 > dot(interval(1.0, 2.0, 0.1))
