"""How many links each block gets: one density of the whole, shared out by the shapes of the blocks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from sparsegraph.errors import DataError

Shape = Sequence[int]
"""Of a linear block its two sizes; of a convolution its two numbers of channels and then its kernel; either side may
come first."""


def uniform(shapes: Sequence[Shape], density: float) -> list[float]:
    """The same density for every block.

    Examples
    --------
    >>> uniform([(784, 1000), (1000, 10)], 0.01)
    [0.01, 0.01]
    """
    _check(density)
    return [density] * len(shapes)


def erdos_renyi(shapes: Sequence[Shape], density: float) -> list[float]:
    """Densities in proportion to ``(n_source + n_target) / (n_source n_target)`` (ER), kernels left out.

    The factor of proportion is such that all blocks together have the density asked for; blocks that would exceed 1
    are complete.  See `erk`, which equals it where no block has a kernel.

    Notes
    -----
    For a convolution "Survival of the Most Connected", table 2, prints the kernel's size in the denominator of ERK
    only; the original has it in numerator and denominator, and nowhere in ER.  Linear blocks are not affected.

    References
    ----------
    D. C. Mocanu et al., "Scalable training of artificial neural networks with adaptive sparse connectivity inspired
    by network science", Nature Communications 9:2383 (2018), equation 1.
    """
    return _scaled(shapes, density, lambda shape: sum(shape[:2]) / math.prod(shape[:2]))


def erk(shapes: Sequence[Shape], density: float) -> list[float]:
    """Densities in proportion to the sum over the product of a block's dimensions, kernels included (ERK).

    ``density_l = epsilon sum(shape_l) / prod(shape_l)`` with epsilon such that all blocks together have the density
    asked for.  While a block would exceed 1, the one with the largest share is made complete and epsilon is solved
    again for the others.

    Parameters
    ----------
    shapes : sequence of tuple of int
        (n_source, n_target), or channels and kernel as (n_source, n_target, height, width); the order within the
        first two does not matter.
    density : float
        Links of all blocks over all possible links, in (0, 1].

    Returns
    -------
    list of float
        In the order of ``shapes``, each in (0, 1].

    Raises
    ------
    DataError
        If the density lies outside (0, 1].

    References
    ----------
    U. Evci et al., "Rigging the lottery: making all tickets winners", ICML 2020, section 3.

    Examples
    --------
    >>> [round(d, 4) for d in erk([(3072, 1024), (1024, 512), (512, 10)], 0.05)]
    [0.0413, 0.0929, 1.0]
    """
    return _scaled(shapes, density, lambda shape: sum(shape) / math.prod(shape))


def link_counts(shapes: Sequence[Shape], densities: Sequence[float], total: int | None = None) -> list[int]:
    """Number of links of each block.

    Parameters
    ----------
    shapes : sequence of tuple of int
    densities : sequence of float
        One for each shape, in [0, 1].
    total : int, optional
        Links of all blocks together.  None: each block gets the integer nearest to its share, so that blocks of equal
        shape and density have equally many.  Else shares are rounded down and the links left over go to the blocks
        with the largest remainders, one each.

    Returns
    -------
    list of int

    Raises
    ------
    DataError
        If a density lies outside [0, 1], or if the total cannot be reached by rounding the shares.

    Examples
    --------
    >>> link_counts([(3, 5), (5, 7)], [0.5, 0.5], total=25)
    [8, 17]
    """
    if any(not 0 <= density <= 1 for density in densities):
        raise DataError(f"densities must lie between 0 and 1, found {list(densities)}")
    sizes = [math.prod(shape) for shape in shapes]
    shares = [density * size for density, size in zip(densities, sizes, strict=True)]
    if total is None:
        return [round(share) for share in shares]
    counts = [math.floor(share) for share in shares]
    order = np.argsort([count - share for count, share in zip(counts, shares, strict=True)], kind="stable")
    growing = [block for block in order if counts[block] < sizes[block]]
    left = total - sum(counts)
    if not 0 <= left <= len(growing):
        raise DataError(f"{total} links in all cannot be had by rounding shares that sum to {sum(shares):.2f}")
    for block in growing[:left]:
        counts[block] += 1
    return counts


def _scaled(shapes: Sequence[Shape], density: float, weight: Callable[[Shape], float]) -> list[float]:
    """Densities epsilon times weight, at most 1, whose links sum to the density asked for."""
    _check(density)
    sizes = np.array([math.prod(shape) for shape in shapes], np.float64)
    weights = np.array([weight(shape) for shape in shapes])
    complete = np.zeros(len(shapes), np.bool_)
    while not complete.all():
        free = ~complete
        epsilon = (density * sizes.sum() - sizes[complete].sum()) / (weights[free] @ sizes[free])
        largest = weights[free].max()
        if epsilon * largest <= 1:
            return [float(d) for d in np.where(complete, 1.0, epsilon * weights)]
        complete |= weights >= largest
    return [1.0] * len(shapes)


def _check(density: float) -> None:
    if not 0 < density <= 1:
        raise DataError(f"a density of {density:g}: above 0 and at most 1 is expected (sparsity is 1 - density)")
