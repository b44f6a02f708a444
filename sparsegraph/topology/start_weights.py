"""Laws of the first weights.

Each law is drawn for *all* positions of a block, present or not, and then read at the links: two masks with equally
many links and the same stream agree wherever both have a link, so that a static net can start with the very weights
of the dynamic run whose topology it has.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sparsegraph.graph.mask import Mask
from sparsegraph.registry import Registry
from sparsegraph.topology.rule import Rule, enter

START_WEIGHTS: Registry[Rule] = Registry("law of start weights", group="sparsegraph.start_weights")
"""Laws ``f(mask, *, rng) -> float32 array (n_links,)`` in the order of the mask's positions."""

_DRAWN_AT_ONCE = 1 << 20


@enter(START_WEIGHTS, "swi")
def swi(mask: Mask, *, rng: np.random.Generator) -> np.ndarray:
    """Sparse weight initialisation: normal, of variance 2 over the mean number of links that enter a target neuron.

    ``sigma = sqrt(2 / (density n_source))``; gain sqrt(2) for ReLU.  At density 1 it is `kaiming`.

    Notes
    -----
    One of the authors' programs divides by the density times n_target instead, which differs where a block is not
    square; this is the paper's formula.

    References
    ----------
    Zhang et al., "Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning", ICLR 2024, equation 3.
    """
    return _normal(mask, math.sqrt(2 / _mean_fan_in(mask)), rng)


@enter(START_WEIGHTS, "kaiming")
def kaiming(mask: Mask, *, rng: np.random.Generator) -> np.ndarray:
    """Normal, of variance 2 over the fan-in of the *dense* block: ``sigma = sqrt(2 / n_source)``.

    References
    ----------
    K. He et al., "Delving deep into rectifiers", ICCV 2015, equation 10.
    """
    return _normal(mask, math.sqrt(2 / mask.shape[0]), rng)


@enter(START_WEIGHTS, "xavier")
def xavier(mask: Mask, *, rng: np.random.Generator) -> np.ndarray:
    """Normal, of variance 2 over the sum of the two sizes of the dense block.

    References
    ----------
    X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
    equation 12.
    """
    return _normal(mask, math.sqrt(2 / sum(mask.shape)), rng)


@enter(START_WEIGHTS, "torch-links")
def torch_links(mask: Mask, *, rng: np.random.Generator) -> np.ndarray:
    """Uniform between -b and b, b = 1 / sqrt(density n_source): what torch's linear layer has, scaled to the links."""
    bound = np.float32(1 / math.sqrt(_mean_fan_in(mask)))
    return _at_links(mask, lambda n: (2 * rng.random(n, dtype=np.float32) - 1) * bound)


@enter(START_WEIGHTS, "hundredth")
def hundredth(mask: Mask, *, rng: np.random.Generator) -> np.ndarray:
    """Normal, of standard deviation 0.01: where a restricted Boltzmann machine begins, and small for any new link.

    References
    ----------
    G. E. Hinton, A practical guide to training restricted Boltzmann machines, UTML TR 2010-003, section 8.
    """
    return _normal(mask, 0.01, rng)


def _mean_fan_in(mask: Mask) -> float:
    """Links for each target neuron; 1 where there is none, as nothing is drawn then."""
    return mask.n_links / mask.shape[1] or 1.0


def _normal(mask: Mask, spread: float, rng: np.random.Generator) -> np.ndarray:
    return _at_links(mask, lambda n: rng.standard_normal(n, dtype=np.float32) * np.float32(spread))


def _at_links(mask: Mask, draw: Callable[[int], np.ndarray]) -> np.ndarray:
    """Draws for all positions in turn, of which those of links are kept; never more than a part in memory."""
    kept = []
    for start in range(0, mask.n_possible, _DRAWN_AT_ONCE):
        stop = min(start + _DRAWN_AT_ONCE, mask.n_possible)
        first, last = np.searchsorted(mask.positions, [start, stop])
        kept.append(draw(stop - start)[mask.positions[first:last] - start])
    return np.concatenate(kept) if kept else np.empty(0, np.float32)
