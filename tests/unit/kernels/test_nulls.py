"""Null models of a block: what they keep, and that every member of the ensemble is equally likely."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sparsegraph.errors import DataError
from sparsegraph.kernels.nulls import erdos_renyi, rewired, shuffled

HUBS = ((3, 1, 1, 1), (3, 1, 1, 1))
"""Where both hubs are linked (9 of 10 members) 5 swaps are possible, where they aren't 9."""
UNEVEN = ((3, 2, 2, 1), (3, 2, 2, 1))
REGULAR = ((2, 2, 2, 2), (2, 2, 2, 2))
SIZES = {HUBS: 10, UNEVEN: 24, REGULAR: 90}
"""By listing them all; the 90 are also the fourth term of OEIS A001499."""

PAIRS = list(itertools.combinations(range(4), 2))


def ensemble(rows: tuple[int, ...], columns: tuple[int, ...]) -> list[bytes]:
    """Every mask with these row and column sums, found by trying all rows."""
    choices = [
        [np.bincount(chosen, minlength=len(columns)) for chosen in map(list, itertools.combinations(range(4), degree))]
        for degree in rows
    ]
    masks = (np.array(mask, dtype=np.int64) for mask in itertools.product(*choices))
    return [np.flatnonzero(mask).tobytes() for mask in masks if (mask.sum(axis=0) == columns).all()]


def p_of_uniform(draw: Callable[[np.random.Generator], np.ndarray], members: list[bytes], n_draws: int) -> float:
    """Chi-square p-value of the hypothesis that each member is equally likely."""
    rng = np.random.default_rng(0)
    place = {member: index for index, member in enumerate(members)}
    counts = np.bincount([place[draw(rng).tobytes()] for _ in range(n_draws)], minlength=len(members))
    return float(stats.chisquare(counts).pvalue)


def swapped(start: np.ndarray, n_columns: int, n_changes: int, rng: np.random.Generator) -> np.ndarray:
    """A chain of swaps until so many succeeded: failures are no steps of it, and so it visits each as often as it has
    neighbours."""
    links = set(start.tolist())
    while n_changes:
        ordered = sorted(links)
        a, b = (ordered[i] for i in rng.integers(len(ordered), size=2))
        new = {a - a % n_columns + b % n_columns, b - b % n_columns + a % n_columns}
        if not new & links:
            links = (links - {a, b}) | new
            n_changes -= 1
    return np.array(sorted(links))


@pytest.mark.parametrize("margins", [HUBS, UNEVEN, REGULAR])
def test_degree_preserving_draws_are_uniform_over_the_ensemble(margins: tuple) -> None:
    members = ensemble(*margins)
    assert len(members) == SIZES[margins]
    start = np.frombuffer(members[0], dtype=np.int64)
    assert p_of_uniform(lambda rng: rewired(start, (4, 4), rng=rng), members, 10_000) > 0.01


def test_the_test_of_uniformity_sees_a_chain_that_does_not_count_failures() -> None:
    members = ensemble(*HUBS)
    start = np.frombuffer(members[0], dtype=np.int64)
    # The chain is in the member of 9 neighbours 9 / (9 x 5 + 9) = 1 / 6 of the time, and not 1 / 10.
    assert p_of_uniform(lambda rng: swapped(start, 4, 12, rng), members, 2_000) < 1e-6


def test_a_single_trade_of_two_rows_is_uniform_already() -> None:
    members = [np.sort(np.array([*one, *(4 + np.delete(np.arange(4), one))])) for one in map(list, PAIRS)]
    start = members[0]
    found = [member.tobytes() for member in members]
    assert p_of_uniform(lambda rng: rewired(start, (2, 4), rng=rng, rounds=1), found, 5_000) > 0.01


@pytest.mark.parametrize("n_links", [2, 4])
def test_erdos_renyi_draws_are_uniform_over_the_masks_of_so_many_links(n_links: int) -> None:
    members = [np.array(chosen).tobytes() for chosen in itertools.combinations(range(6), n_links)]
    assert p_of_uniform(lambda rng: erdos_renyi((2, 3), n_links, rng=rng), members, 5_000) > 0.01


def degrees(positions: np.ndarray, shape: tuple[int, int]) -> tuple[list[int], list[int]]:
    rows, columns = positions // shape[1], positions % shape[1]
    return np.bincount(rows, minlength=shape[0]).tolist(), np.bincount(columns, minlength=shape[1]).tolist()


