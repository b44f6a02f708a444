"""Conditions for checks: what they see, and that they never pass by accident."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.plan import entry_of
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES
from sparsegraph.report.conditions import parse_condition

RESULTS: dict[str, Any] = {
    "activity": {"anp_rate": 0.31, "per_layer": [{"layer": "fc1", "n_active": 3}]},
    "rank": {"per_block": [{"block": "fc1.weight", "stable_rank": 2.5}, {"block": "fc1", "stable_rank": 9.0}]},
    "credit_paths": {"total": "18446744073709551616", "odd": "9007199254740993"},
    "powerlaw": {"alpha": {"undefined": "no links"}, "verdict": "rejected", "capped": True},
    "kshell_words": {"verdict": "not scale-free"},
    "kshell": [{"block": "a", "max_shell": 1}, {"block": "b", "max_shell": 7}],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("activity.anp_rate<0.5", ["activity.anp_rate is 0.31"]),
        ("activity.anp_rate >= 0.5", []),
        ("activity.anp_rate!=0.31", []),
        ("activity.per_layer.fc1.n_active==3", ["activity.per_layer.fc1.n_active is 3"]),
        ("activity.per_layer.0.n_active==3", ["activity.per_layer.0.n_active is 3"]),
        ("rank.per_block.fc1.weight.stable_rank<3", ["rank.per_block.fc1.weight.stable_rank is 2.5"]),
        ("rank.per_block.fc1.stable_rank>3", ["rank.per_block.fc1.stable_rank is 9.0"]),
        ("credit_paths.total>1e19", ["credit_paths.total is 18446744073709551616"]),
        ("credit_paths.odd==9007199254740993", ["credit_paths.odd is 9007199254740993"]),
        ("credit_paths.odd!=9007199254740993", []),
        ("kshell_words.verdict == not scale-free", ["kshell_words.verdict is not scale-free"]),
        ("kshell_words.verdict=='not scale-free'", ["kshell_words.verdict is not scale-free"]),
        ("powerlaw.capped==true", ["powerlaw.capped is True"]),
        ("powerlaw.capped==false", []),
        ("powerlaw.verdict==rejected", ["powerlaw.verdict is rejected"]),
        ("kshell.max_shell>5", ["kshell.max_shell is 7 in b"]),
    ],
)
def test_where_a_condition_holds(text: str, expected: list[str]) -> None:
    assert parse_condition(text).holds(RESULTS) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("anp_rate<0.5", "no condition"),
        ("__import__('os').system('x')<1", "no condition"),
        ("activity.anp_rate", "no condition"),
        ("sparsity.density<1", "hold no 'sparsity'"),
        ("activity.anp<1", "there is no activity.anp"),
        ("activity.per_layer.fc9.n_active<1", "there is no"),
        ("activity.per_layer.7.n_active<1", "there is no"),
        ("activity.per_layer<1", "no single number"),
        ("powerlaw.alpha<3", "undefined .no links."),
        ("powerlaw.verdict<3", "cannot be compared"),
        ("powerlaw.verdict<x", "cannot be compared"),
        ("activity.anp_rate==low", "cannot be compared"),
        ("activity.anp_rate!=nan", "nan"),
        ("powerlaw.capped>0", "cannot be compared"),
    ],
)
def test_what_cannot_be_decided_is_an_error(text: str, message: str) -> None:
    with pytest.raises(SparseGraphError, match=message):
        parse_condition(text).holds(RESULTS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kshel.max_shell<1", "kshel is not among the measures chosen; did you mean kshell?"),
        ("sparsity.density<1", "sparsity is not among the measures chosen; there are: kshell, degree, turnover"),
        ("kshell.max_shel<1", "there is no max_shel; did you mean max_shell?"),
        ("kshell.max_shell.deep<1", "deep is no field of a single number"),
        ("degree.hidden.total.ginni<1", "there is no ginni; did you mean gini"),
        ("degree.hidden.zzz<1", "there is no zzz; there are:"),
        ("turnover.poled.basis==events", "there is no poled; did you mean pooled?"),
    ],
)
def test_a_path_that_cannot_exist_is_refused_before_any_measuring(text: str, message: str) -> None:
    with pytest.raises(SparseGraphError, match=re.escape(message)):
        parse_condition(text).check(("kshell", "degree", "turnover"))


@pytest.mark.parametrize("text", ["kshell.max_shell<1", "degree.per_layer.fc1.weight.total.gini<1"])
def test_what_only_the_net_can_tell_is_not_refused(text: str) -> None:
    parse_condition(text).check(("kshell", "degree"))


@pytest.mark.parametrize("name", [*MEASURES, *TRAJECTORY_MEASURES])
def test_every_main_number_can_be_asked_for(name: str) -> None:
    for path in entry_of(name).main:
        if "*" not in path:
            parse_condition(f"{name}.{path}<1").check((name,))
