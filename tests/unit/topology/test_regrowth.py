"""Which links are added: laws, policies and distributions."""

from __future__ import annotations

import itertools

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.errors import DataError, UnknownNameError
from sparsegraph.graph.mask import Mask
from sparsegraph.topology.regrowth import REGROWTH_SCORES, ZeroFill, choose_added, uniform

masks = st.builds(
    lambda n, m, density, seed: Mask.from_array(np.random.default_rng(seed).random((n, m)) < density),
    st.integers(1, 10),
    st.integers(1, 10),
    st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0]),
    st.integers(0, 10_000),
)
fills = st.sampled_from(["active_only", "all", "none"])
exponents = st.sampled_from([None, 0.0, 0.5, 1.0, 3.0])


@given(masks, st.data())
def test_uniform_returns_distinct_absent_links(mask: Mask, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, mask.n_possible - mask.n_links))
    added = uniform(mask, n, rng=np.random.default_rng(data.draw(st.integers(0, 1000))))
    assert added.dtype == np.int64
    assert added.size == n
    Mask(mask.shape, added)  # increasing and within the shape
    assert not mask.contains(added).any()


def test_uniform_is_uniform_over_the_absent_links() -> None:
    rng = np.random.default_rng(3)
    mask = Mask((3, 3), np.array([0, 1, 4, 8]))
    drawn = np.concatenate([uniform(mask, 2, rng=rng) for _ in range(5000)])
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [2, 3, 5, 6, 7]
    assert stats.chisquare(counts).pvalue > 1e-4


@given(masks, exponents, fills, st.data())
def test_the_law_of_every_choice(mask: Mask, exponent: float | None, fill: ZeroFill, data: st.DataObject) -> None:
    """Distinct, absent, exact in number (fewer only if asked for), and the same again with the same seed."""
    seed = data.draw(st.integers(0, 1000))
    rng = np.random.default_rng(seed)
    scores = rng.exponential(size=mask.shape) * (rng.random(mask.shape) < data.draw(st.sampled_from([0.0, 0.3, 1.0])))
    n = data.draw(st.integers(0, mask.n_possible - mask.n_links))

    def choose() -> np.ndarray:
        again = np.random.default_rng(seed)
        return choose_added(mask, scores, n, exponent=exponent, zero_fill=fill, rng=again)

    added = choose()
    Mask(mask.shape, added)
    assert not mask.contains(added).any()
    n_positive = int((scores > 0).sum() - (scores.ravel()[mask.positions] > 0).sum())
    assert added.size == (min(n, n_positive) if fill == "none" and exponent != 0 else n)
    np.testing.assert_array_equal(choose(), added)
    if exponent is None:
        positive = np.sort(np.delete(scores.ravel(), mask.positions))[::-1][: min(n, n_positive)]
        np.testing.assert_array_equal(np.sort(scores.ravel()[added])[::-1][: positive.size], positive)


@given(masks, st.sampled_from(["ch3_l3", "ra_l3", "l3", "ch2_l3n", "spm"]), exponents, st.data())
def test_no_rule_on_paths_revives_a_neuron_without_links(
    mask: Mask, score: str, exponent: float | None, data: st.DataObject
) -> None:
    needed = {"rng": np.random.default_rng(1)} if REGROWTH_SCORES[score].needs else {}
    scores = REGROWTH_SCORES[score].function(mask, **needed)
    n = data.draw(st.integers(0, mask.n_possible - mask.n_links))
    fill = data.draw(st.sampled_from(["none", "active_only"]))
    n_active = np.unique(mask.source).size * np.unique(mask.target).size - mask.n_links
    if (fill == "active_only" and n > n_active) or exponent == 0:
        return
    added = choose_added(mask, scores, n, exponent=exponent, zero_fill=fill, rng=np.random.default_rng(0))
    after = Mask(mask.shape, added)
    assert np.isin(after.source, mask.source).all()
    assert np.isin(after.target, mask.target).all()