@given(shape=st.tuples(st.integers(1, 12), st.integers(1, 12)), share=st.floats(0, 1), seed=st.integers(0, 2**32 - 1))
def test_degrees_are_kept_whatever_the_block(shape: tuple[int, int], share: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = erdos_renyi(shape, round(share * shape[0] * shape[1]), rng=rng)
    for rounds in (1, 2, 5):
        found = rewired(start, shape, rng=rng, rounds=rounds)
        assert degrees(found, shape) == degrees(start, shape)
        assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("density", [0.0, 0.002, 0.3, 0.8, 1.0])
def test_erdos_renyi_has_the_links_asked_for_within_the_block(density: float) -> None:
    n_links = round(density * 70 * 130)
    found = erdos_renyi((70, 130), n_links, rng=np.random.default_rng(0))
    assert found.size == n_links
    assert (np.diff(found) > 0).all()
    assert n_links == 0 or (found[0] >= 0 and found[-1] < 70 * 130)


@pytest.mark.parametrize("density", [0.02, 0.4, 0.9])
def test_a_block_is_randomised_from_wherever_it_starts(density: float) -> None:
    # Two quarters of the block are dense; with even degrees half of the links must end up in them.
    rng = np.random.default_rng(0)
    dense = np.kron(np.eye(2, dtype=np.bool_), np.ones((50, 50), np.bool_))
    start = np.flatnonzero(rng.random((100, 100)) < np.minimum(density * np.where(dense, 1.5, 0.5), 1.0))
    inside = [dense.ravel()[rewired(start, (100, 100), rng=rng)].mean() for _ in range(20)]
    assert dense.ravel()[start].mean() > 0.65
    assert np.mean(inside) == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(20 * start.size))


def test_the_seed_decides() -> None:
    start = erdos_renyi((30, 20), 100, rng=np.random.default_rng(0))
    one, same, other = (rewired(start, (30, 20), rng=np.random.default_rng(seed)).tolist() for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_the_start_is_left_alone_and_what_cannot_change_stays() -> None:
    start = np.arange(6)
    start.flags.writeable = False
    assert rewired(start, (2, 3), rng=np.random.default_rng(0)).tolist() == start.tolist()
    # Each row holds all that the next one has: the only mask with these degrees (a Ferrers diagram).
    nested = np.array([0, 1, 2, 3, 4, 6])
    assert rewired(nested, (3, 3), rng=np.random.default_rng(0)).tolist() == nested.tolist()


def test_links_settled_by_the_degrees_do_not_slow_the_others() -> None:
    # A core of 4 x 4 with one absent link in each row and column (24 members), and a hub row and column linked to all.
    hubs = np.zeros((12, 12), np.bool_)
    hubs[0], hubs[:, 0] = True, True
    hubs[1:5, 1:5] = ~np.eye(4, dtype=np.bool_)
    members = []
    for absent in itertools.permutations(range(4)):
        member = hubs.copy()
        member[1:5, 1:5] = True
        member[np.arange(1, 5), 1 + np.array(absent)] = False
        members.append(np.flatnonzero(member).tobytes())
    start = np.flatnonzero(hubs)
    assert p_of_uniform(lambda rng: rewired(start, (12, 12), rng=rng, rounds=10), members, 5_000) > 0.01


def test_shuffled_weights_are_the_same_weights() -> None:
    weights = np.array([0.0, 1.0, 2.0, 3.0], dtype=np.float32)
    orders = {tuple(shuffled(weights, rng=np.random.default_rng(seed)).tolist()) for seed in range(300)}
    assert len(orders) == 24
    assert shuffled(weights, rng=np.random.default_rng(0)).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: erdos_renyi((2, 3), 7, rng=rng), "cannot have 7 links"),
        (lambda rng: rewired(np.array([1, 0]), (2, 3), rng=rng), "increasing"),
        (lambda rng: rewired(np.array([0, 6]), (2, 3), rng=rng), "beyond"),
        (lambda rng: rewired(np.array([0, 4]), (2, 3), rng=rng, rounds=0), "rounds"),
    ],
)
def test_what_is_no_block_is_refused(call: Callable[[np.random.Generator], np.ndarray], words: str) -> None:
    with pytest.raises(DataError, match=words):
        call(np.random.default_rng(0))
