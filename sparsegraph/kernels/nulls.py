"""Null models of one bipartite block: the same number of links, the same degrees, the same weights, all else chance."""

from __future__ import annotations

import numba
import numpy as np

from sparsegraph.errors import DataError

ROUNDS = 60
"""Rounds of trades after which a block counts as randomised, half of them among the rows and half among the columns.

What is left of the start, the share of links in their old places beyond that of independent draws, halves every 2 to 4
rounds on the masks measured (trained, scale-free and small-world ones of 8,000 to 130,000 links): after 60 rounds it is
a link in 100,000 at most.
"""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_BEYOND = 2**62


def erdos_renyi(shape: tuple[int, int], n_links: int, *, rng: np.random.Generator) -> np.ndarray:
    """Positions of so many links, each set of them equally likely.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the block.
    n_links : int
        From 0 to rows x columns.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n_links,)
        Flat positions ``row * n_columns + column``, increasing.

    Raises
    ------
    DataError
        If the block has no room for the links.

    Notes
    -----
    O(n_links + rows x columns / 64) steps and a bit per position: places are drawn until enough are distinct (of the
    absent links if these are fewer).

    Examples
    --------
    >>> erdos_renyi((2, 3), 6, rng=np.random.default_rng(0)).tolist()
    [0, 1, 2, 3, 4, 5]
    """
    n_positions = shape[0] * shape[1]
    if not 0 <= n_links <= n_positions:
        raise DataError(f"a block of {shape[0]} x {shape[1]} neurons cannot have {n_links} links")
    n_drawn = min(n_links, n_positions - n_links)
    words = _drawn_bits(n_positions, n_drawn, _seed(rng))
    if n_drawn < n_links:
        words = ~words
    return _set_bits(words, n_links)


