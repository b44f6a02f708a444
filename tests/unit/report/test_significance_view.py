"""The sentence claims what the corrected p supports, and no more."""

from __future__ import annotations

from sparsegraph.report.console import plain_text
from sparsegraph.report.views.catalogue import sentences, tables
from sparsegraph.result import Undefined
from sparsegraph.significance.run import Row, Significance

FIXED = Undefined("the null model fixes it")


def row(number: str, z: float, p_holm: float, n_defined: int = 999) -> Row:
    return Row(10.0 + z, 10.0, 1.0, z, p_holm / 2, n_defined, "kshell", number, p_holm)


def table_of(*rows: Row, n_null: int = 999, null: str = "degree") -> Significance:
    n_tests = sum(not isinstance(one.p, Undefined) for one in rows)
    return Significance(null, n_null, 0, n_tests, 40 * n_tests - 1, rows)


def said(found: Significance) -> str:
    return sentences({"x": found})[0]


def shown(found: Significance) -> str:
    (titled,) = tables(found.null, found)
    return plain_text(titled.table) + "\n".join(titled.remarks)


def test_only_corrected_p_values_up_to_the_level_are_told_the_farthest_first() -> None:
    found = table_of(row("a", 3.0, 0.04), row("b", 12.0, 0.01), row("c", 2.5, 0.06), row("d", -4.0, 0.02))
    assert said(found) == (
        "above what degrees alone explain: kshell: b 22 (z = 12), kshell: a 13 (z = 3); "
        "below what degrees alone explain: kshell: d 6 (z = -4) (p <= 0.05 after Holm, 999 draws)"
    )


def test_nothing_is_claimed_where_nothing_stands_out() -> None:
    assert said(table_of(row("a", 1.0, 0.6))) == (
        "beyond what degrees alone explain: nothing stands out (1 test, 999 draws)"
    )


def test_nothing_is_claimed_from_too_few_draws() -> None:
    found = table_of(*(row(f"n{i}", 9.0, 0.1, 100) for i in range(30)), n_null=100)
    assert "100 draws are too few" in said(found)
    assert "--n-null 1199" in said(found)
    assert "with 100 draws no p (Holm) can fall below 0.59; 0.05 takes 1199" in shown(found)


def test_what_is_fixed_or_undefined_is_named_and_not_tabled() -> None:
    fixed = Row(0.1, 0.1, 0.0, FIXED, FIXED, 999, "sparsity", "density", FIXED)
    none = Undefined("no links")
    lost = Row(none, 1.0, 0.5, none, none, 999, "modularity", "modularity", none)
    text = shown(table_of(row("a", 3.0, 0.04), fixed, lost))
    assert "fixed by the null model, so no test: sparsity: density" in text
    assert "undefined in this network: modularity" in text
    assert said(table_of(fixed)) == "beyond what degrees alone explain: nothing to test"


def test_the_draws_needed_are_those_of_the_number_least_often_defined() -> None:
    found = table_of(row("a", 9.0, 0.01, 79), row("b", 9.0, 0.02, 20), n_null=79)
    assert said(found).startswith("above")  # a can: 2 tests need 79
    # b: at least 2 * 2 / 21; it is defined in 20 of 79 draws, so that 79 such take 79 * 79 / 20 = 312.05 draws
    assert "with 79 draws no p (Holm) of kshell: b, defined in 20, can fall below 0.19; 0.05 takes 313" in shown(found)
    alone = table_of(row("b", 9.0, 0.1, 20), n_null=79)  # 39 are needed: 39 * 79 / 20 = 154.05
    assert "79 draws are too few" in said(alone)
    assert "--n-null 155" in said(alone)


def test_what_happens_to_be_the_same_in_every_draw_is_a_test_and_says_so() -> None:
    same = Row(0.0, 0.0, 0.0, Undefined("the same in the network and in all 999 draws"), 1.0, 999, "x", "y", 1.0)
    text = shown(table_of(row("a", 3.0, 0.04), same))
    assert "2 tests" in said(table_of(row("a", 1.0, 0.6), same))
    assert "-: the same in the network and in all 999 draws" in text


def test_draws_are_counted_where_some_are_undefined() -> None:
    assert "draws" not in shown(table_of(row("a", 1.0, 0.5)))
    assert "997" in shown(table_of(row("a", 1.0, 0.5), row("b", 1.0, 0.5, 997)))


def test_a_null_model_of_a_plug_in_is_named() -> None:
    assert said(table_of(row("a", 9.0, 0.01), null="mine")).startswith("above the null model mine: ")
