"""Scale-free starts: what equal partition and resorting keep and change; exponents are under recovery."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.topology.scale_free import bipartite_scale_free, bsf, equal_partition, resorted

SHAPES = [(120, 160), (160, 160), (160, 160)]
COUNTS = [600, 800, 800]


def degrees(mask: Mask) -> tuple[np.ndarray, np.ndarray]:
    return np.bincount(mask.source, minlength=mask.shape[0]), np.bincount(mask.target, minlength=mask.shape[1])


@pytest.mark.parametrize(("shape", "n_links"), [((300, 300), 2700), ((200, 400), 2400), ((900, 300), 3600)])
def test_degrees_drift_by_as_much_as_the_sides_differ(shape: tuple[int, int], n_links: int) -> None:
    """Ends left over: a share |n_source - n_target| / N of the links on average, half of them given up, half joined.

    Each such link moves one end away and one to another neuron.  Allowed besides: 5 % for chance and for pairs that
    exist already.
    """
    mask, wanted = bipartite_scale_free(shape, n_links, rng=np.random.default_rng(4))
    drift = np.abs(np.concatenate(degrees(mask)) - wanted).sum() / (2 * n_links)
    assert wanted.sum() == 2 * n_links
    assert abs(drift - abs(shape[0] - shape[1]) / sum(shape)) < 0.05


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_any_number_of_links_can_be_had(n_source: int, n_target: int, data: st.DataObject) -> None:
    n_links = data.draw(st.integers(0, n_source * n_target))
    mask, _ = bipartite_scale_free((n_source, n_target), n_links, rng=np.random.default_rng(n_links))
    assert mask.n_links == n_links


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_equal_partition_keeps_target_degrees_and_levels_the_sources(
    n_source: int, n_target: int, data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(st.booleans(), min_size=n_source * n_target, max_size=n_source * n_target))
    before = Mask.from_array(np.array(drawn).reshape(n_source, n_target))
    after = equal_partition(before, rng=np.random.default_rng(0))
    assert np.array_equal(degrees(before)[1], degrees(after)[1])
    assert np.ptp(degrees(after)[0]) <= 1


def test_hubs_meet_hubs_after_resorting() -> None:
    before = bsf(SHAPES, COUNTS, rng=np.random.default_rng(1))
    after = resorted(before, rng=np.random.default_rng(2))
    assert np.array_equal(after[0].positions, before[0].positions)
    for left, right, old in zip(after[:-1], after[1:], before[1:], strict=True):
        arriving, leaving = degrees(left)[1], degrees(right)[0]
        # Sorting both sides gives the largest possible number of two-step paths.
        assert arriving @ leaving == np.sort(arriving) @ np.sort(leaving)
        # Rows are permuted, not changed.
        assert sorted(map(bytes, right.to_array())) == sorted(map(bytes, old.to_array()))


def test_a_sampled_order_lies_between_chance_and_the_rigid_one() -> None:
    before = bsf(SHAPES, COUNTS, rng=np.random.default_rng(1))

    def two_step_paths(masks: list[Mask]) -> int:
        return int(degrees(masks[0])[1] @ degrees(masks[1])[0])

    rigid = two_step_paths(resorted(before, rng=np.random.default_rng(0)))
    sampled = [two_step_paths(resorted(before, rng=np.random.default_rng(seed), order="sampled")) for seed in range(20)]
    by_chance = COUNTS[0] * COUNTS[1] / 160
    assert by_chance < np.mean(sampled) < rigid


def test_only_chains_are_resorted() -> None:
    masks = [Mask.complete((3, 4)), Mask.complete((5, 3))]
    with pytest.raises(DataError, match="to 4 neurons cannot be followed by one from 5"):
        resorted(masks, rng=np.random.default_rng(0))
