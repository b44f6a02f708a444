"""One topology update: counts, order, percolation and what is carried over."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.percolation import percolate
from sparsegraph.rng import rng_for
from sparsegraph.topology.evolve import (
    BlockUpdate,
    Part,
    Quota,
    RegrowthRule,
    RemovalRule,
    UpdateRules,
    Wiring,
    carried_weights,
    evolve,
)

REMOVALS = [
    RemovalRule(),
    RemovalRule(by_sign=True),
    RemovalRule("random"),
    RemovalRule("mest"),
    RemovalRule("relative_importance"),
    RemovalRule("magnitude", exponent=1.5),
    RemovalRule("relative_importance", exponent=3.0),
]
REGROWTHS = [
    RegrowthRule(),
    RegrowthRule("gradient"),
    RegrowthRule("momentum"),
    RegrowthRule("ch3_l3"),
    RegrowthRule("ch3_l3", exponent=1.0, zero_fill="all"),
    RegrowthRule("ch2_l3n"),
    RegrowthRule("spm"),
]


class FixedSignals:
    """Gradients from a seed."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts

    def link_gradient(self, block: int) -> np.ndarray:
        return rng_for(block, "links").normal(size=self.parts[block].mask.n_links)

    def gradient(self, block: int) -> np.ndarray:
        return rng_for(block, "all").normal(size=self.parts[block].mask.shape)

    momentum = gradient


def random_parts(sizes: list[int], density: float, zeta: float, seed: int) -> list[Part]:
    rng = np.random.default_rng(seed)
    parts = []
    for shape in pairwise(sizes):
        n = shape[0] * shape[1]
        mask = Mask(shape, np.flatnonzero(rng.random(n) < density))
        weights = rng.normal(size=mask.n_links).astype(np.float32)
        parts.append(Part(mask, weights, Quota(int(zeta * mask.n_links), mask.n_links)))
    return parts


def run(parts: list[Part], rules: UpdateRules, seed: int = 0) -> tuple[BlockUpdate | None, ...]:
    wiring = Wiring.chain([part.mask.shape for part in parts])
    return evolve(parts, rules, FixedSignals(parts), wiring=wiring, streams=lambda name, b: rng_for(seed, name, str(b)))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(2, 9), min_size=3, max_size=5),
    st.floats(0.05, 0.9),
    st.floats(0, 0.9),
    st.sampled_from(REMOVALS),
    st.sampled_from(REGROWTHS),
    st.booleans(),
    st.integers(0, 1000),
)
def test_links_are_conserved_over_any_rules(
    sizes: list[int],
    density: float,
    zeta: float,
    removal: RemovalRule,
    regrowth: RegrowthRule,
    percolated: bool,
    seed: int,
) -> None:
    parts = random_parts(sizes, density, zeta, seed)
    for part, update in zip(parts, run(parts, UpdateRules(removal, regrowth, percolated), seed), strict=True):
        assert update is not None
        events = update.events
        assert update.after.n_links == part.mask.n_links
        assert events.removed.size == part.quota.n_removed
        assert part.mask.contains(events.removed).all()
        assert part.mask.contains(events.percolated).all()
        assert not np.isin(events.percolated, events.removed).any()
        lost = np.union1d(events.removed, events.percolated)
        rest = np.setdiff1d(part.mask.positions, lost)
        assert not np.isin(events.regrown, rest).any()
        np.testing.assert_array_equal(update.after.positions, np.union1d(rest, events.regrown))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(2, 8), min_size=3, max_size=4), st.floats(0.1, 0.6), st.integers(0, 1000))
def test_percolation_drops_exactly_what_lies_on_no_path(sizes: list[int], density: float, seed: int) -> None:
    parts = random_parts(sizes, density, 0.3, seed)
    updates = run(parts, UpdateRules(RemovalRule(), RegrowthRule("ch3_l3", zero_fill="none"), True))
    kept = [
        Mask(part.mask.shape, np.setdiff1d(part.mask.positions, update.events.removed))
        for part, update in zip(parts, updates, strict=True)
        if update
    ]
    wiring = Wiring.chain([part.mask.shape for part in parts])
    for block, mask, update in zip(percolate(wiring.graph(kept)).graph.blocks, kept, updates, strict=True):
        survivors = Mask.from_csr(block.weights).positions
        np.testing.assert_array_equal(np.setdiff1d(mask.positions, survivors), update.events.percolated)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.floats(0.05, 0.4))
