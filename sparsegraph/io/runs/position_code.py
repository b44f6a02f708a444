"""Increasing positions in few bytes: the code of Elias and Fano, whose length depends on their number only."""

from __future__ import annotations

import numpy as np

from sparsegraph.errors import GraphError, LoadError

_COUNT_BYTES = 8


def encode(positions: np.ndarray, universe: int) -> np.ndarray:
    """Bytes for ``n`` increasing positions below ``universe``.

    The count ``n`` (8 bytes, little-endian); with ``k = floor(log2(universe // n))`` the lowest ``k`` bits of each
    position, one after the other, lowest first; then a row of bits in which bit ``(p_i >> k) + i`` is set for the i-th
    position ``p_i``.  Both rows of bits fill whole bytes, the first bit lowest.  No position: only the count.

    Parameters
    ----------
    positions : ndarray of int, shape (n,)
        Strictly increasing.
    universe : int
        Number of possible positions.

    Returns
    -------
    ndarray of uint8

    Raises
    ------
    GraphError
        If the positions do not increase or lie outside.

    Notes
    -----
    At most ``2 + log2(universe / n)`` bits a position and ten bytes, wherever the positions lie: unlike a code of the
    gaps it has no bad case.  O(n log(universe / n)) time.

    References
    ----------
    P. Elias, "Efficient storage and retrieval by content and address of static files", Journal of the ACM 21, 1974.

    Examples
    --------
    >>> import numpy as np
    >>> encode(np.array([2, 9, 31]), 32).tolist()
    [3, 0, 0, 0, 0, 0, 0, 0, 202, 1, 37]
    >>> decode(encode(np.array([2, 9, 31]), 32), 32).tolist()
    [2, 9, 31]
    """
    values = np.asarray(positions, dtype=np.int64)
    n = int(values.size)
    if n and (values[0] < 0 or values[-1] >= universe or not (np.diff(values) > 0).all()):
        raise GraphError(f"positions of links must increase from 0 to {universe - 1}")
    count = np.frombuffer(n.to_bytes(_COUNT_BYTES, "little"), np.uint8)
    if n == 0:
        return count.copy()
    k, _, n_high_bits = _widths(n, universe)
    low = np.empty((n, k), np.uint8)
    for bit in range(k):
        low[:, bit] = (values >> bit) & 1
    high = np.zeros(n_high_bits, np.uint8)
    high[(values >> k) + np.arange(n)] = 1
    return np.concatenate([count, np.packbits(low, bitorder="little"), np.packbits(high, bitorder="little")])


def decode(code: np.ndarray, universe: int) -> np.ndarray:
    """Positions from the bytes of :func:`encode`, int64.

    Raises
    ------
    LoadError
        If the bytes are no such code; memory never exceeds about 200 times that of the code.
    """
    if code.dtype != np.uint8 or code.ndim != 1 or code.size < _COUNT_BYTES:
        raise _damaged(f"{code.size} values of type {code.dtype}")
    n = int.from_bytes(code[:_COUNT_BYTES].tobytes(), "little")
    if n == 0 and code.size == _COUNT_BYTES:
        return np.zeros(0, np.int64)
    if not 0 < n <= universe:
        raise _damaged(f"{n} positions of {universe} in {code.size} bytes")
    k, n_low, n_high_bits = _widths(n, universe)
    if code.size != _COUNT_BYTES + n_low + -(-n_high_bits // 8):
        raise _damaged(f"{code.size} bytes for {n} positions of {universe}")
    split = _COUNT_BYTES + n_low
    high = np.flatnonzero(np.unpackbits(code[split:], count=n_high_bits, bitorder="little"))
    if high.size != n:
        raise _damaged(f"{high.size} of {n} positions")
    positions = (high - np.arange(n)) << k
    low = np.unpackbits(code[_COUNT_BYTES:split], count=n * k, bitorder="little").reshape(n, k)
    for bit in range(k):
        positions |= low[:, bit].astype(np.int64) << bit
    if positions[-1] >= universe or not (np.diff(positions) > 0).all():
        raise _damaged("positions that do not increase")
    return positions


def _widths(n: int, universe: int) -> tuple[int, int, int]:
    """Low bits a position, bytes of all low bits, length of the row of high bits."""
    k = (universe // n).bit_length() - 1
    return k, -(-n * k // 8), n + ((universe - 1) >> k)


def _damaged(found: str) -> LoadError:
    return LoadError(f"a code of positions with {found}; the file is damaged: copy it again or take another snapshot")
