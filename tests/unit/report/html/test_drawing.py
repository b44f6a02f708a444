"""Drawings within a page."""

from __future__ import annotations

import re

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsegraph.report.html import drawing
from sparsegraph.report.html.drawing import inline, picture

HOSTILE = "</script><img src=x onerror=alert(1)>"


def titled(title: str) -> Axes:
    axes = Figure().subplots()
    axes.plot([1, 2], [3, 4], label=title)
    axes.set_title(title)
    return axes


def test_names_of_elements_are_their_own_and_what_they_refer_to_is_there() -> None:
    markup = picture(lambda: titled("a"), name="f1", alt="", caption="").markup
    names = re.findall(r'\bid="([^"]+)"', markup)
    referred = re.findall(r'(?:href="#|url\(#)([^")]+)', markup)
    assert names
    assert referred
    assert all(name.startswith("f1-") for name in names)
    assert set(referred) <= set(names)


def test_a_name_of_a_file_stays_text() -> None:
    markup = picture(lambda: titled(HOSTILE), name="f1", alt="", caption="").markup
    assert "<img" not in markup
    assert "&lt;img" in markup


@pytest.mark.parametrize("name", ["$x_{$", r"$\frac$", "a $b$ c"])
def test_dollar_signs_that_are_no_formula_are_drawn(name: str) -> None:
    assert picture(lambda: titled(name), name="f1", alt="", caption="").markup.startswith("<svg")


def test_a_text_that_looks_like_a_reference_is_left_as_it_is() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>url(#a) id="b" 1.23456</text></svg>'
    assert 'url(#a) id="b" 1.23456' in inline(svg, "f1")


def test_a_large_drawing_becomes_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "LARGEST_SVG", 100)
    markup = picture(lambda: titled("a"), name="f1", alt="told", caption="").markup
    assert markup.startswith('<img src="data:image/png;base64,')