def test_what_is_lacking_is_filled_as_the_policy_says() -> None:
    """3 x 4, links (0, 0), (0, 1), (1, 0); row 2 and columns 2, 3 have none.  Only (1, 1) has a path: 1 - 0 - 0 - 1."""
    mask = Mask((3, 4), np.array([0, 1, 4]))
    scores = REGROWTH_SCORES["ch3_l3"].function(mask)
    assert np.flatnonzero(scores).tolist() == [5]
    rng = np.random.default_rng(1)

    def choose(n: int, fill: ZeroFill) -> list[int]:
        return choose_added(mask, scores, n, zero_fill=fill, rng=rng).tolist()

    assert choose(4, "none") == [5]
    assert choose(1, "active_only") == [5]
    filled = {position for _ in range(200) for position in choose(2, "all")}
    assert filled == {2, 3, 5, 6, 7, 8, 9, 10, 11}
    filled = {position for _ in range(200) for position in choose(3, "active_only")}
    assert filled == {2, 3, 5, 6, 7, 8, 9, 10, 11}, "the active ones do not suffice and all are taken from"


def test_the_active_fill_stays_between_neurons_with_links_and_is_uniform() -> None:
    """5 x 5 with links on the diagonal of the first four: 12 absent pairs between active neurons, no path at all."""
    mask = Mask((5, 5), np.arange(4) * 6)
    counts = np.zeros(25)
    rng = np.random.default_rng(2)
    for _ in range(4000):
        counts[choose_added(mask, np.zeros((5, 5)), 3, rng=rng)] += 1
    inner = np.add.outer(5 * np.arange(4), np.arange(4)).ravel()
    absent = inner[~mask.contains(inner)]
    assert counts.sum() == counts[absent].sum() == 12_000
    assert stats.chisquare(counts[absent]).pvalue > 1e-4


def inclusion(weights: np.ndarray, n: int) -> np.ndarray:
    """Chance of each item to be among n successive draws without replacement, summed over all orders."""
    chance = np.zeros(weights.size)
    for order in itertools.permutations(range(weights.size), n):
        left, p = weights.sum(), 1.0
        for item in order:
            p *= weights[item] / left
            left -= weights[item]
        chance[list(order)] += p
    return chance


@pytest.mark.parametrize(
    ("exponent", "fill", "raised"),
    [(1.0, "active_only", False), (2.0, "none", False), (0.5, "all", False), (0.25, "all", True)],
)
def test_soft_regrowth_draws_with_the_known_chances(exponent: float, fill: ZeroFill, raised: bool) -> None:
    """2 x 4 with one link; with ``raised`` only one score is positive and the authors' 1e-5 comes in."""
    mask = Mask((2, 4), np.array([6]))
    scores = np.array([[1.0, 2.0, 0.0, 4.0], [0.5, 0.0, 9.0, 3.0]])
    if raised:
        scores[scores != 1.0] = 0
    n, n_draws = 3, 4000
    rng = np.random.default_rng(11)
    counts = np.zeros(8)
    for _ in range(n_draws):
        counts[choose_added(mask, scores, n, exponent=exponent, zero_fill=fill, rng=rng)] += 1
    weights = (scores.ravel() + (1e-5 if raised else 0)) ** exponent
    weights[6] = 0
    expected = inclusion(weights, n)
    possible = expected > 0
    assert counts.sum() == counts[possible].sum() == n * n_draws
    # Each count is binomial; a normal bound of 4.5 standard deviations on up to seven of them.
    deviation = np.abs(counts - n_draws * expected)[possible]
    assert (deviation <= 4.5 * np.sqrt(n_draws * (expected * (1 - expected))[possible]) + 1e-9).all()


