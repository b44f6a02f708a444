"""Scores of absent links: against the definition, and what must not change them."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels import link_scores
from sparsegraph.kernels.link_scores import PATH_FACTORS, ch3_l3, path_scores
from sparsegraph.kernels.link_scores_node import NODE_FACTORS, node_scores
from sparsegraph.kernels.link_scores_present import ch3_l3_of_present
from sparsegraph.kernels.two_way import two_way

# Weight of one path by the degrees, internal and external links of its two neurons, as the reference conventions list
# the models (section 1); here in the paper's own terms, while the kernels use factors.
PATH_WEIGHTS: dict[str, Callable[[tuple[int, int], tuple[int, int], tuple[int, int]], float]] = {
    "l3": lambda d, i, e: 1.0,
    "ra_l3": lambda d, i, e: 1 / (d[0] * d[1]) ** 0.5,
    "ch1_l3": lambda d, i, e: (i[0] * i[1]) ** 0.5 / (d[0] * d[1]) ** 0.5,
    "ch2_l3": lambda d, i, e: ((1 + i[0]) * (1 + i[1]) / ((1 + e[0]) * (1 + e[1]))) ** 0.5,
    "ch3_l3": lambda d, i, e: 1 / ((1 + e[0]) * (1 + e[1])) ** 0.5,
    "ilcl_l3": lambda d, i, e: (i[0] * i[1] / ((1 + i[0]) * (1 + i[1]))) ** 0.5,
    "ch3.1_l3": lambda d, i, e: 1 / ((1 / (1 + i[0]) + e[0]) * (1 / (1 + i[1]) + e[1])) ** 0.5,
}


def by_definition(present: np.ndarray, model: str, u: int, v: int) -> float:
    """Score of one pair by sets: a local community, its internal and external links, a sum over paths."""
    of_row = [set(np.flatnonzero(row)) for row in present]
    of_column = [set(np.flatnonzero(column)) for column in present.T]
    paths = [(z1, z2) for z1 in of_row[u] - {v} for z2 in of_column[v] - {u} if z1 in of_row[z2]]
    firsts, seconds = {z1 for z1, _ in paths}, {z2 for _, z2 in paths}
    total = 0.0
    for z1, z2 in paths:
        degree = (len(of_column[z1]), len(of_row[z2]))
        internal = (len(of_column[z1] & seconds), len(of_row[z2] & firsts))
        external = (len(of_column[z1] - seconds - {u}), len(of_row[z2] - firsts - {v}))
        total += PATH_WEIGHTS[model](degree, internal, external)
    return total


masks = st.builds(
    lambda n, m, density, seed: np.random.default_rng(seed).random((n, m)) < density,
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([0.1, 0.3, 0.5, 0.8]),
    st.integers(0, 10_000),
)


@given(masks)
def test_every_model_is_its_definition(present: np.ndarray) -> None:
    for model, factor in PATH_FACTORS.items():
        expected = np.zeros(present.shape)
        for u, v in zip(*np.nonzero(~present), strict=True):
            expected[u, v] = by_definition(present, model, u, v)
        np.testing.assert_allclose(path_scores(present, factor), expected, rtol=1e-12, err_msg=model)


@given(masks)
def test_present_links_are_scored_by_the_same_definition(present: np.ndarray) -> None:
    expected = [by_definition(present, "ch3_l3", u, v) for u, v in zip(*np.nonzero(present), strict=True)]
    np.testing.assert_allclose(ch3_l3_of_present(present), expected, rtol=1e-12)


@given(masks)
def test_node_scores_count_each_neuron_on_a_path_once(present: np.ndarray) -> None:
    """From the definition in the reference conventions, section 1: shared neighbours and degrees by dense products."""
    links = present.astype(np.int64)
    seen_above, seen_below = links @ links.T, links.T @ links
    above, below = links.sum(axis=1), links.sum(axis=0)
    for model, factor in NODE_FACTORS.items():
        expected = np.zeros(present.shape)
        for u, v in zip(*np.nonzero(~present), strict=True):
            seconds = [z for z in np.flatnonzero(links[:, v]) if seen_above[u, z]]
            firsts = [z for z in np.flatnonzero(links[u]) if seen_below[v, z]]
            degrees = np.array([*above[seconds], *below[firsts]], np.float64)
            internal = np.array([*seen_above[u, seconds], *seen_below[v, firsts]], np.float64)
            expected[u, v] = factor(degrees, internal).sum()
        np.testing.assert_allclose(node_scores(present, factor), expected, rtol=1e-12, err_msg=model)


def test_a_path_worked_out_by_hand() -> None:
    """Row 0 - column 0 - row 1 - column 1: column 0 also links to row 2, row 1 also to column 2, both outside."""
    present = np.zeros((3, 3))
    present[[0, 1, 1, 1, 2], [0, 0, 1, 2, 0]] = 1
    # Absent (0, 1): external links of column 0: row 2; of row 1: column 2; so 1 / sqrt(2 * 2).
    assert ch3_l3(present)[0, 1] == pytest.approx(0.5, rel=1e-15)
    assert path_scores(present, PATH_FACTORS["l3"])[0].tolist() == [0, 1, 1]


@pytest.mark.parametrize("shape", [(1, 1), (4, 7), (7, 4), (0, 3)])
def test_nothing_to_score(shape: tuple[int, int]) -> None:
    for mask in (np.zeros(shape), np.ones(shape)):
        scores = ch3_l3(mask)
        assert scores.shape == shape
        assert scores.dtype == np.float64
        assert not scores.any()
        assert not node_scores(mask, NODE_FACTORS["ch3_l3n"]).any()
    assert ch3_l3_of_present(np.zeros(shape)).size == 0


def test_a_neuron_without_links_scores_nothing_and_harms_nothing() -> None:
    present = np.random.default_rng(0).random((30, 20)) < 0.2
    present[[0, 7, 29]] = False
    present[:, [0, 11, 19]] = False
    scores = ch3_l3(present)
    inner = np.ix_(present.any(axis=1), present.any(axis=0))
    np.testing.assert_array_equal(scores[inner], ch3_l3(present[inner]))
    assert scores.sum() == scores[inner].sum()


@pytest.mark.parametrize("shape", [(10, 400), (400, 10), (60, 60)])
def test_transposing_the_mask_transposes_the_scores(shape: tuple[int, int]) -> None:
    present = np.random.default_rng(1).random(shape) < 0.1
    for factor in PATH_FACTORS.values():
        np.testing.assert_allclose(path_scores(present.T, factor), path_scores(present, factor).T, rtol=1e-13)


def test_the_form_of_the_mask_does_not_matter() -> None:
    present = np.random.default_rng(2).random((40, 50)) < 0.1
    expected = ch3_l3(present)
    for form in (present.astype(float), sparse.csr_array(present), Mask.from_array(present)):
        np.testing.assert_array_equal(ch3_l3(form), expected)


def test_scores_are_the_same_to_the_bit_for_any_number_of_threads() -> None:
    present = np.random.default_rng(3).random((300, 200)) < 0.05
    for score in (ch3_l3, lambda m, **k: node_scores(m, NODE_FACTORS["ch2_l3n"], **k)):
        expected = score(present, n_threads=1)
        for n_threads in (2, 3, 7):
            np.testing.assert_array_equal(score(present, n_threads=n_threads), expected)
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        np.testing.assert_array_equal(ch3_l3_of_present(present), _with_threads(before, present))
        np.testing.assert_array_equal(ch3_l3(present), ch3_l3(present, n_threads=1))
    finally:
        numba.set_num_threads(before)


def _with_threads(n_threads: int, present: np.ndarray) -> np.ndarray:
    numba.set_num_threads(n_threads)
    scores = ch3_l3_of_present(present)
    numba.set_num_threads(1)
    return scores


def test_a_block_too_wide_for_short_codes() -> None:
    """More than 2**16 columns, so that codes take 64 bits; all links but one row's lie in the last columns."""
    wide = np.zeros((3, 70_000), np.bool_)
    small = np.array([[1, 1, 0, 0], [1, 0, 1, 1], [0, 1, 1, 0]], np.bool_)
    wide[:, -4:] = small
    np.testing.assert_array_equal(ch3_l3(wide)[:, -4:], ch3_l3(small))
    np.testing.assert_array_equal(ch3_l3(wide.T)[-4:], ch3_l3(small.T))


@pytest.mark.parametrize(("n_rows", "width"), [(2**16 - 1, np.uint32), (2**16, np.uint64)])
def test_codes_are_wide_enough_for_a_hub(n_rows: int, width: type) -> None:
    """A column with that many links shares that many neighbours with itself."""
    slots = link_scores.slots_of(two_way((n_rows, 1), np.arange(n_rows)), 1)
    assert slots.codes.dtype == width
    assert set(slots.codes.tolist()) == {n_rows << 4 * slots.codes.itemsize}


def test_too_dense_a_block_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_scores, "MOST_SLOTS", 100)
    present = np.ones((9, 9))
    present[0, 0] = 0
    with pytest.raises(DataError, match="has 712 paths of length two, and link scores are computed up to 100"):
        ch3_l3(present)
