"""Recipes, profiles, requests and what they mean for data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.topology.initialise import INITIALISERS
from sparsegraph.topology.regrowth import REGROWTH_SCORES
from sparsegraph.topology.removal import REMOVAL_SCORES
from sparsegraph.topology.schedules import EMS
from sparsegraph.topology.start_weights import START_WEIGHTS
from sparsegraph.training.plan import Plan, mlp_blocks, plan, quota_counts
from sparsegraph.training.profiles import PROFILES, find_profile
from sparsegraph.training.recipes import RECIPES
from sparsegraph.training.request import Request, are_alike, resolve, to_plain


def plan_of(name: str, n_inputs: int, n_classes: int, n_samples: int, **changes: object) -> Plan:
    profile = replace(find_profile(name), **changes)
    return plan(profile, mlp_blocks(profile, n_inputs, n_classes), n_samples)


@pytest.mark.parametrize("name", [*RECIPES, *PROFILES])
def test_every_recipe_names_rules_that_exist(name: str) -> None:
    profile = find_profile(name)
    recipe = profile.recipe
    if recipe.kind != "dense" and recipe.start != "from_checkpoint":
        assert recipe.start in INITIALISERS
    assert recipe.start_weights in START_WEIGHTS
    assert recipe.removal.score in REMOVAL_SCORES
    for regrowth in (recipe.regrowth, recipe.regrowth_later):
        assert regrowth is None or regrowth.score is None or regrowth.score in REGROWTH_SCORES
    assert recipe.policies()
    json.dumps(to_plain(profile), allow_nan=False)


@pytest.mark.parametrize("name", list(PROFILES))
def test_quick_profiles_change_the_epochs_only(name: str) -> None:
    full, quick = find_profile(name), find_profile(name + "-quick")
    assert quick.epochs < full.epochs
    assert replace(quick, name=full.name, epochs=full.epochs) == full


def test_the_survival_mlp_has_the_papers_budget() -> None:
    # requirements, section H: 183,757 links, densities 0.0413, 0.0929 and 1; 264 and 316 intervals of 400 steps
    made = plan_of("survival-random", 3072, 10, 45_000)
    assert sum(made.n_links) == 183_757
    assert [round(n / b.n_possible, 4) for n, b in zip(made.n_links, made.blocks, strict=True)] == [0.0413, 0.0929, 1]
    assert made.sparse == (0, 1)
    assert made.n_steps // 400 == 264
    assert made.n_updates == 263  # none after the very last step, where the cosine is 0
    assert plan_of("survival-random", 784, 10, 53_900).n_steps // 400 == 316


def test_variants_of_chts_differ_in_one_rule_only() -> None:
    # CHTs, equation 2: alpha 1 is the magnitude, alpha 0 half the relative importance; equation 3: delta 0.5
    chts = find_profile("chts-chts").recipe
    rigid_or_soft = {"rigid-removal": "removal", "ri": "removal", "ri-soft": "removal"}
    rigid_or_soft |= {"rigid-regrowth": "regrowth", "random-regrowth": "regrowth"}
    for name, rule in rigid_or_soft.items():
        made = find_profile(f"chts-chts-{name}")
        assert getattr(made.recipe, rule) != getattr(chts, rule)
        assert replace(made.recipe, name=chts.name, summary=chts.summary, **{rule: getattr(chts, rule)}) == chts
        assert replace(made, name="chts-chts", recipe=chts) == find_profile("chts-chts")
    exponents = {name: find_profile(f"chts-chts-{name}").recipe.removal.exponent for name in ("ri", "ri-soft")}
    assert exponents["ri"] is None
    assert [exponents["ri-soft"].at(step, 100) for step in (0, 100)] == [1.0, 3.0]


def test_updates_come_after_each_epoch_but_the_last() -> None:
    made = plan_of("sulyok-ch3l3", 784, 10, 60_000, epochs=3)
    assert made.steps_per_epoch == 1875
    assert [made.updates(epoch) for epoch in (1, 2, 3)] == [[1875], [3750], []]
    assert made.n_links == (7840, 10_000, 10_000, 10_000)
    steps = plan_of("sulyok-ch3l3", 784, 10, 60_000, epochs=2, update_every=1000, update_unit="step")
    assert [steps.updates(epoch) for epoch in (1, 2)] == [[1000], [2000, 3000]]


def test_hidden_layers_follow_the_inputs() -> None:
    assert [b.shape for b in plan_of("cht-cht", 64, 10, 100).blocks] == [(64, 64), (64, 64), (64, 64), (64, 10)]
    assert plan_of("chts-chts", 64, 10, 100).blocks[1].shape == (128, 128)


def test_dense_profiles_have_no_sparse_block() -> None:
    made = plan_of("sulyok-dense", 20, 5, 100)
    assert made.sparse == ()
    assert made.n_updates == 0
    assert made.density == 1


def test_the_wiring_is_the_chain_of_sparse_blocks() -> None:
    wiring = plan_of("set", 20, 5, 100, hidden=(30, 40), density=0.1).wiring
    assert wiring.sizes == (20, 30, 40)
    assert wiring.ends == ((0, 1), (1, 2))


def test_extra_density_comes_on_top_and_goes_away() -> None:
    profile = find_profile("mest-ems")
    profile = replace(
        profile, hidden=(40, 40), density=0.1, epochs=100, recipe=replace(profile.recipe, extra_density=EMS())
    )
    made = plan(profile, mlp_blocks(profile, 50, 5), 100)
    assert quota_counts(made, 0).tolist() == [200 + 100, 160 + 80]
    assert quota_counts(made, int(0.6 * made.n_steps)).tolist() == [250, 200]
    assert quota_counts(made, made.n_steps).tolist() == [200, 160]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sparsity": 1.0}, "sparsity of 1"),
        ({"sparsity": 99.0}, "99 % is 0.99"),
        ({"sparsity": -0.1}, "sparsity of -0.1"),
        ({"hidden": "10y3"}, "hidden layers '10y3'"),
        ({"hidden": "0x3"}, "hidden layers '0x3'"),
        ({"epochs": 0}, "epochs 0"),
        ({"learning_rate": float("nan")}, "learning rate of nan"),
        ({"update_every": "often"}, "update interval of 'often'"),
        ({"start": "bws"}, "bsw"),
        ({"start_weights": "swii"}, "swi"),
        ({"beta": 0.5}, "beta belongs"),
        ({"regrown_at_once": "forget"}, "keep or reinit"),
    ],
)
def test_wrong_requests_say_what_was_expected(changes: dict, words: str) -> None:
    with pytest.raises(SparseGraphError, match=words):
        resolve(Request("set", **changes))


def test_an_unknown_profile_has_near_names() -> None:
    with pytest.raises(UnknownNameError, match="sulyok-ch3l3"):
        find_profile("sulyok-chl3")
    with pytest.raises(SparseGraphError, match="--topology"):
        resolve(Request("from-checkpoint"))


def test_requests_change_what_they_name() -> None:
    profile = resolve(
        Request("set", sparsity=0.9, hidden="30x2-5", update_every="7 steps", start="bsw", beta=0.1, zeta=0.2)
    )
    assert profile.density == pytest.approx(0.1)
    assert profile.hidden == (30, 30, 5)
    assert (profile.update_every, profile.update_unit) == (7, "step")
    assert profile.recipe.start_options == {"beta": 0.1}
    assert profile.recipe.zeta.at(0, 10) == 0.2


def test_requests_choose_policies() -> None:
    recipe = resolve(Request("esml", by_sign=True, regrown_at_once="reinit", new_weights="hundredth")).recipe
    assert recipe.removal == replace(RECIPES["esml"].removal, by_sign=True)
    assert (recipe.regrown_at_once, recipe.new_weights) == ("reinit", "hundredth")
    assert resolve(Request("set-pm", removal="magnitude")).recipe.removal.by_sign
    with pytest.raises(SparseGraphError, match="by_sign cannot be chosen"):
        resolve(Request("static", by_sign=True))


def test_regrowth_that_is_named_holds_for_the_whole_training() -> None:
    switched = resolve(Request("survival-random-to-gradient", regrowth="momentum")).recipe
    assert (switched.regrowth.score, switched.regrowth_later) == ("momentum", None)
    assert resolve(Request("chts-chts", regrowth="uniform")).recipe.regrowth.exponent is None
    assert resolve(Request("chts-chts", regrowth="gradient")).recipe.regrowth.exponent is not None


def test_request_names_tell_runs_apart() -> None:
    one = Request("set", seed=1, data="digits", sparsity=0.9)
    assert one.name == "set_digits_sparsity=0.9_seed1"
    assert one.name != replace(one, seed=2).name


def test_too_few_links_are_refused() -> None:
    with pytest.raises(SparseGraphError, match="no link at density"):
        plan_of("set", 3, 2, 10, hidden=(4,), density=0.001)


def test_a_request_that_says_what_the_profile_has_is_the_same_request() -> None:
    profile = find_profile("set")
    said = Request("set", epochs=profile.epochs, sparsity=1 - profile.density, hidden="1000x3", data=profile.data)
    assert are_alike(Request("set"), said)
    assert are_alike(Request("set", sparsity=0.99, threads=1), Request("set"))
    for other in (Request("set", seed=1), Request("set", sparsity=0.9), Request("set", epochs=3)):
        assert not are_alike(Request("set"), other)
    assert not are_alike(Request("from-checkpoint", topology="a"), Request("from-checkpoint", topology="b"))
