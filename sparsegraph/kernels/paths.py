"""Paths through one block of links: exact counts in limbs of 32 bits, and sums of products of weights."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

LIMB_BITS = 32
OF_ZERO = -(2**60)
"""Exponent of a vector of zeros: below all others, so that it never sets the scale of a sum."""


class Scaled(NamedTuple):
    """Non-negative vector ``values * 2**exponent``, so that no depth overflows; the largest value is near 1."""

    values: np.ndarray
    exponent: int


def n_limbs(bound: int) -> int:
    """Number of limbs that hold every integer up to ``bound``."""
    return max(1, -(-bound.bit_length() // LIMB_BITS))


def limb_sum(counts: np.ndarray) -> int:
    """Sum of all integers in an array of limbs, shape (n, n_limbs), lowest limb first."""
    return sum(int(column) << (LIMB_BITS * place) for place, column in enumerate(counts.sum(axis=0, dtype=np.uint64)))


@numba.njit(cache=True)
def add_path_counts(indptr: np.ndarray, indices: np.ndarray, onward: np.ndarray, counts: np.ndarray) -> None:
    """Add to each source neuron the number of paths that start with one of its links.

    ``counts[i] += sum over links i -> j of onward[j]``, in place.

    Parameters
    ----------
    indptr, indices : ndarray
        Compressed rows of the block, row = source; fewer than 2^32 links a row.
    onward : ndarray of uint64, shape (n_target, n_limbs_target)
        Number of paths from each target neuron on, in limbs of 32 bits, lowest first.
    counts : ndarray of uint64, shape (n_source, n_limbs_source)
        Changed in place; must have limbs enough for the result, and at least as many as ``onward``.

    Notes
    -----
    O(n_links n_limbs).  A limb collects up to 2^32 summands of 32 bits before one pass per row carries.
    """
    n_onward = onward.shape[1]
    low = np.uint64(0xFFFFFFFF)
    bits = np.uint64(32)
    for row in range(indptr.size - 1):
        first, last = indptr[row], indptr[row + 1]
        for limb in range(n_onward):
            total = counts[row, limb]
            for entry in range(first, last):
                total += onward[indices[entry], limb]
            counts[row, limb] = total
        carry = np.uint64(0)
        for limb in range(counts.shape[1]):
            total = counts[row, limb] + carry
            counts[row, limb] = total & low
            carry = total >> bits


@numba.njit(cache=True)
def path_sums(indptr: np.ndarray, indices: np.ndarray, onward: np.ndarray) -> np.ndarray:
    """Sum of what each source neuron's links lead to: ``sum over i -> j of onward[j]``."""
    sums = np.zeros(indptr.size - 1)
    for row in range(sums.size):
        total = 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            total += onward[indices[entry]]
        sums[row] = total
    return sums


def weighted_path_sums(indptr: np.ndarray, indices: np.ndarray, weights: np.ndarray, onward: Scaled) -> Scaled:
    """Sum of what each source neuron's links lead to, times their absolute weight, float32 or float64.

    ``sum over i -> j of |weights[ij]| onward[j]``; the weights are scaled by a power of two link by link, so that no
    array of their size is made.
    """
    largest = max(float(weights.max(initial=0.0)), -float(weights.min(initial=0.0)))
    if largest == 0.0:
        return Scaled(np.zeros(indptr.size - 1), OF_ZERO)
    shift = -int(np.frexp(largest)[1])
    half = shift // 2  # in two steps, neither of which leaves the range of a float
    scale, rest = float(np.ldexp(1.0, half)), float(np.ldexp(1.0, shift - half))
    return rescaled(_weighted_sums((indptr, indices, weights), onward.values, scale, rest), onward.exponent - shift)


@numba.njit(cache=True)
def _weighted_sums(
    matrix: tuple[np.ndarray, np.ndarray, np.ndarray], onward: np.ndarray, scale: float, rest: float
) -> np.ndarray:
    indptr, indices, weights = matrix
    sums = np.zeros(indptr.size - 1)
    for row in range(sums.size):
        total = 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            total += onward[indices[entry]] * (abs(np.float64(weights[entry])) * scale * rest)
        sums[row] = total
    return sums


def rescaled(values: np.ndarray, exponent: int = 0) -> Scaled:
    """The vector ``values * 2**exponent`` with its power of two taken out; exact."""
    largest = float(values.max(initial=0.0))
    if largest == 0.0:
        return Scaled(values, OF_ZERO)
    shift = int(np.frexp(largest)[1])
    return Scaled(np.ldexp(values, -shift), exponent + shift)


def scaled_sum(parts: list[Scaled]) -> Scaled:
    """Sum of scaled vectors of one shape; what lies a thousand digits below the largest vanishes."""
    top = max(part.exponent for part in parts)
    total = np.zeros_like(parts[0].values)
    for values, exponent in parts:
        total += np.ldexp(values, max(exponent - top, -5000))
    return rescaled(total, top)
