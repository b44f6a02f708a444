"""What kernels compile is what the plain functions say."""

from __future__ import annotations

import numba
import numpy as np

from sparsegraph.kernels.bit_rows import (
    WORDS,
    add_counts,
    either,
    is_any,
    load_bits,
    store_bits,
    without,
    zero_bits,
)


def both_ways(rows: np.ndarray, counts: np.ndarray) -> bool:
    """Row 2 = row 0 or row 1, row 3 = row 0 without row 1; counts of row 3; whether row 3 is empty."""
    left, right = load_bits(rows, 0), load_bits(rows, np.uint32(1))
    store_bits(rows, 2, either(left, right))
    rest = without(left, right)
    store_bits(rows, 3, rest)
    add_counts(counts, 1, rest)
    return not is_any(rest)


compiled = numba.njit(both_ways)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = zero_bits(4)
    rows[:2] = rng.integers(0, 2**64, (2, WORDS), dtype=np.uint64)
    return rows, np.full((2, WORDS), 5, np.int64)


def test_compiled_and_plain_agree_with_numpy() -> None:
    for seed in range(5):
        rows, counts = drawn(seed)
        again, counted = rows.copy(), counts.copy()
        assert both_ways(rows, counts) == compiled(again, counted) == False  # noqa: E712
        np.testing.assert_array_equal(rows, again)
        np.testing.assert_array_equal(counts, counted)
        np.testing.assert_array_equal(rows[3], rows[0] & ~rows[1])
        assert counts[1].tolist() == [5 + int(word).bit_count() for word in rows[3]]
        assert (counts[0] == 5).all()


def test_an_empty_row_is_seen_as_such() -> None:
    rows, counts = drawn(0)
    rows[1] = ~np.uint64(0)
    assert compiled(rows.copy(), counts)
    assert both_ways(rows, counts)


def test_rows_begin_at_lines_of_cache() -> None:
    for n_rows in (1, 7, 100):
        rows = zero_bits(n_rows)
        assert rows.ctypes.data % 64 == 0
        assert (rows.shape, rows.any()) == ((n_rows, WORDS), False)
