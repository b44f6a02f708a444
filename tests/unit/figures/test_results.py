"""Tables of what methods reached."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sparsegraph.figures.kinds.results import results
from sparsegraph.figures.material import Material

PROFILES = ("chts-dense", "chts-chts", "chts-set")


@pytest.fixture
def material(told: Callable[..., Material]) -> Material:
    return told(
        ("chts-set", 0, [0.1, 0.7], {}),
        ("chts-chts", 0, [0.1, 0.8], {}),
        ("chts-chts", 1, [0.1, 0.9], {}),
        ("chts-dense", 0, [0.1, 0.75], {}),
        ("chts-set", 0, [0.1, 0.5], {"sparsity": 0.999}),
    )


def test_rows_are_methods_and_stars_lie_above_the_dense_net(material: Material) -> None:
    drawn = results(material, profiles=PROFILES, dense="chts-dense", varied="sparsity")
    rows = drawn.data.set_index("row")
    assert list(rows.index) == ["dense", "CHTs", "SET", "SET, sparsity 0.999"]
    assert rows.loc["CHTs", ["ours", "n"]].tolist() == pytest.approx([85, 2])
    assert rows.loc["CHTs", "standard_deviation"] == pytest.approx(50**0.5)
    assert rows["above_dense"].to_dict() == {"dense": False, "CHTs": True, "SET": False, "SET, sparsity 0.999": False}
    shown = [text.get_text() for text in drawn.canvas.axes[0].texts]
    assert "85.00 ± 7.07 *" in shown
    assert "70.00" in shown
    assert "*" in drawn.notes[0]


def test_without_a_dense_net_there_are_no_stars(material: Material) -> None:
    drawn = results(material, profiles=PROFILES[1:], dense="chts-dense", quantity="anp")
    assert drawn.data["above_dense"].tolist() == [False, False]
    assert drawn.data["ours"].tolist() == pytest.approx([42.5, 35])
    assert "*" not in drawn.notes[0]
    assert list(drawn.data.columns) == ["row", "column", "ours", "standard_deviation", "n", "quantity", "above_dense"]


def test_runs_of_several_lengths_are_told(told: Callable[..., Material]) -> None:
    material = told(("chts-set", 0, [0.1, 0.7], {}), ("chts-dense", 0, [0.8], {}))
    assert len(results(material, profiles=PROFILES, dense="chts-dense").notes) == 2
