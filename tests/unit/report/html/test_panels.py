"""Panels over the training: where curves lie, and what their axes say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sparsegraph.report.html.axes import TOP
from sparsegraph.report.html.course import Curve
from sparsegraph.report.html.page import Panel
from sparsegraph.report.html.panels import panels_of
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.numbers import significant


def panel_of(run: Subject, name: str, *values: float) -> Panel:
    assert run.course is not None
    curve = Curve(tuple(map(float, range(len(values)))), values)
    panels = panels_of([replace(run, course=replace(run.course, curves={name: curve}, moments=()))])
    assert panels is not None
    return panels.panels[0]


def heights(panel: Panel) -> list[float]:
    return [float(point.partition(",")[2]) for point in panel.lines[0].points[0].split()]


@pytest.mark.parametrize("values", [(17.9, 6.0, 8.0), (2.5, 3.1, 17.9), (4.9, 5.0, 5.1)])
def test_alphas_of_no_power_law_lie_at_the_upper_edge_and_the_edge_says_so(run: Subject, values: tuple) -> None:
    panel = panel_of(run, "alpha", *values)
    assert heights(panel)[-1] == TOP
    assert panel.y_ticks[-1] == (TOP, "5 or more")
    assert panel.lines[0].values == tuple(map(significant, values))
    assert sum(word == "5 or more" for _, word in panel.y_ticks) == 1


def test_alphas_of_power_laws_have_an_axis_of_their_own(run: Subject) -> None:
    panel = panel_of(run, "alpha", 2.1, 2.4, 2.9)
    assert not any("more" in word for _, word in panel.y_ticks)
    assert min(heights(panel)) >= TOP
