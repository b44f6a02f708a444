"""What a figure is drawn from, and what is said of what is absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sparsegraph.figures.catalogue import FIGURES
from sparsegraph.figures.draw import draw_figure, why_not
from sparsegraph.figures.figure import Needs
from sparsegraph.figures.material import Material

BOTH = Needs(("cht-cht", "cht-dense"), least=2)
CHT, DENSE = ("cht-cht", 0, [0.5], {}), ("cht-dense", 0, [0.5], {})
CHANGED = ("cht-cht", 0, [0.5], {"zeta": 0.1, "hidden": "100x3"})


def test_enough_is_enough(told: Callable[..., Material]) -> None:
    assert BOTH.missing(told(CHT, DENSE, CHANGED)) is None
    assert BOTH.not_shown(told(CHT, DENSE, CHANGED)) == ""


def test_absent_and_changed_are_told_apart(told: Callable[..., Material]) -> None:
    needs = "needs runs of cht-cht cht-dense; "
    changed = "there are runs of cht-cht, but with changed options: hidden=100x3, zeta=0.1"
    assert BOTH.missing(told()) == f"{needs}there are none of cht-cht, cht-dense"
    assert BOTH.missing(told(CHT)) == f"{needs}there are none of cht-dense"
    assert BOTH.missing(told(CHANGED, DENSE)) == f"{needs}{changed}"
    assert BOTH.missing(told(CHANGED)) == f"{needs}there are none of cht-dense, and {changed}"


def test_many_changes_are_cut(told: Callable[..., Material]) -> None:
    runs = [("cht-cht", 0, [0.5], {"zeta": zeta}) for zeta in (0.1, 0.2, 0.3, 0.4, 0.5)]
    assert (BOTH.missing(told(*runs, DENSE)) or "").endswith("options: zeta=0.1; zeta=0.2; zeta=0.3; and 2 more")


def test_what_a_drawing_lacks(told: Callable[..., Material]) -> None:
    assert Needs(BOTH.profiles).not_shown(told(CHT)) == "there are none of cht-dense"
    varied = Needs(BOTH.profiles, varied=("zeta",), what="with zeta=0.1")
    assert varied.not_shown(told(CHANGED, DENSE)) == "there are none of cht-dense with zeta=0.1"


def test_a_figure_of_one_run_lacks_nothing(told: Callable[..., Material]) -> None:
    one = Needs(BOTH.profiles, shows_first=True)
    assert (one.missing(told(DENSE)), one.not_shown(told(DENSE))) == (None, "")
    assert one.missing(told()) == "needs runs of cht-cht or cht-dense; there are none of cht-cht, cht-dense"


RULES = ("survival-random", "survival-gradient", "survival-momentum")
SMALL_WORLD = {"start": "bsw", "beta": 0.25}
NOTHING_OF_IT: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    ("chts-4c", [("chts-chts", {"start": "er"}), ("chts-chts", {"start": "bsf", "zeta": 0.1})]),
    ("chts-4c", [("chts-chts", {}), ("chts-chts", {"start": "er"})]),
    ("chts-3a", [("chts-chts", {"start": "bsf"}), ("chts-chts", {"start": "er"})]),
    ("chts-3b", [("chts-chts", SMALL_WORLD), ("chts-chts", SMALL_WORLD | {"zeta": 0.1})]),
    ("cht-a1", [("cht-cht", {"learning_rate": rate, "start": "er"}) for rate in (0.1, 0.2, 0.3, 0.4)]),
    ("cht-a2", [("cht-cht", {}), ("cht-cht", {"start": "er", "sparsity": 0.9})]),
    ("survival-3", [("survival-random", {"model": "convnet", "sparsity": 0.9})]),
    ("survival-3", [("survival-random", {"model": "resnet50"})]),
    ("survival-table-4-convnet", [("survival-random", {"model": "resnet50"})]),
    ("survival-table-7-90", [(rule, {"sparsity": 0.8}) for rule in RULES]),
    ("survival-table-7-80", [(rule, {"sparsity": 0.8, "zeta": 0.1}) for rule in RULES]),
]
FOUND: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    ("chts-4c", [("chts-chts", {}), ("chts-chts", SMALL_WORLD)]),
    ("chts-3c", [("chts-chts", {"sparsity": 0.999}), ("chts-chts-ri", {"sparsity": 0.999})]),
    ("cht-a1", [("cht-cht", {"update_every": f"{n} epochs"}) for n in (1, 2, 3, 5)]),
    ("cht-a2", [("cht-cht", {"start_weights": "kaiming"})]),
    ("survival-3", [("survival-random", {"model": "convnet"})]),
    ("survival-table-7-90", [("survival-momentum", {"sparsity": 0.9})]),
]


@pytest.mark.parametrize(("name", "runs"), NOTHING_OF_IT)
def test_runs_that_vary_otherwise_are_not_what_a_figure_needs(
    told: Callable[..., Material], name: str, runs: list[tuple[str, dict[str, Any]]]
) -> None:
    reason = why_not(name, told(*((profile, 0, [0.5], changes) for profile, changes in runs)))
    assert (reason or "").startswith(f"needs runs of {runs[0][0]}")


@pytest.mark.parametrize(("name", "runs"), FOUND)
def test_what_the_drawing_finds_is_enough(
    told: Callable[..., Material], name: str, runs: list[tuple[str, dict[str, Any]]]
) -> None:
    material = told(*((profile, 0, [0.5], changes) for profile, changes in runs))
    assert why_not(name, material) is None
    assert draw_figure(name, material).cohorts


def test_a_table_of_one_sparsity_tells_which_of_its_methods_has_another(told: Callable[..., Material]) -> None:
    material = told(*((rule, 0, [0.5], {"sparsity": 0.8 if rule == RULES[0] else 0.9}) for rule in RULES))
    needs = FIGURES["survival-table-7-90"].needs
    assert needs.not_shown(material) == ("there are runs of survival-random, but with changed options: sparsity=0.8")
