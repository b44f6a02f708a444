"""The papers' numbers as data."""

from __future__ import annotations

import math

import pytest

from sparsegraph.papers.data_sets import data_title
from sparsegraph.papers.methods import LABELS, label_of, stem_of
from sparsegraph.papers.numbers import all_numbers, paper_data, paper_number, paper_numbers
from sparsegraph.papers.titles import EPOCHS, PAPER_OF_FAMILY, PAPERS, SPARSITY, family_of


def test_every_number_is_finite_and_of_a_known_paper() -> None:
    for one in all_numbers():
        assert one.paper in PAPERS
        assert one.table.startswith("001" if one.paper == "000" else one.paper)  # the slides of 000 count as 001
        assert math.isfinite(one.value)
        assert one.spread is None or one.spread >= 0
        assert "" not in (one.method, one.data, one.quantity)


def test_no_number_is_there_twice() -> None:
    keys = [(one.table, one.method, one.data, one.quantity, one.note) for one in all_numbers()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("wanted", "value", "spread"),
    [
        # requirements, section C.2
        ({"table": "001 table 1", "method": "ch3l3", "quantity": "stable rank"}, 43.137, None),
        ({"table": "002 table A2", "method": "cht", "data": "mnist", "quantity": "accuracy"}, 98.05, 0.04),
        ({"table": "002 table A2", "method": "rigl-2x", "data": "fashion-mnist", "quantity": "aae"}, 85.23, 0.08),
        ({"table": "002 table A3", "method": "cht", "data": "mnist"}, 31.15, None),
        ({"table": "003 table 4", "method": "random", "data": "cifar10", "note": "mlp"}, 68.08, 0.07),
        ({"table": "004 table 1", "method": "chts", "data": "wmt17"}, 22.43, None),
        ({"table": "004 table A1", "quantity": "hidden neurons"}, 1568, None),
    ],
)
def test_some_numbers_as_printed(wanted: dict[str, str], value: float, spread: float | None) -> None:
    found = paper_number(**wanted)
    assert found is not None
    assert (found.value, found.spread) == (value, spread)


def test_percentages_are_percentages() -> None:
    for one in all_numbers():
        if one.quantity in ("accuracy", "aae", "anp"):
            assert 1 <= one.value <= 100, one


def test_one_number_is_one_or_none() -> None:
    assert paper_number(table="004 table 9") is None
    with pytest.raises(ValueError, match="12 numbers"):
        paper_number(table="004 table 1")
    assert len(paper_numbers(table="004 table 1")) == 12


def test_data_that_stand_for_the_papers() -> None:
    assert paper_data("cifar10-q75") == "cifar10"
    assert paper_data("mnist") == "mnist"
    assert data_title("mnist") == "MNIST"


def test_every_family_has_a_paper_and_its_lengths() -> None:
    assert set(PAPER_OF_FAMILY) == set(EPOCHS) == set(SPARSITY)
    assert set(PAPER_OF_FAMILY.values()) == set(PAPERS)
    assert (family_of("chts-chts-ri"), family_of("chts"), family_of("mine-set")) == ("chts", None, None)
    for number, paper in PAPERS.items():
        assert paper.number == number
        assert paper.bibtex.startswith("@misc{")
        assert paper.bibtex.count("{") == paper.bibtex.count("}")


def test_variants_have_the_colour_and_name_of_their_method() -> None:
    assert (stem_of("chts-ri-soft"), stem_of("rigl-2x"), stem_of("set-pm")) == ("chts", "rigl", "set")
    assert label_of("chts-ri-soft") == "CHTs, removal by RI"
    assert len(set(LABELS.values())) >= len(LABELS) - 1  # "static" twice: sst is static training
