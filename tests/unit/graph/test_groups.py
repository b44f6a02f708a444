"""Groups of a block taken apart and put together again."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from sparsegraph.graph.groups import groups_of, redrawn
from sparsegraph.graph.layered import Block
from sparsegraph.graph.mask import Mask


def conv() -> Block:
    """4 -> 6 channels in two groups: rows 0, 1 with columns 0 to 2, rows 2, 3 with columns 3 to 5."""
    first, second = np.array([[1, 1, 0], [0, 0, 1]]), np.array([[0, 0, 0], [0, 1, 0]])
    return Block(0, 1, sparse.csr_array(np.block([[first, 0 * first], [0 * first, second]]).astype(float)), groups=2)


def test_each_group_is_a_mask_with_a_way_back() -> None:
    first, second = groups_of(conv())
    assert first.mask.to_array().tolist() == [[True, True, False], [False, False, True]]
    assert second.mask.to_array().tolist() == [[False, False, False], [False, True, False]]
    both = np.concatenate([group.in_block(group.mask.positions) for group in (first, second)])
    assert both.tolist() == Mask.from_csr(conv().weights).positions.tolist() == [0, 1, 8, 22]


def test_a_block_of_one_group_is_itself() -> None:
    block = Block(0, 1, conv().weights)
    (whole,) = groups_of(block)
    assert whole.mask.positions.tolist() == redrawn(block, lambda mask: mask.positions).positions.tolist()


def test_draws_stay_inside_their_groups_and_what_is_settled_is_not_drawn() -> None:
    """Moved to the front of each group: three links at 0, 1, 2 of the block, and one at row 2, column 3."""
    assert redrawn(conv(), lambda mask: np.arange(mask.n_links)).positions.tolist() == [0, 1, 2, 2 * 6 + 3]
    depthwise = Block(0, 1, sparse.csr_array(np.diag([1.0, 0.0, 1.0])), groups=3)
    assert redrawn(depthwise, lambda mask: mask.positions[:0]).positions.tolist() == [0, 8]
