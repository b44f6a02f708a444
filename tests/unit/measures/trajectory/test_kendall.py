"""Correlations of degrees between snapshots, against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from evolving import snapshots
from graphs import erdos_renyi
from scipy.stats import kendalltau
from trajectories import trajectory_of

from sparsegraph.errors import GraphError
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.trajectory.kendall import degree_correlation, kendall


@pytest.mark.parametrize("degree", ["total", "in", "out"])
def test_agrees_with_scipy(degree: str) -> None:
    trajectory = trajectory_of(snapshots(6))
    result = kendall(trajectory, degree=degree)  # type: ignore[arg-type]
    kind = {"total": "total", "in": "incoming", "out": "outgoing"}[degree]
    values = [getattr(degrees(snapshot.graph), kind)[12:20] for snapshot in trajectory]
    for i, row in enumerate(result.hidden.matrix):  # type: ignore[union-attr]
        for j, tau in enumerate(row):
            assert tau == pytest.approx(kendalltau(values[i], values[j]).statistic, abs=1e-12)
    assert result.per_layer[1].matrix == result.hidden.matrix  # type: ignore[union-attr]
    assert result.at.updates == tuple(range(6))


def test_snapshots_are_chosen_evenly() -> None:
    result = kendall(trajectory_of(snapshots(30)), n_snapshots=4)
    assert result.at.updates == (0, 10, 19, 29)
    assert len(result.hidden.consecutive) == 3  # type: ignore[union-attr]
    assert kendall(trajectory_of(snapshots(30)), n_snapshots=1).at.updates == (0,)


def test_two_graphs() -> None:
    one, other = erdos_renyi((20, 30, 25, 5), 0.2), erdos_renyi((20, 30, 25, 5), 0.2, seed=1)
    result = degree_correlation(one, other)
    a, b = degrees(one).total, degrees(other).total
    assert result.hidden == pytest.approx(kendalltau(a[20:75], b[20:75]).statistic, abs=1e-12)
    assert result.per_layer[2].tau == pytest.approx(kendalltau(a[50:75], b[50:75]).statistic, abs=1e-12)
    assert degree_correlation(one, one).hidden == pytest.approx(1.0, abs=1e-12)
    with pytest.raises(GraphError, match="different layers"):
        degree_correlation(one, erdos_renyi((20, 30, 5), 0.2))


def test_ties_on_one_side_only_are_no_error() -> None:
    trajectory = trajectory_of(snapshots(2))
    matrix = np.array(kendall(trajectory).per_layer[0].matrix)
    np.testing.assert_allclose(matrix, matrix.T)
    np.testing.assert_allclose(np.diag(matrix), 1.0)
