"""The groups of a grouped convolution: links and pairs exist inside a group only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from sparsegraph.graph.layered import Block
from sparsegraph.graph.mask import Mask


class Group(NamedTuple):
    """The links of one group as a mask of its own, and where its pairs lie in the block.

    Parameters
    ----------
    mask : Mask
        Rows and columns of the group alone.
    first : int
        Flat position of the group's first pair in the block.
    n_target : int
        Columns of the block.
    """

    mask: Mask
    first: int
    n_target: int

    def in_block(self, positions: np.ndarray) -> np.ndarray:
        """Flat positions in the block of flat positions in the group."""
        n_columns = self.mask.shape[1]
        return self.first + positions // n_columns * self.n_target + positions % n_columns


def groups_of(block: Block) -> Iterator[Group]:
    """The groups of a block, one after the other; the whole block if it has only one."""
    n_source, n_target = block.weights.shape
    rows, columns = n_source // block.groups, n_target // block.groups
    whole = Mask.from_csr(block.weights)
    begins = whole.indptr[::rows]
    for group in range(block.groups):
        inside = slice(begins[group], begins[group + 1])
        source, target = whole.source[inside] - group * rows, whole.target[inside] - group * columns
        yield Group(Mask((rows, columns), source * columns + target), group * (rows * n_target + columns), n_target)


def redrawn(block: Block, draw: Callable[[Mask], np.ndarray]) -> Mask:
    """The mask of a block whose groups are each drawn anew by ``draw(mask) -> positions``.

    Of a group that is empty or complete there is only one, which ``draw`` is not asked for.
    """
    n_source, n_target = block.weights.shape
    found = [group.in_block(_drawn(group.mask, draw)) for group in groups_of(block)]
    return Mask((n_source, n_target), np.sort(np.concatenate(found)))


def _drawn(mask: Mask, draw: Callable[[Mask], np.ndarray]) -> np.ndarray:
    return mask.positions if mask.n_links in (0, mask.n_possible) else draw(mask)
