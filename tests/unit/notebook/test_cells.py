"""What fits into a cell, and that hostile words do nothing."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from sparsegraph.notebook.cells import brief, cell, fields_table, grid
from sparsegraph.notebook.markup import Markup, element
from sparsegraph.result import Result, Undefined, per_neuron

HOSTILE = '<script>alert("x")</script>\'"&'


@dataclass(frozen=True)
class Layered(Result):
    share: float | Undefined
    layer: str


@dataclass(frozen=True)
class Whole(Result):
    n_links: int
    share: float | Undefined
    per_layer: tuple[Layered, ...]
    course: tuple[float | Undefined, ...]
    degree: np.ndarray = per_neuron()
    readout: str = "readout counted"


WHOLE = Whole(
    n_links=1234567,
    share=Undefined("no <links>"),
    per_layer=(Layered(0.5, "input"), Layered(Undefined("too few"), HOSTILE)),
    course=(1.0, 2.0, Undefined("gap"), 4.0, 5.0),
    degree=np.array([1, 2, 2, 3, 9]),
)


class _Tags(HTMLParser):
    """Every tag that was opened, and whether all were closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append(tag)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def tags(text: str) -> list[str]:
    parser = _Tags()
    parser.feed(text)
    parser.close()
    assert parser._open == []
    return parser.seen


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"),
        (0.5, "0.5"),
        (0.0123456, "0.01235"),
        (True, "yes"),
        ("words", "words"),
        ((64, 10), "64, 10"),
        (3 * 10**400, "3.000e+400"),
        (-(10**20), "-1.000e+20"),
        (np.int64(7), "7"),
    ],
)
def test_single_values_are_short(value: Any, shown: str) -> None:
    assert cell(value) == shown


def test_what_is_undefined_says_why_in_muted_italics() -> None:
    assert cell(Undefined("no <links>")) == '<i class="muted">undefined: no &lt;links&gt;</i>'


def test_a_result_shows_every_field_and_escapes_every_word() -> None:
    table = fields_table(WHOLE)
    seen = tags(table)
    for field in ("n_links", "share", "per_layer", "course", "degree", "readout"):
        assert f"<th>{field}</th>" in table
    assert "1,234,567" in table
    assert "script" not in seen
    assert "&lt;script&gt;" in table
    assert seen.count("svg") == 2


def test_the_layer_comes_first_in_a_table_of_layers_and_reasons_stand_below_it() -> None:
    table = str(cell(WHOLE.per_layer))
    assert table.index(">layer<") < table.index(">share<")
    assert table.count("–: too few") == 1


def test_a_gap_splits_the_line_of_a_series() -> None:
    assert tags(str(cell(WHOLE.course))).count("polyline") == 2


def test_an_array_tells_its_shape_and_its_ends() -> None:
    assert "array, 2 × 3: 0 to 5" in str(cell(np.arange(6).reshape(2, 3)))
    assert "2 yes, 1 no" in str(cell(np.array([True, False, True])))
    assert "nothing finite" in str(cell(np.array([np.nan])))
    assert "0, float64" in str(cell(np.empty(0)))


def test_counts_by_value_are_one_distribution() -> None:
    @dataclass(frozen=True)
    class Shells(Result):
        values: tuple[int, ...]
        counts: tuple[int, ...]

    table = fields_table(Shells((0, 1, 5), (2, 6, 2)))
    assert "counts" not in table
    assert "10 neurons with 3 values, 0 to 5" in table
    assert tags(table).count("rect") == 3  # of the six steps 0 to 5 three are taken


def test_results_by_name_are_a_table_and_what_is_missing_stretches() -> None:
    table = str(cell({"a": Layered(0.5, "x"), "b": Undefined("none here")}))
    assert 'colspan="2"' in table
    assert "–: none here" in table


def test_long_tables_are_cut_and_say_so() -> None:
    assert "and 70 more" in str(cell(tuple(Layered(0.1, str(i)) for i in range(100))))


def test_brief_leaves_sizes_of_sets_out_unless_there_is_nothing_else() -> None:
    assert str(brief(WHOLE)).startswith('<span class="muted">share</span> <i>undefined</i>')


def test_grid_marks_columns_of_numbers() -> None:
    made = grid(["layer", "share"], [["a", 0.5], ["b", Undefined("why")]])
    assert made.count('class="number"') == 3  # the head and both cells


def test_only_markup_is_taken_as_it_is() -> None:
    assert element("b", "<i>", Markup("<u></u>"), None, title='"') == '<b title="&quot;">&lt;i&gt;<u></u></b>'