def test_exponent_zero_is_uniform_whatever_the_scores() -> None:
    mask = Mask((2, 3), np.array([4]))
    scores = np.array([[0.0, 1e6, 1.0], [0.0, 0.0, 1e-300]])
    rng = np.random.default_rng(12)
    counts = np.zeros(6)
    for _ in range(4000):
        counts[choose_added(mask, scores, 2, exponent=0.0, zero_fill="none", rng=rng)] += 1
    assert counts[4] == 0
    assert stats.chisquare(np.delete(counts, 4)).pvalue > 1e-4


def test_the_choice_does_not_depend_on_the_number_of_threads() -> None:
    mask = Mask.from_array(np.random.default_rng(4).random((150, 120)) < 0.05)
    before = numba.get_num_threads()
    chosen = []
    try:
        for n_threads in {1, before}:
            numba.set_num_threads(n_threads)
            for exponent in (None, 1.0):
                scores = REGROWTH_SCORES["ch3_l3"].function(mask)
                chosen.append(choose_added(mask, scores, 200, exponent=exponent, rng=np.random.default_rng(0)))
    finally:
        numba.set_num_threads(before)
    for first, again in zip(chosen[:2], chosen[-2:], strict=True):
        np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0])
@pytest.mark.parametrize("exponent", [None, 1.0])
def test_scores_that_are_no_scores_are_refused_unless_they_belong_to_present_links(
    wrong: float, exponent: float | None
) -> None:
    mask = Mask((2, 2), np.array([0]))
    scores = np.ones((2, 2))
    scores[0, 0] = wrong
    assert choose_added(mask, scores, 3, exponent=exponent, rng=np.random.default_rng(0)).tolist() == [1, 2, 3]
    scores[1, 1] = wrong
    with pytest.raises(DataError, match="1 regrowth scores of absent links are negative or not finite"):
        choose_added(mask, scores, 1, exponent=exponent, rng=np.random.default_rng(0))


def test_impossible_wishes_are_refused() -> None:
    mask, rng = Mask((2, 2), np.array([0])), np.random.default_rng(0)
    with pytest.raises(DataError, match="4 links to add, but only 3 of 4 are absent"):
        choose_added(mask, np.ones((2, 2)), 4, rng=rng)
    with pytest.raises(DataError, match="4 links to add, but only 3 of 4 are absent"):
        uniform(mask, 4, rng=rng)
    with pytest.raises(DataError, match=r"scores of shape \(2, 3\) do not fit a mask of shape \(2, 2\)"):
        choose_added(mask, np.ones((2, 3)), 1, rng=rng)
    with pytest.raises(DataError, match="zero_fill is 'some'"):
        choose_added(mask, np.ones((2, 2)), 1, zero_fill="some", rng=rng)  # type: ignore[arg-type]


def test_every_entry_scores_every_mask() -> None:
    for density in (0.0, 0.2, 1.0):
        mask = Mask.from_array(np.random.default_rng(9).random((12, 9)) < density)
        given_signals = {"gradient": -np.ones(mask.shape), "momentum": -np.ones(mask.shape)}
        given_signals["rng"] = np.random.default_rng(0)
        for name in REGROWTH_SCORES:
            entry = REGROWTH_SCORES[name]
            assert entry.summary.endswith(".")
            scores = entry.function(mask, **{need: given_signals[need] for need in entry.needs})
            assert scores.shape == mask.shape
            assert np.isfinite(scores).all()
            assert (scores >= 0).all()


def test_the_names_of_the_papers_are_there() -> None:
    paths = {"l3", "ra_l3", "ch1_l3", "ch2_l3", "ch3_l3", "ch3.1_l3", "ilcl_l3"}
    nodes = {"ch2_l3n", "ch3_l3n", "ch3.1_l3n"}
    assert {"gradient", "momentum", "spm", "l3-cn"} | paths | nodes <= set(REGROWTH_SCORES)
    with pytest.raises(UnknownNameError, match="ch3_l3"):
        REGROWTH_SCORES["ch3l3"]
