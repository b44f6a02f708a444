"""Tables over seeds."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sparsegraph.errors import DataError
from sparsegraph.evolution.conventions import NOTED
from sparsegraph.evolution.follow import follow
from sparsegraph.evolution.over_seeds import over_seeds
from sparsegraph.evolution.table import COLUMNS


def tidy(*rows: tuple[str, str | None, int | None, int, float | None]) -> pd.DataFrame:
    """Rows of run, recipe, seed, epoch and accuracy."""
    records = [
        (run, recipe, seed, None, epoch, None, None, "history", "", "test.accuracy", value, why, NOTED)
        for run, recipe, seed, epoch, value in rows
        for why in [None if value is not None else "diverged"]
    ]
    return pd.DataFrame(records, columns=list(COLUMNS)).astype(COLUMNS)


def test_three_seeds_by_hand() -> None:
    found = over_seeds(tidy(("a", "set", 0, 1, 0.7), ("b", "set", 1, 1, 0.8), ("c", "set", 2, 1, 0.9)))
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["recipe"], row["epoch"], row["n"], row["n_undefined"]) == ("set", 1, 3, 0)
    assert row["mean"] == pytest.approx(0.8)
    assert row["standard_deviation"] == pytest.approx(0.1)  # sqrt((0.01 + 0 + 0.01) / 2)
    assert row["standard_error"] == pytest.approx(0.1 / math.sqrt(3))
    # t(0.975; 2 degrees of freedom) = 4.303, as in any table of Student's distribution
    assert (row["low"], row["high"]) == pytest.approx((0.8 - 4.303 * 0.057735, 0.8 + 4.303 * 0.057735), abs=1e-4)


def test_one_seed_has_a_mean_and_no_error() -> None:
    row = over_seeds(tidy(("a", "set", 0, 1, 0.7))).iloc[0]
    assert (row["mean"], row["n"]) == (0.7, 1)
    assert row[["standard_error", "standard_deviation", "low", "high"]].isna().all()


def test_undefined_values_are_counted_and_never_averaged() -> None:
    table = tidy(("a", "set", 0, 1, 0.5), ("b", "set", 1, 1, None), ("a", "set", 0, 2, None), ("b", "set", 1, 2, None))
    first, second = (row for _, row in over_seeds(table).iterrows())
    assert (first["mean"], first["n"], first["n_undefined"], first["undefined"]) == (0.5, 1, 1, "diverged")
    assert (second["n"], second["n_undefined"]) == (0, 2)
    assert pd.isna(second["mean"])


def test_methods_and_moments_stay_apart_in_their_order() -> None:
    table = tidy(
        ("b", "cht", 0, 2, 0.3), ("b", "cht", 0, 1, 0.2), ("a", "set", 0, 1, 0.4), ("c", "cht", 1, 1, 0.4)
    )  # fmt: skip
    found = over_seeds(table)
    assert found[["recipe", "epoch", "n"]].values.tolist() == [["cht", 2, 1], ["cht", 1, 2], ["set", 1, 1]]


def test_seeds_that_did_other_numbers_of_updates_meet_at_the_epoch() -> None:
    table = tidy(("a", "set", 0, 1, 0.5), ("b", "set", 1, 1, 0.7), ("a", "set", 0, 2, 0.6), ("b", "set", 1, 2, 0.8))
    found = over_seeds(table.assign(update=pd.array([1, 0, 2, 2], "Int64")))
    assert found[["epoch", "n"]].values.tolist() == [[1, 2], [2, 2]]
    assert found["mean"].tolist() == pytest.approx([0.6, 0.7])
    assert found["update"].tolist() == [pd.NA, 2]


def test_updates_are_told_apart_where_no_other_time_does() -> None:
    table = tidy(("a", "set", 0, 1, 0.5), ("a", "set", 0, 1, 0.7), ("b", "set", 1, 1, 0.6))
    within = over_seeds(table.assign(update=pd.array([1, 2, 1], "Int64")))
    assert within[["update", "n"]].values.tolist() == [[1, 2], [2, 1]]
    untimed = over_seeds(table[1:].assign(update=pd.array([2, 1], "Int64"), epoch=pd.array([None, None], "Int64")))
    assert untimed[["update", "n"]].values.tolist() == [[2, 1], [1, 1]]


def test_runs_without_a_recipe_are_like_no_other() -> None:
    found = over_seeds(tidy(("a", None, None, 1, 0.5), ("b", None, None, 1, 0.7)))
    assert found[["recipe", "mean", "n"]].values.tolist() == [["a", 0.5, 1], ["b", 0.7, 1]]
    # those with one and without a seed are told apart by their paths
    assert over_seeds(tidy(("a", "mine", None, 1, 0.5), ("b", "mine", None, 1, 0.7)))["n"].tolist() == [2]


def test_what_is_no_average_over_seeds_is_refused() -> None:
    with pytest.raises(DataError, match="a and b are both set with seed 0; leave one of them out"):
        over_seeds(tidy(("a", "set", 0, 1, 0.5), ("b", "set", 0, 1, 0.5)))
    with pytest.raises(DataError, match=r"a: two values of history\.test\.accuracy at one time"):
        over_seeds(tidy(("a", "set", 0, 1, 0.5), ("a", "set", 0, 1, 0.6)))
    with pytest.raises(DataError, match="a table without seed, undefined"):
        over_seeds(tidy(("a", "set", 0, 1, 0.5)).drop(columns=["seed", "undefined"]))


def test_a_followed_table_and_an_empty_one(written: Callable[..., Path]) -> None:
    table = follow([written("a", 4, 0), written("b", 4, 1)], ["degree", "turnover"])
    found = over_seeds(table)
    assert len(found) == len(table) / 2
    assert set(found["n"] + found["n_undefined"]) == {2}
    first = table[(table["measure"] == "degree") & (table["snapshot"] == 2)]
    one = first[first["field"] == "hidden.total.variance"]["value"]
    row = found[(found["field"] == "hidden.total.variance") & (found["snapshot"] == 2)].iloc[0]
    assert row["mean"] == pytest.approx(one.mean())
    assert (row["update"], row["step"]) == (2, 20)
    assert over_seeds(table[:0]).empty


def test_numbers_under_other_conventions_are_averaged_apart(written: Callable[..., Path]) -> None:
    runs = [written("a", 3, 0), written("b", 3, 1)]
    table = pd.concat([follow(runs, "activity", percolated=percolated) for percolated in (False, True)])
    found = over_seeds(table)
    assert found["n"].unique().tolist() == [2]
    assert [words.partition(";")[0] for words in found["conventions"].unique()] == ["raw mask", "percolated mask"]
