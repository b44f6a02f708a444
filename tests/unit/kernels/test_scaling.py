"""Coordinates from distances: known points, exact against iterated, landmarks against all."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from sparsegraph.kernels import scaling
from sparsegraph.kernels.scaling import scale

PLANE = {"first": 0, "count": 2, "centred": True}


def cloud(n: int, seed: int = 0) -> np.ndarray:
    """Points on a plane, wider than high."""
    return np.random.default_rng(seed).normal(size=(n, 2)) * [3.0, 1.0]


@pytest.mark.parametrize("n", [60, 400], ids=["all eigenvectors", "iterated"])
def test_points_on_a_plane_come_back(n: int) -> None:
    points = cloud(n)
    found = scale(cdist(points, points), None, **PLANE)
    np.testing.assert_allclose(cdist(found.points, found.points), cdist(points, points), atol=1e-9)
    assert found.eigenvalues[2] == pytest.approx(0.0, abs=1e-8 * found.eigenvalues[0])


@pytest.mark.parametrize("way", [PLANE, {"first": 1, "count": 2, "centred": False}], ids=["centred", "as they are"])
def test_iterated_equals_all_eigenvectors(way: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    distances = cdist(cloud(300), cloud(300), "cityblock") ** 1.5  # of no plane: negative eigenvalues
    iterated = scale(distances.copy(), None, **way)
    monkeypatch.setattr(scaling, "LARGEST_DENSE", 1000)
    whole = scale(distances.copy(), None, **way)
    np.testing.assert_allclose(iterated.points, whole.points, atol=1e-8 * np.abs(whole.points).max())
    np.testing.assert_allclose(iterated.eigenvalues, whole.eigenvalues, rtol=1e-8)
    assert iterated.gap == pytest.approx(whole.gap, abs=1e-8)
    assert (whole.eigenvalues < 0).any()


@pytest.mark.parametrize("way", [PLANE, {"first": 1, "count": 2, "centred": False}], ids=["centred", "as they are"])
def test_with_all_as_landmarks_nothing_changes(way: dict[str, int]) -> None:
    distances = cdist(cloud(300), cloud(300), "cityblock") ** 1.5
    exact = scale(distances.copy(), None, **way)
    through_all = scale(distances.copy(), np.arange(300), **way)
    np.testing.assert_allclose(through_all.points, exact.points, atol=1e-8 * np.abs(exact.points).max())


def test_few_landmarks_place_points_of_a_plane_exactly() -> None:
    points = cloud(50)
    landmarks = np.array([3, 11, 12, 30, 44])
    found = scale(cdist(points[landmarks], points), landmarks, **PLANE)
    np.testing.assert_allclose(cdist(found.points, found.points), cdist(points, points), atol=1e-9)


def test_coinciding_eigenvalues_leave_no_gap() -> None:
    """n points at equal distances: the centred matrix is (I - 1/n) / 2, all eigenvalues but one are 1/2."""
    for n in (12, 300):  # all eigenvectors, iterated
        found = scale(1.0 - np.eye(n), None, **PLANE)
        np.testing.assert_allclose(found.eigenvalues, 0.5, rtol=1e-9)
        assert found.gap < 1e-9


def test_a_line_has_no_second_dimension() -> None:
    places = np.arange(10.0)[:, None]
    assert scale(cdist(places, places), None, **PLANE).gap == 0.0


def test_threads_change_nothing() -> None:
    import numba

    distances = cdist(cloud(300), cloud(300), "cityblock")
    before = numba.get_num_threads()
    try:
        found = []
        for n_threads in (1, before):
            numba.set_num_threads(n_threads)
            found.append(scale(distances.copy(), None, **PLANE).points)
    finally:
        numba.set_num_threads(before)
    np.testing.assert_array_equal(found[0], found[1])
