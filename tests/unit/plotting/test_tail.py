"""What is drawn are the numbers: points are the shares, the line is the fitted law."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graphs import complete, golden_net
from scipy.special import zeta

from sparsegraph.errors import SparseGraphError
from sparsegraph.measures.catalogue import measure
from sparsegraph.plotting.catalogue import plot
from sparsegraph.plotting.style import save
from sparsegraph.plotting.tail import plot_tail


def test_points_and_line() -> None:
    net = golden_net()
    degrees, fit = measure(net, "degree").hidden.total, measure(net, "powerlaw", replicas=100)
    axes = plot_tail(degrees, fit)
    points, line = axes.lines[0], axes.lines[1]
    total = measure(net, "degree").total_degree[30:150]
    x, y = points.get_data()
    np.testing.assert_allclose(y, [(total >= k).mean() for k in x])
    assert x[0] == total[total > 0].min()
    x, y = line.get_data()
    assert x[0] == fit.xmin
    np.testing.assert_allclose(y / y[0], zeta(fit.alpha, x) / zeta(fit.alpha, fit.xmin))
    assert y[0] == pytest.approx((total >= fit.xmin).mean())


def test_without_a_fit_the_points_stand_alone() -> None:
    net = complete(3, 4, 2)
    axes = plot_tail(measure(net, "degree").hidden.total, measure(net, "powerlaw", replicas=100))
    assert len(axes.lines) == 1


def test_the_same_figure_gives_the_same_file(tmp_path: Path) -> None:
    net = golden_net()
    degrees, fit = measure(net, "degree").hidden.total, measure(net, "powerlaw", replicas=100)
    for name in ("a.svg", "b.svg"):
        save(plot_tail(degrees, fit), tmp_path / name, kind="svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_fit_alone_says_with_what_it_is_drawn() -> None:
    fit = measure(golden_net(), "powerlaw", replicas=100)
    for alone in (fit, fit.in_degree):
        with pytest.raises(SparseGraphError, match="is drawn with the degrees that it was fitted to"):
            plot(alone)
