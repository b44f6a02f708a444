"""From numbers to a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.findings.arms import arm
from sparsegraph.findings.claim import Claim, Printed
from sparsegraph.findings.judge import verdict_from
from sparsegraph.findings.judging import judged
from sparsegraph.findings.printed import paper_values
from sparsegraph.findings.quantities import Noted
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.samples import Samples
from sparsegraph.findings.statistics import (
    Across,
    BestLess,
    Difference,
    InSpreads,
    Of,
    Ratio,
    SpreadRatio,
    Statistic,
    Won,
)
from sparsegraph.findings.verdict import Part

A, B, C = arm("esml-esml"), arm("esml-set"), arm("cht-cht")
ACCURACY = Noted("accuracy", ("test.accuracy",))


def part_of(
    statistic: Statistic,
    rule: Rule,
    *groups: Sequence[Sequence[float]],
    scale: str = "full",
    quick_rule: Rule | None = None,
) -> Part:
    """What rows of numbers, a list a data set, say of a claim."""
    claim = Claim(ACCURACY, statistic, rule, quick_rule)
    samples = [
        Samples(f"data{i}", tuple(range(len(rows))), np.array(rows, float), scale, scale)  # type: ignore[arg-type]
        for i, rows in enumerate(groups)
    ]
    return judged(claim, samples)


DIFFERENCE, MORE = Difference((A, B)), Rule(above=0)
CLEAR = [[0.95, 0.90], [0.96, 0.90], [0.97, 0.91]]


def test_supported_when_the_interval_is_beyond_the_bound() -> None:
    part = part_of(DIFFERENCE, MORE, CLEAR)
    # differences 0.05, 0.06, 0.06: mean 0.0567, t = 4.303, standard error 0.00333
    assert part.verdict == "supported"
    assert part.value == pytest.approx(0.17 / 3)
    assert part.standard_error == pytest.approx(0.01 / 3)
    assert part.low == pytest.approx(0.17 / 3 - 4.302653 * 0.01 / 3)
    assert (part.n, part.n_seeds, part.p_value) == (3, 3, 0.125)
    assert part.effect_size == pytest.approx(0.17 / 3 / (0.01 / np.sqrt(3)))


def test_contradicted_when_it_is_beyond_it_on_the_other_side() -> None:
    assert part_of(DIFFERENCE, Rule(below=0), CLEAR).verdict == "contradicted"


def test_inconclusive_when_it_holds_the_bound() -> None:
    part = part_of(DIFFERENCE, MORE, [[0.95, 0.90], [0.90, 0.91], [0.96, 0.90]])
    assert (part.verdict, part.holds) == ("inconclusive", True)


def test_nothing_is_not_run() -> None:
    part = part_of(DIFFERENCE, MORE)
    assert (part.verdict, part.value, part.reason) == ("not run", None, "no such runs")


def test_a_claim_about_all_data_sets_falls_with_one() -> None:
    other_way = [[0.90, 0.95], [0.90, 0.96], [0.91, 0.97]]
    strong = [[0.95, 0.50], [0.96, 0.50], [0.97, 0.51]]
    assert part_of(DIFFERENCE, MORE, strong, other_way).verdict == "contradicted"
    weak = [[0.90, 0.95], [0.90, 0.91], [0.92, 0.90]]
    part = part_of(DIFFERENCE, Rule(above=-0.01), CLEAR, CLEAR, CLEAR, CLEAR, weak)
    assert (part.verdict, part.reason) == ("inconclusive", "the data sets do not agree")


def test_a_data_set_with_few_seeds_is_left_out_where_another_has_enough() -> None:
    part = part_of(DIFFERENCE, MORE, CLEAR, [[0.1, 0.9]])
    assert (part.verdict, part.n) == ("supported", 3)
    assert part.notes == ("left out: data1, fewer than 3 seeds",)


def test_equal_numbers_beyond_the_bound_leave_no_doubt_and_on_it_no_verdict() -> None:
    assert part_of(Of((A,)), Rule(above=0.5), [[1.0], [1.0], [1.0]]).verdict == "supported"
    assert part_of(DIFFERENCE, MORE, [[0.9, 0.9]] * 3).verdict == "inconclusive"


def test_between_two_bounds_both_must_hold() -> None:
    rows = [[0.30], [0.31], [0.32]]
    assert part_of(Of((A,)), Rule(0.25, 0.45), rows).verdict == "supported"
    assert part_of(Of((A,)), Rule(0.45, 0.60), rows).verdict == "contradicted"
    assert part_of(Of((A,)), Rule(0.10, 0.20), rows).verdict == "contradicted"
    assert part_of(Of((A,)), Rule(0.31, 0.45), rows).verdict == "inconclusive"


def test_the_relaxed_rule_is_for_quick_runs_only() -> None:
    relaxed, rows = Rule(above=0.01), CLEAR
    strict = Rule(above=0.3)
    assert part_of(DIFFERENCE, strict, rows, quick_rule=relaxed).verdict == "contradicted"
    part = part_of(DIFFERENCE, strict, rows, quick_rule=relaxed, scale="quick")
    assert (part.verdict, part.scale, part.rule) == ("supported", "quick", "above +1.00 points")


def test_runs_of_different_lengths_conclude_nothing() -> None:
    claim = Claim(ACCURACY, DIFFERENCE, MORE)
    part = judged(claim, [Samples("mnist", (0, 1, 2), np.array(CLEAR), "quick", "quick", (10, 100))])
    assert (part.verdict, part.reason) == ("inconclusive", "the runs are of different lengths (10, 100 epochs)")


numbers = st.floats(-1, 1, allow_nan=False).map(lambda value: round(value, 3))
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5)
groups = st.lists(pairs, min_size=1, max_size=3)
STATISTICS = [Of((A,)), Difference((A, B)), Ratio((A, B)), Won((A, B)), SpreadRatio((A, B)), InSpreads((A, B))]


@given(st.lists(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=2), min_size=1, max_size=4))
@pytest.mark.parametrize("statistic", STATISTICS, ids=lambda one: type(one).__name__)
def test_fewer_than_three_seeds_conclude_nothing(statistic: Statistic, few: list[list[tuple[float, float]]]) -> None:
    for rule in (Rule(above=0.5), Rule(below=0.5), Rule(0.1, 0.9)):
        assert part_of(statistic, rule, *few).verdict in ("inconclusive", "not run")


@given(pairs, st.integers(0, 2))
def test_seeds_without_a_number_are_no_seeds(rows: list[tuple[float, float]], n_defined: int) -> None:
    """A ratio of a number that is not above 0, a correlation of equal numbers: rows, but nothing to conclude from."""
    undefined = [(abs(a), -abs(b)) for a, b in rows]
    part = part_of(Ratio((A, B)), Rule(above=1), [*undefined, *[(2.0, 1.0)] * n_defined])
    assert (part.verdict, part.n) == ("inconclusive" if n_defined else "not run", n_defined)
    flat = [[a, a, a] for a, _ in rows]
    part = part_of(Across((A,), "learning_rate"), MORE, [*flat, *[[0.1, 0.2, 0.3]] * n_defined])
    assert (part.verdict, part.n) == ("inconclusive" if n_defined else "not run", n_defined)


def test_undefined_seeds_are_named() -> None:
    part = part_of(Ratio((A, B)), Rule(above=1), [[2.0, 1.0], [2.02, 1.0], [0.0, 1.0]])
    assert (part.verdict, part.n_seeds, part.reason) == ("inconclusive", 2, "2 seeds, 3 needed")
    assert part.notes == ("data0, seed 2: the statistic is undefined",)


def test_the_more_parts_a_finding_has_the_more_it_takes_to_contradict_it() -> None:
    # differences -0.05, -0.06, -0.06: t = -17, p = 0.0034 on both sides; for 20 parts 0.0025 is asked
    samples = [Samples("mnist", (0, 1, 2), -np.array(CLEAR), "full", "full")]
    claim = Claim(ACCURACY, DIFFERENCE, MORE)
    assert judged(claim, samples, n_claims=10).verdict == "contradicted"
    part = judged(claim, samples, n_claims=20)
    assert (part.verdict, part.reason) == ("inconclusive", "beyond the bound, but not at the level for 20 parts")
    assert part.high is not None
    assert part.high < 0
    other = Claim(ACCURACY, DIFFERENCE, Rule(below=0))
    assert judged(other, samples, n_claims=20).verdict == "supported"  # which all parts must be: none is doubted more


OPPOSITE = {"supported": "contradicted", "contradicted": "supported"}


@given(pairs)
def test_on_one_data_set_the_other_difference_gets_the_opposite_word(rows: list[tuple[float, float]]) -> None:
    forward = part_of(DIFFERENCE, MORE, rows)
    backward = part_of(DIFFERENCE, MORE, [(b, a) for a, b in rows])
    assert backward.verdict == OPPOSITE.get(forward.verdict, forward.verdict)


@given(groups)
def test_what_is_supported_is_contradicted_the_other_way_round(rows: list[list[tuple[float, float]]]) -> None:
    if part_of(DIFFERENCE, MORE, *rows).verdict == "supported":
        swapped = [[(b, a) for a, b in group] for group in rows]
        assert part_of(DIFFERENCE, MORE, *swapped).verdict == "contradicted"


def test_ratios_are_averaged_by_logarithms() -> None:
    part = part_of(Ratio((A, B)), Rule(above=1), [[2.0, 1.0], [8.0, 1.0], [4.0, 1.0]])
    assert part.value == pytest.approx(4.0)
    assert part.unit == "ratio"
    assert part_of(Ratio((A, B)), Rule(above=1), [[2.0, 0.0], [1.0, -1.0], [1.0, 0.0]]).verdict == "not run"


def test_three_contests_won_are_no_evidence_and_nine_are() -> None:
    won = [[0.9, 0.8, 0.7]] * 3
    assert part_of(Won((A, B, C)), Rule(above=0.5), won).verdict == "inconclusive"
    part = part_of(Won((A, B, C)), Rule(above=0.5), won, won, won)
    assert (part.verdict, part.value, part.p_value) == ("supported", 1.0, 1 / 512)


def test_a_tie_is_shared() -> None:
    part = part_of(Won((A, B, C)), Rule(above=0.5), [[0.9, 0.9, 0.7], [0.5, 0.9, 0.9], [0.9, 0.1, 0.2]])
    assert part.value == pytest.approx((0.5 + 0 + 1) / 3)


def test_the_best_of_several_is_compared() -> None:
    part = part_of(BestLess((A, B, C)), MORE, [[0.9, 0.8, 0.85], [0.7, 0.9, 0.85], [0.9, 0.9, 0.85]])
    assert part.value == pytest.approx(0.05)


def test_spreads_are_compared_by_their_ratio() -> None:
    wide, narrow = [0.1, 0.5, 0.9, 0.3, 0.7], [0.50, 0.51, 0.52, 0.50, 0.51]
    rows = [list(pair) for pair in zip(wide, narrow, strict=True)]
    part = part_of(SpreadRatio((A, B)), Rule(above=5), rows)
    assert part.value == pytest.approx(np.std(wide, ddof=1) / np.std(narrow, ddof=1))
    assert part.verdict == "supported"
    assert part_of(SpreadRatio((B, A)), Rule(above=5), rows).value == part.value


def test_differences_in_spreads() -> None:
    part = part_of(InSpreads((A, B)), Rule(-1, 1), [[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]])
    assert part.value == pytest.approx(-1.0)  # both deviate by 1


def test_rank_correlation_with_an_option() -> None:
    part = part_of(Across((A,), "learning_rate"), MORE, [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.1, 0.3, 0.2]])
    assert part.value == pytest.approx((1 - 1 + 0.5) / 3)


def test_a_finding_needs_all_its_parts() -> None:
    supported, open_, fallen, absent = (
        part_of(DIFFERENCE, MORE, CLEAR),
        part_of(DIFFERENCE, MORE, CLEAR[:1]),
        part_of(DIFFERENCE, Rule(below=0), CLEAR),
        part_of(DIFFERENCE, MORE),
    )
    assert verdict_from([supported, supported]) == "supported"
    assert verdict_from([supported, open_]) == "inconclusive"
    assert verdict_from([supported, absent]) == "inconclusive"
    assert verdict_from([supported, open_, fallen]) == "contradicted"
    assert verdict_from([absent, absent]) == verdict_from([]) == "not run"


def test_the_papers_numbers_go_through_the_same_statistic() -> None:
    chart = Claim(
        ACCURACY,
        Difference((arm("cht-cht"), arm("cht-mest"))),
        MORE,
        printed=Printed(("002 table A2",), "accuracy", per=100),
    )
    found = {one.data: (round(one.value, 4), one.holds) for one in paper_values(chart)}
    # 98.05 - 97.31, 88.07 - 88.13, 83.82 - 83.05: the paper's own Fashion-MNIST is against it
    assert found == {
        "mnist": (0.0074, True),
        "fashion-mnist": (-0.0006, False),
        "emnist-balanced": (0.0077, True),
    }


def test_printed_spreads_make_ratios_only_where_both_are_printed() -> None:
    arms = (arm("survival-gradient", model="convnet"), arm("survival-random", model="convnet"))
    claim = Claim(ACCURACY, SpreadRatio(arms), Rule(above=5), printed=Printed(("003 table 4",), "accuracy", "convnet"))
    found = {one.data: (round(one.value, 2), one.holds) for one in paper_values(claim)}
    assert found["mnist"] == (round(32.01 / 0.09, 2), True)
    assert found["cifar100"] == (round(0.93 / 18.12, 2), False)
