"""Win rates: who meets whom, and who is left out."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from sparsegraph.errors import SparseGraphError
from sparsegraph.figures.kinds.win_rates import Level, met, win_rates
from sparsegraph.figures.material import Material

LEVELS = (
    Level("soft", "chts-chts"),
    Level("hard", "chts-chts-rigid-removal"),
    Level("RI", "chts-chts-ri"),
)
Make = Callable[..., Material]


def test_runs_of_one_seed_and_sparsity_meet(told: Make) -> None:
    material = told(
        ("chts-chts", 0, [0.1, 0.9], {}),
        ("chts-chts-rigid-removal", 0, [0.95, 0.8], {}),
        ("chts-chts", 1, [0.1, 0.6], {}),
        ("chts-chts-rigid-removal", 1, [0.1, 0.7], {}),
        ("chts-chts", 0, [0.1, 0.5], {"sparsity": 0.999}),
        ("chts-chts-rigid-removal", 0, [0.1, 0.4], {"sparsity": 0.999}),
    )
    drawn = win_rates(material, factor="removal", levels=LEVELS)
    told_rows = drawn.data.set_index("level")
    assert told_rows["win_rate"].to_dict() == pytest.approx({"soft": 2 / 3, "hard": 1 / 3})
    assert told_rows.loc["soft", ["wins", "n", "n_left_out"]].tolist() == [2, 3, 0]
    assert told_rows["mean_accuracy"].to_dict() == pytest.approx({"soft": 2 / 3, "hard": (0.8 + 0.7 + 0.4) / 3})
    assert len(drawn.cohorts) == 4
    assert any("No runs of RI" in note for note in drawn.notes)


def test_what_meets_nobody_is_neither_counted_nor_shown(told: Make) -> None:
    material = told(
        ("chts-chts", 0, [0.9], {}),
        ("chts-chts", 1, [0.3], {}),
        ("chts-chts", 0, [0.2], {"sparsity": 0.999}),
        ("chts-chts-rigid-removal", 0, [0.8], {}),
    )
    drawn = win_rates(material, factor="removal", levels=LEVELS)
    rows = drawn.data.set_index("level")
    assert rows["mean_accuracy"].to_dict() == {"soft": 0.9, "hard": 0.8}
    assert rows["n_left_out"].tolist() == [2, 2]
    assert [dict(cohort.changes) for cohort in drawn.cohorts] == [{}, {}]
    assert any(note.startswith("2 contests are left out") for note in drawn.notes)


def test_options_make_levels_too(told: Make) -> None:
    material = told(
        ("chts-chts", 0, [0.9], {"start": "bsw", "beta": 0.25}),
        ("chts-chts", 0, [0.8], {"start": "bsw", "beta": 0.5}),
        ("chts-chts", 0, [0.99], {"start": "bsw", "beta": 0.25, "learning_rate": 0.1}),
    )
    levels = [Level(f"{beta}", "chts-chts", {"start": "bsw", "beta": beta}) for beta in (0.25, 0.5)]
    assert win_rates(material, factor="beta", levels=levels).data["win_rate"].tolist() == [1, 0]


def test_a_choice_that_meets_no_other_is_left_out_and_named(told: Make) -> None:
    material = told(
        ("chts-chts", 0, [0.9], {}),
        ("chts-chts-rigid-removal", 0, [0.8], {}),
        ("chts-chts", 1, [0.7], {}),
        ("chts-chts-ri", 5, [0.99], {}),
    )
    drawn = win_rates(material, factor="removal", levels=LEVELS)
    rows = drawn.data.set_index("level")
    assert rows["win_rate"].to_dict() == {"soft": 1.0, "hard": 0.0}
    assert rows["n"].tolist() == [1, 1]
    assert {cohort.profile for cohort in drawn.cohorts} == {"chts-chts", "chts-chts-rigid-removal"}
    assert "Left out: RI, whose runs meet those of the other choices in no contest" in drawn.notes
    assert {name for name, _ in met(material, levels=LEVELS)} == {"soft", "hard"}


def test_of_choices_that_never_meet_all_at_once_those_remain_that_meet_most_often(told: Make) -> None:
    pairs = [("chts-chts", "chts-chts-ri", 0), *(("chts-chts", "chts-chts-rigid-removal", seed) for seed in (1, 2))]
    material = told(*((profile, seed, [0.5], {}) for *both, seed in pairs for profile in both))
    drawn = win_rates(material, factor="removal", levels=LEVELS)
    assert drawn.data["level"].tolist() == ["soft", "hard"]
    assert drawn.data["n"].tolist() == [2, 2]


def test_runs_without_accuracy_or_seed_are_left_out_and_counted(told: Make) -> None:
    material = told(
        ("chts-chts", 0, [0.9], {}),
        ("chts-chts-rigid-removal", 0, [0.8], {}),
        ("chts-chts-ri", 0, [0.7], {}),
        ("chts-chts-ri", 1, [math.nan], {}),
        ("chts-chts-rigid-removal", None, [0.8], {}),
        ("chts-chts-rigid-removal", None, [0.9], {}),
    )
    drawn = win_rates(material, factor="removal", levels=LEVELS)
    assert drawn.data["n"].tolist() == [1, 1, 1]
    assert "3 runs are left out, since they have no accuracy or no seed" in drawn.notes


def test_refusals(told: Make) -> None:
    with pytest.raises(SparseGraphError, match="needs runs of two choices; there are none"):
        win_rates(Material(), factor="removal", levels=LEVELS)
    alone = told(("chts-chts", 0, [0.9], {}), ("chts-chts-rigid-removal", 1, [0.9], {}))
    with pytest.raises(SparseGraphError, match="no two choices of removal have runs of one data set"):
        win_rates(alone, factor="removal", levels=LEVELS)
