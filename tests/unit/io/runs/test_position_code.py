"""Positions of links in few bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.errors import GraphError, LoadError
from sparsegraph.io.runs.position_code import decode, encode


@given(st.integers(1, 400), st.data())
def test_decode_undoes_encode(universe: int, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.integers(0, universe - 1)))
    positions = np.array(sorted(chosen), np.int64)
    np.testing.assert_array_equal(decode(encode(positions, universe), universe), positions)


@pytest.mark.parametrize("universe", [2**40 + 3, 2**47])
def test_few_positions_of_very_many(universe: int) -> None:
    positions = np.array([0, 1, universe // 2, universe - 1])
    code = encode(positions, universe)
    assert code.size < 40
    np.testing.assert_array_equal(decode(code, universe), positions)


@pytest.mark.parametrize("density", [0.001, 0.05, 0.3, 1.0])
def test_the_length_keeps_its_bound_wherever_the_links_lie(density: float) -> None:
    universe = 200_000
    n = round(density * universe)
    spread = np.sort(np.random.default_rng(0).choice(universe, n, replace=False))
    crowded = np.arange(universe - n, universe)
    # the bound of the docstring, from Elias 1974
    bound = n * (2 + np.log2(universe / n)) / 8 + 10
    assert encode(spread, universe).size == encode(crowded, universe).size <= bound


@pytest.mark.parametrize("positions", [[3, 2], [1, 1], [-1, 2], [2, 10]])
def test_positions_that_do_not_increase_inside_are_refused(positions: list[int]) -> None:
    with pytest.raises(GraphError, match="must increase from 0 to 9"):
        encode(np.array(positions), 10)


def test_every_damaged_byte_is_noticed_or_gives_increasing_positions() -> None:
    code = encode(np.array([2, 9, 31]), 32)
    for place in range(code.size):
        for bit in range(8):
            bad = code.copy()
            bad[place] ^= 1 << bit
            try:
                positions = decode(bad, 32)
            except LoadError:
                continue
            assert (np.diff(positions) > 0).all()
            assert 0 <= positions[0] <= positions[-1] < 32


@pytest.mark.parametrize(
    "code",
    [
        np.zeros(3, np.uint8),
        np.zeros(9, np.uint8),
        np.frombuffer((2**62).to_bytes(8, "little"), np.uint8),
        np.zeros(12, np.int64),
        np.zeros((2, 8), np.uint8),
    ],
)
def test_a_claim_that_its_bytes_do_not_hold_is_refused(code: np.ndarray) -> None:
    with pytest.raises(LoadError, match="code of positions"):
        decode(code, 2**40)
