"""A mask: the set of present links of one block, in the one form that rules, kernels and files share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from sparsegraph.errors import GraphError


@dataclass(frozen=True, eq=False)
class Mask:
    """The present links of a block, without weights.

    Values that belong to links (weights, gradients, momenta, ages) travel beside it as arrays in the same order.

    Parameters
    ----------
    shape : (int, int)
        Source and target size; for a convolution (channels in x kernel height x kernel width, channels out).
    positions : ndarray of int64, shape (n_links,)
        Flat positions ``source * n_target + target``, strictly increasing; becomes read-only.

    Raises
    ------
    GraphError
        If the positions are not strictly increasing or lie outside the shape.

    Examples
    --------
    >>> import numpy as np
    >>> mask = Mask((2, 3), np.array([0, 5]))
    >>> mask.source.tolist(), mask.target.tolist(), round(mask.density, 3)
    ([0, 1], [0, 2], 0.333)
    """

    shape: tuple[int, int]
    positions: np.ndarray

    def __post_init__(self) -> None:
        positions = np.array(self.positions, dtype=np.int64)
        if positions.ndim != 1 or (positions.size and not (np.diff(positions) > 0).all()):
            raise GraphError("the positions of a mask must be one strictly increasing list")
        if positions.size and (positions[0] < 0 or positions[-1] >= self.n_possible):
            raise GraphError(f"a mask of shape {self.shape} has positions 0 to {self.n_possible - 1} only")
        positions.flags.writeable = False
        object.__setattr__(self, "positions", positions)

    @classmethod
    def complete(cls, shape: tuple[int, int]) -> Mask:
        """The mask of a dense block."""
        return cls(shape, np.arange(shape[0] * shape[1]))

    @classmethod
    def from_array(cls, present: np.ndarray) -> Mask:
        """The mask of the non-zero entries of a matrix, row = source."""
        return cls((present.shape[0], present.shape[1]), np.flatnonzero(present))

    @classmethod
    def from_csr(cls, matrix: sparse.csr_array) -> Mask:
        """The mask of the stored entries of a canonical matrix, zeros included."""
        source = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        return cls((matrix.shape[0], matrix.shape[1]), source * matrix.shape[1] + matrix.indices)

    @property
    def n_links(self) -> int:
        """Number of present links."""
        return int(self.positions.size)

    @property
    def n_possible(self) -> int:
        """Number of links of a dense block of this shape."""
        return self.shape[0] * self.shape[1]

    @property
    def density(self) -> float:
        """Share of the possible links that are present."""
        return self.n_links / self.n_possible

    @cached_property
    def source(self) -> np.ndarray:
        """Source neuron of each link, int64."""
        return self.positions // self.shape[1]

    @cached_property
    def target(self) -> np.ndarray:
        """Target neuron of each link, int64."""
        return self.positions % self.shape[1]

    @cached_property
    def indptr(self) -> np.ndarray:
        """Where the links of each source neuron begin, int64 of shape (n_source + 1,): the CSR pointer."""
        return np.searchsorted(self.positions, np.arange(self.shape[0] + 1) * self.shape[1])

    def contains(self, positions: np.ndarray) -> np.ndarray:
        """For each flat position whether a link is there."""
        if self.n_links == 0:
            return np.zeros(np.shape(positions), np.bool_)
        at = np.minimum(np.searchsorted(self.positions, positions), self.n_links - 1)
        return np.asarray(self.positions[at] == positions)

    def to_csr(self, values: np.ndarray) -> sparse.csr_array:
        """The matrix that stores ``values``, one a link, zeros included."""
        return sparse.csr_array((values, self.target, self.indptr), shape=self.shape)

    def to_array(self) -> np.ndarray:
        """The dense mask, bool of shape ``shape``."""
        present = np.zeros(self.n_possible, np.bool_)
        present[self.positions] = True
        return present.reshape(self.shape)


@dataclass(frozen=True, eq=False)
class LinkEvents:
    """What one topology update did to one block, as flat positions (int64, increasing).

    A link may be removed and regrown in the same update and is then in both lists; that share is the overlap.

    Parameters
    ----------
    removed : ndarray
        By the removal rule.
    percolated : ndarray
        By percolation, after the removal.
    regrown : ndarray
        By the regrowth rule, after both.
    """

    removed: np.ndarray
    percolated: np.ndarray
    regrown: np.ndarray

    @property
    def overlap(self) -> float | None:
        """Share of the regrown links that were removed or percolated in the same update; None if none was regrown.

        References
        ----------
        Zhang et al., ICLR 2024, Appendix G: |removed and regrown| / |regrown|.
        """
        if self.regrown.size == 0:
            return None
        lost = np.concatenate([self.removed, self.percolated])
        return float(np.isin(self.regrown, lost).mean())
