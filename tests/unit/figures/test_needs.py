"""What a figure is drawn from, and what is said of what is absent."""

from __future__ import annotations

from collections.abc import Callable

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