def rewired(
    positions: np.ndarray, shape: tuple[int, int], *, rng: np.random.Generator, rounds: int = ROUNDS
) -> np.ndarray:
    """Links of a block dealt anew so that every row and every column keeps its degree.

    The stationary law is uniform over all simple bipartite graphs with these degrees (*global Curveball*): in a round
    the rows are paired at random; of each pair the columns that only one of them has are pooled and dealt back at
    random, to each row as many as it gave.  Every second round trades among the columns instead, since links of
    high-degree rows move slowly among rows of low degree, and fast among columns.

    Parameters
    ----------
    positions : ndarray of int64, shape (n_links,)
        Flat positions ``row * n_columns + column``, increasing.
    shape : (int, int)
        Rows and columns of the block.
    rng : numpy.random.Generator
        Gives one seed; the result does not depend on threads.
    rounds : int
        At least 1.

    Returns
    -------
    ndarray of int64, shape (n_links,)
        Increasing.

    Raises
    ------
    DataError
        If the positions are not increasing or lie outside the shape, or if ``rounds`` is below 1.

    Notes
    -----
    Why uniform: given the pairs, a deal leads from one graph to another as often as back (each way 1 / binomial of the
    same pool), and the pairs are drawn without looking at the graph; so a round is a symmetric chain and keeps the
    uniform law, and so do rounds among the columns.  Each deal may give back what was there, so that a round can do
    nothing and can also do any single swap of two links; swaps connect the ensemble (Ryser), hence there is no
    other stationary law.  A deal that could only change things would not be symmetric, and the law not uniform.

    O(rounds x links).  Links that the degrees settle (of neurons without or with all links, and of those that become
    so when these are taken away) are set aside, and a block with more links than absent ones is rewired through its
    complement: neither changes the law, and both make the rounds count where hubs have nearly all links.

    References
    ----------
    G. Strona, D. Nappo, F. Boccacci, S. Fattorini, J. San-Miguel-Ayanz, A fast and unbiased procedure to randomize
    ecological binary matrices with fixed row and column totals, Nature Communications 5 (2014) 4114.
    C. J. Carstens, Proof of uniform sampling of binary matrices with fixed row sums and column sums for the fast
    Curveball algorithm, Physical Review E 91 (2015) 042812.
    C. J. Carstens, M. Hamann, U. Meyer, M. Penschuck, H. Tran, D. Wagner, Parallel and I/O-efficient randomisation of
    massive networks using global curveball trades, European Symposium on Algorithms (2018) 11.
    H. J. Ryser, Combinatorial properties of matrices of zeros and ones, Canadian Journal of Mathematics 9 (1957) 371.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> diagonal = np.array([0, 4, 8])
    >>> sorted({tuple((rewired(diagonal, (3, 3), rng=rng) % 3).tolist()) for _ in range(100)})
    [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    """
    if rounds < 1:
        raise DataError(f"rounds is {rounds}; at least 1 round of trades is needed")
    given = _checked(positions, shape)
    seed = _seed(rng)
    rows, columns = given // shape[1], given % shape[1]
    free_row, free_column = _free(np.bincount(rows, minlength=shape[0]), np.bincount(columns, minlength=shape[1]))
    free = free_row[rows] & free_column[columns]
    inner_rows, inner_columns = np.flatnonzero(free_row), np.flatnonzero(free_column)
    inner_shape = (inner_rows.size, inner_columns.size)
    place_of_row, place_of_column = np.cumsum(free_row) - 1, np.cumsum(free_column) - 1
    inner = place_of_row[rows[free]] * inner_shape[1] + place_of_column[columns[free]]
    dealt = _rewired_or_complement(inner, inner_shape, rounds, seed)
    back = inner_rows[dealt // inner_shape[1]] * shape[1] + inner_columns[dealt % inner_shape[1]]
    return np.sort(np.concatenate([given[~free], back]), kind="stable")  # two rising runs are merged


def shuffled(weights: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """A copy of the values in random order, each order equally likely."""
    return rng.permutation(weights)


def _rewired_or_complement(positions: np.ndarray, shape: tuple[int, int], rounds: int, seed: np.ndarray) -> np.ndarray:
    """Trades among the links or, if these are fewer, among the absent ones."""
    n_positions = shape[0] * shape[1]
    if 2 * positions.size <= n_positions:
        return _rewired(positions, shape[0], shape[1], rounds, seed)
    absent = _set_bits(~_bits_at(n_positions, positions), n_positions - positions.size)
    dealt = _rewired(absent, shape[0], shape[1], rounds, seed)
    return _set_bits(~_bits_at(n_positions, dealt), positions.size)


def _checked(positions: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    given = np.ascontiguousarray(positions, dtype=np.int64)
    if given.ndim != 1 or (given.size and not (np.diff(given) > 0).all()):
        raise DataError("the positions of a block's links must be one strictly increasing list")
    if given.size and (given[0] < 0 or given[-1] >= shape[0] * shape[1]):
        raise DataError(f"a block of {shape[0]} x {shape[1]} neurons has no position beyond these")
    return given


def _seed(rng: np.random.Generator) -> np.ndarray:
    """State of a generator of the kernels, one word."""
    return rng.integers(2**64, size=1, dtype=np.uint64)


@numba.njit(cache=True, inline="always")
def _word(state: np.ndarray) -> np.uint64:
    """Next 64 random bits (splitmix64: G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014)."""
    state[0] += _GOLDEN
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


@numba.njit(cache=True)
def _below(n: int, state: np.ndarray) -> int:
    """Random integer from 0 to n - 1, exactly uniform: bits are drawn until they are small enough."""
    most = np.uint64(n - 1)
    bits = most
    for shift in (1, 2, 4, 8, 16, 32):
        bits |= bits >> np.uint64(shift)
    drawn = _word(state) & bits
    while drawn > most:
        drawn = _word(state) & bits
    return int(drawn)


@numba.njit(cache=True, boundscheck=False)
def _drawn_bits(n_positions: int, n_drawn: int, state: np.ndarray) -> np.ndarray:
    """Words in which ``n_drawn`` of the first ``n_positions`` bits are set."""
    words = np.zeros(n_positions // 64 + 1, np.uint64)
    n_set = 0
    while n_set < n_drawn:
        place = _below(n_positions, state)
        bit = np.uint64(1) << np.uint64(place & 63)
        n_set += (words[place >> 6] & bit) == 0
        words[place >> 6] |= bit
    return words


@numba.njit(cache=True, boundscheck=False)
def _bits_at(n_positions: int, positions: np.ndarray) -> np.ndarray:
    """Words in which the bits at ``positions`` are set."""
    words = np.zeros(n_positions // 64 + 1, np.uint64)
    for place in positions:
        words[place >> 6] |= np.uint64(1) << np.uint64(place & 63)
    return words


@numba.njit(cache=True, boundscheck=False)
def _set_bits(words: np.ndarray, n_set: int) -> np.ndarray:
    """Places of the first ``n_set`` bits that are set, increasing."""
    positions = np.empty(n_set, np.int64)
    found = 0
    for index in range(words.size):
        word = words[index]
        place = 64 * index
        while word != 0 and found < n_set:
            if word & np.uint64(1):
                positions[found] = place
                found += 1
            word >>= np.uint64(1)
            place += 1
    return positions


@numba.njit(cache=True)
def _free(row_degrees: np.ndarray, column_degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns whose links are not settled by the degrees alone, as bool arrays.

    A row with no link or with all columns is settled; without it another column may have no link or all rows, and so
    on.  Only the smallest and the largest degrees need to be looked at.
    """
    rows, columns = np.argsort(row_degrees), np.argsort(column_degrees)
    row, row_end, column, column_end = 0, rows.size, 0, columns.size
    while row < row_end and column < column_end:
        # Each free row is linked to all columns taken from the end and to none of those taken from the beginning.
        if row_degrees[rows[row]] == columns.size - column_end:
            row += 1
        elif row_degrees[rows[row_end - 1]] == columns.size - column:
            row_end -= 1
        elif column_degrees[columns[column]] == rows.size - row_end:
            column += 1
        elif column_degrees[columns[column_end - 1]] == rows.size - row:
            column_end -= 1
        else:
            break
    free_row, free_column = np.zeros(rows.size, np.bool_), np.zeros(columns.size, np.bool_)
    if row < row_end and column < column_end:
        free_row[rows[row:row_end]] = True
        free_column[columns[column:column_end]] = True
    return free_row, free_column


@numba.njit(cache=True, boundscheck=False)
def _rewired(positions: np.ndarray, n_rows: int, n_columns: int, rounds: int, state: np.ndarray) -> np.ndarray:
    starts = np.zeros(n_rows + 1, np.int64)
    columns = np.empty(positions.size, np.int64)
    for link in range(positions.size):
        row = positions[link] // n_columns
        starts[row + 1] += 1
        columns[link] = positions[link] - row * n_columns
    starts = np.cumsum(starts)
    for _ in range(rounds // 2):
        _trade_round(starts, columns, state)
        column_starts, rows = _transposed(starts, columns, n_columns)
        _trade_round(column_starts, rows, state)
        starts, columns = _transposed(column_starts, rows, n_rows)
    if rounds % 2:
        _trade_round(starts, columns, state)
    found = np.empty(positions.size, np.int64)
    for row in range(n_rows):
        for link in range(starts[row], starts[row + 1]):
            found[link] = row * n_columns + columns[link]
    return found


@numba.njit(cache=True, boundscheck=False)
def _transposed(starts: np.ndarray, columns: np.ndarray, n_columns: int) -> tuple[np.ndarray, np.ndarray]:
    """The same links by column: where each column starts, and its rows, increasing."""
    places = np.zeros(n_columns + 2, np.int64)
    for link in range(columns.size):
        places[columns[link] + 2] += 1
    places = np.cumsum(places)
    rows = np.empty(columns.size, np.int64)
    for row in range(starts.size - 1):
        for link in range(starts[row], starts[row + 1]):
            place = columns[link] + 1
            rows[places[place]] = row
            places[place] += 1
    return places[: n_columns + 1], rows


@numba.njit(cache=True, boundscheck=False)
def _trade_round(starts: np.ndarray, columns: np.ndarray, state: np.ndarray) -> None:
    """Pair the rows at random, one stays alone if they are odd, and let each pair trade; in place."""
    n_rows = starts.size - 1
    order = np.arange(n_rows)
    longest = 0
    for index in range(n_rows):
        other = index + _below(n_rows - index, state)
        order[index], order[other] = order[other], order[index]
        longest = max(longest, starts[index + 1] - starts[index])
    buffers = np.empty((4, longest + 1), np.int64)
    for index in range(0, n_rows - 1, 2):
        one, other = order[index], order[index + 1]
        _trade(columns[starts[one] : starts[one + 1]], columns[starts[other] : starts[other + 1]], buffers, state)


@numba.njit(cache=True, boundscheck=False)
def _trade(one: np.ndarray, other: np.ndarray, buffers: np.ndarray, state: np.ndarray) -> None:
    """Deal what only one of two increasing lists has to both at random, as many to each as it gave; in place.

    The lists are merged, and of each pooled entry it is drawn whether ``one`` gets it, with probability (places it
    has left) / (entries left in the pool): each choice is equally likely, and both lists stay sorted.  No branch hangs
    on what was drawn.
    """
    n_one, n_other = one.size, other.size
    left, right, new_one, new_other = buffers[0], buffers[1], buffers[2], buffers[3]
    left[:n_one] = one
    right[:n_other] = other
    left[n_one] = right[n_other] = _BEYOND
    p = q = 0
    n_union = 0
    while p < n_one and q < n_other:
        a, b = left[p], right[q]
        p += a <= b
        q += b <= a
        n_union += 1
    n_union += n_one - p + n_other - q
    n_common = n_one + n_other - n_union
    wanted, pooled = n_one - n_common, n_union - n_common
    if wanted == 0 or wanted == pooled:
        return
    p = q = to_one = to_other = 0
    for _ in range(n_union):
        a, b = left[p], right[q]
        here, there = a <= b, b <= a
        entry = a if here else b
        p += here
        q += there
        common = here and there
        drawn = float(np.int64(_word(state) >> np.uint64(11))) * (pooled * 2.0**-53) < wanted
        new_one[to_one] = entry
        new_other[to_other] = entry
        to_one += common or drawn
        to_other += common or not drawn
        wanted -= drawn and not common
        pooled -= not common
    one[:] = new_one[:n_one]
    other[:] = new_other[:n_other]