def test_a_rigid_rule_revives_no_dead_neuron(seed: int, density: float) -> None:
    parts = random_parts([8, 9, 7], density, 0.3, seed)
    for update in run(parts, UpdateRules(RemovalRule(), RegrowthRule("ch3_l3", zero_fill="none"), True)):
        rest = np.setdiff1d(update.before.positions, np.union1d(update.events.removed, update.events.percolated))
        alive = Mask(update.before.shape, rest)
        grown = Mask(update.before.shape, update.events.regrown)
        assert set(grown.source) <= set(alive.source)
        assert set(grown.target) <= set(alive.target)


def test_a_block_without_a_quota_stays_as_it_is_and_still_feeds_the_others() -> None:
    #  input 0 - hidden 0 - output 0, and hidden 1 with no way in: its link would percolate
    first, second = Mask((2, 2), np.array([0])), Mask((2, 2), np.array([0, 3]))
    weights = [np.ones(1, np.float32), np.ones(2, np.float32)]
    rules = UpdateRules(RemovalRule(), RegrowthRule(), True)
    moving = run([Part(first, weights[0], None), Part(second, weights[1], Quota(0, 2))], rules)
    assert moving[0] is None
    assert moving[1].events.percolated.tolist() == [3]
    resting = run([Part(first, weights[0], Quota(0, 1)), Part(second, weights[1], None)], rules)
    assert resting[1] is None
    assert resting[0].events.percolated.size == 0


def test_couplings_reach_percolation() -> None:
    # two heads from the same input, coupled neuron by neuron; neuron 1 of the second has no way in
    wiring = Wiring((2, 2, 2), ((0, 1), (0, 2)), couplings=((1, 2),))
    parts = [
        Part(Mask((2, 2), np.array([0, 3])), np.ones(2, np.float32), Quota(0, 2)),
        Part(Mask((2, 2), np.array([0])), np.ones(1, np.float32), Quota(0, 1)),
    ]
    rules = UpdateRules(RemovalRule(), RegrowthRule(), True)
    updates = evolve(parts, rules, FixedSignals(parts), wiring=wiring, streams=lambda name, b: rng_for(0, name, str(b)))
    assert updates[0].events.percolated.tolist() == [3]
    assert updates[0].after.n_links == 2


def test_kept_links_keep_their_weights_and_new_ones_do_not() -> None:
    before, after = Mask((2, 3), np.array([0, 2, 5])), Mask((2, 3), np.array([0, 3, 5]))
    update = BlockUpdate(before, after, LinkEvents(np.array([2, 5]), np.array([], np.int64), np.array([3, 5])))
    old, new = np.array([1, 2, 3], np.float32), np.full(3, 9, np.float32)
    assert update.events.overlap == 0.5
    assert update.jaccard == pytest.approx(2 / 4)
    values, kept = carried_weights(update, old, new, keep_regrown=True)
    assert (values.tolist(), kept.tolist()) == ([1, 9, 3], [True, False, True])
    values, kept = carried_weights(update, old, new, keep_regrown=False)
    assert (values.tolist(), kept.tolist()) == ([1, 9, 9], [True, False, False])


def test_same_streams_same_update() -> None:
    parts = random_parts([9, 12, 7], 0.4, 0.4, 3)
    rules = UpdateRules(RemovalRule("magnitude", exponent=1.0), RegrowthRule("ch3_l3", exponent=1.0), True)
    one, two, other = run(parts, rules, 1), run(parts, rules, 1), run(parts, rules, 2)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.after.positions, b.after.positions)
    assert any(not np.array_equal(a.after.positions, b.after.positions) for a, b in zip(one, other, strict=True))
