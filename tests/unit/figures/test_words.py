"""Tables of words."""

from __future__ import annotations

import pytest

from sparsegraph.figures.kinds.words import _inches, words, wrapped
from sparsegraph.figures.material import Material

LONG = "removal by the magnitude of the weight, then percolation, then regrowth by CH3-L3"


def test_lines_are_broken_at_blanks_and_fit() -> None:
    lines = list(wrapped(LONG, 1.5))
    assert " ".join(lines) == LONG
    assert len(lines) > 2
    assert all(_inches(line) <= 1.5 for line in lines)


def test_the_indent_of_a_text_is_kept_in_all_its_lines() -> None:
    lines = list(wrapped("    " + LONG, 1.5))
    assert all(line.startswith("    ") and not line.startswith("     ") for line in lines)
    assert " ".join(line.strip() for line in lines) == LONG


def test_paragraphs_stay_apart_and_a_long_word_stands_alone() -> None:
    assert list(wrapped("one\ntwo", 5.0)) == ["one", "two"]
    assert list(wrapped("a incomprehensibilities b", 0.3)) == ["a", "incomprehensibilities", "b"]
    assert list(wrapped("", 1.0)) == [""]


def test_the_data_are_the_cells_and_rows_may_be_made_of_the_material() -> None:
    drawn = words(
        Material(seed=3), columns=("a", "b"), rows=lambda material: [("  x", str(material.seed))], notes=("n",)
    )
    assert drawn.data.to_dict("list") == {"a": ["x"], "b": ["3"]}
    assert drawn.notes == ("n",)
    shown = [text.get_text() for text in drawn.canvas.axes[0].texts]
    assert shown == ["a", "b", "x", "3"]


def test_pictures_grow_with_their_cells() -> None:
    short = words(Material(), columns=("a", "b"), rows=[("x", "y")]).canvas
    tall = words(Material(), columns=("a", "b"), rows=[("x", LONG * 4)]).canvas
    assert tall.get_figheight() > short.get_figheight()
    assert tall.get_figwidth() == short.get_figwidth() == 7.2


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        words(Material(), columns=("a", "b"), rows=[("x",)])
