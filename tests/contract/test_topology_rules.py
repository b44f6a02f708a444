"""What every named rule of the topology keeps to, those of other packages included."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.registry import Registry
from sparsegraph.topology.initialise import INITIALISERS
from sparsegraph.topology.removal import REMOVAL_SCORES, choose_removed
from sparsegraph.topology.rule import Rule, enter
from sparsegraph.topology.start_weights import START_WEIGHTS

REGISTRIES = [INITIALISERS, REMOVAL_SCORES, START_WEIGHTS]


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[int], np.ndarray]:
    """Chains that any initialiser can fill, a correlated one too: with links for each pair of different features."""
    n_inputs = draw(st.integers(2, 9))
    hidden = n_inputs * draw(st.integers(1, 2))
    shapes = list(itertools.pairwise([n_inputs, *[hidden] * draw(st.integers(1, 3))]))
    counts = [draw(st.integers(0, (a // n_inputs) * (b // n_inputs) * n_inputs * (n_inputs - 1))) for a, b in shapes]
    features = np.random.default_rng(draw(st.integers(0, 99))).normal(size=(20, n_inputs))
    return shapes, counts, features


def start(name: str, case: tuple[list[tuple[int, int]], list[int], np.ndarray], seed: int = 0) -> list[Mask]:
    rule = INITIALISERS[name]
    given_needs = {"features": case[2]} if "features" in rule.needs else {}
    return rule.function(case[0], case[1], rng=np.random.default_rng(seed), **given_needs)


@pytest.mark.parametrize("name", sorted(INITIALISERS))
@given(chains(), st.integers(0, 1000))
def test_starts_have_the_shapes_and_counts_asked_for_and_repeat(
    name: str, case: tuple[list[tuple[int, int]], list[int], np.ndarray], seed: int
) -> None:
    masks = start(name, case, seed)
    assert [mask.shape for mask in masks] == case[0]
    assert [mask.n_links for mask in masks] == case[1]
    for mask, again in zip(masks, start(name, case, seed), strict=True):
        assert np.array_equal(mask.positions, again.positions)


@pytest.mark.parametrize("name", sorted(INITIALISERS))
def test_counts_without_room_are_refused(name: str) -> None:
    features = np.random.default_rng(0).normal(size=(20, 3))
    for counts in ([10], [-1], [3, 3]):
        with pytest.raises(DataError, match="links"):
            start(name, ([(3, 3)], counts, features))


@pytest.mark.parametrize("name", sorted(REMOVAL_SCORES))
@given(st.integers(0, 30), st.integers(0, 1000))
def test_scores_order_the_links_of_any_mask(name: str, n_links: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = Mask((6, 7), np.sort(rng.choice(42, n_links, replace=False)))
    rule = REMOVAL_SCORES[name]
    needed = {"gradient": rng.normal(size=n_links), "rng": rng}
    options = {"alpha": 0.5} if "alpha" in rule.options else {}
    weights = rng.normal(size=n_links).astype(np.float32)
    scores = rule.function(mask, weights, **{need: needed[need] for need in rule.needs}, **options)
    assert scores.shape == (n_links,)
    assert scores.dtype == np.float64
    assert (scores >= 0).all()
    for exponent in (None, 2.0):
        assert choose_removed(scores, n_links // 3, exponent=exponent, rng=rng).size == n_links // 3


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.kind)
def test_every_rule_says_what_it_is(registry: Registry[Rule]) -> None:
    assert len(registry) > 0
    for name in registry:
        assert registry[name].name == name
        assert registry[name].summary


def test_a_rule_enters_in_one_place() -> None:
    rules: Registry[Rule] = Registry("test rule")

    @enter(rules, "mine", needs=("gradient",))
    def mine(mask: Mask, *, gradient: float, rng: object = None, strength: float = 1.0) -> float:
        """My rule."""
        return gradient * strength

    assert rules["mine"].function is mine
    assert rules["mine"].options == ("strength",)
    assert rules["mine"].summary == "My rule."
    with pytest.raises(ValueError, match="takes no such keyword"):
        enter(rules, "other", needs=("momentum",))(mine)
    with pytest.raises(ValueError, match="registered already"):
        enter(rules, "mine")(mine)
