"""Schematics: their parts, and the numbers beside them."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.figures.kinds.diagram import Arrow, Box, Matrix, Net, NetLink, Note, Scene, diagram, draw_scene
from sparsegraph.figures.material import Material


def test_neurons_stand_in_columns_within_the_frame() -> None:
    net = Net("net", (1.0, 2.0), (3.0, 1.0), (2, 4), (NetLink(0, 0, 3),))
    assert net.place((0, 0)) == (1.0, 2.75)
    assert net.place((0, 1)) == (1.0, 2.25)
    assert net.place((1, 3)) == (4.0, 2.125)


def test_the_data_name_every_part() -> None:
    parts = (
        Box("a", (1, 1), (1, 0.5), "first\nstep"),
        Box("b", (3, 1), (1, 0.5), "second"),
        Arrow("a", "b", "then"),
        Note((0.1, 1.9), "a note"),
        Net("net", (1, 0.2), (1, 0.4), (2, 2), (NetLink(0, 1, 0, "regrown"),)),
        Matrix("m", (3, 0.2), (0.5, 0.5), np.array([[0.5, 2.0]]), np.array([[False, True]])),
    )
    drawn = diagram(Material(), scene=lambda material: Scene((4.0, 2.0), parts, notes=("how",)))
    told = drawn.data.set_index("part")
    assert told.loc["box", "text"].tolist() == ["first step", "second"]
    assert told.loc["arrow", "name"] == "a to b"
    assert told.loc["link", ["text", "layer", "source", "target"]].tolist() == ["regrown", 1, 1, 0]
    assert told.loc["cell", "text"].tolist() == ["", "link"]
    assert drawn.notes == ("how",)


def test_a_scene_has_its_own_size_and_may_have_numbers_of_its_own() -> None:
    scene = Scene((4.0, 2.0), (Note((0.1, 1.9), "two\nlines"),), data=({"x": 1},))
    drawn = diagram(Material(), scene=lambda material: scene)
    assert drawn.data.to_dict("list") == {"x": [1]}
    assert drawn.canvas.get_size_inches().tolist() == [4.0, 2.0]
    assert [text.get_text() for text in drawn.canvas.axes[0].texts] == ["two", "lines"]


def test_arrows_end_on_the_frames_of_boxes() -> None:
    boxes = Box("a", (1.0, 1.0), (1.0, 0.5), ""), Box("b", (3.0, 1.0), (1.0, 0.5), "")
    axes = draw_scene(Scene((4.0, 2.0), (*boxes, Arrow("a", "b")))).axes[0]
    arrow = axes.patches[-1]
    assert arrow._posA_posB == [(1.5, 1.0), (2.5, 1.0)]


def test_the_number_of_a_link_is_not_written() -> None:
    matrix = Matrix("m", (0, 0), (1, 1), np.array([[0.5, 0.25, 0.0]]), np.array([[False, True, False]]))
    axes = draw_scene(Scene((1.0, 1.0), (matrix,))).axes[0]
    assert [text.get_text() for text in axes.texts] == ["0.50"]


def test_what_is_no_part_is_refused() -> None:
    with pytest.raises(TypeError, match="str is no part"):
        draw_scene(Scene((1.0, 1.0), ("text",)))  # type: ignore[arg-type]
