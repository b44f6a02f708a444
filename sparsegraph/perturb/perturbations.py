"""The perturbations: rules that take links away or change their weights, over the weights of one set of links."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from sparsegraph.registry import Registry


class Perturbed(NamedTuple):
    """Which links are left (bool), and the weights of all (float32); both in the order of the links."""

    kept: np.ndarray
    weights: np.ndarray


Rule = Callable[[np.ndarray, float, np.random.Generator], Perturbed]
"""From weights (float32, one a link), a strength x and a random stream to the perturbed links."""

F = TypeVar("F", bound=Rule)


@dataclass(frozen=True)
class Perturbation:
    """One way to perturb a net.

    Parameters
    ----------
    name : str
    rule : callable
    convention : str
        What x means and how ties and rests are settled.
    x_label : str
        What x is, for axes and tables.
    removes : bool
        Whether it takes links away; such a rule may see the links of all blocks together. Others see block by block.
    is_random : bool
        Whether it is to be repeated.
    largest : float
        The x at the end of the grid.
    """

    name: str
    rule: Rule
    convention: str
    x_label: str
    removes: bool
    is_random: bool
    largest: float

    @property
    def summary(self) -> str:
        """First line of the docstring."""
        return (inspect.getdoc(self.rule) or "").partition("\n")[0].rstrip(".")


PERTURBATIONS: Registry[Perturbation] = Registry("perturbation", group="sparsegraph.perturbations")
"""Ways to perturb a net by name."""

PAPER_ORDER = ("strongest", "weakest", "random", "shuffled", "noise")
"""As the columns of the paper's table."""


def perturbation(
    name: str, *, convention: str, x_label: str, removes: bool, is_random: bool, largest: float = 1.0
) -> Callable[[F], F]:
    """Enter a rule into `PERTURBATIONS`."""

    def enter(rule: F) -> F:
        PERTURBATIONS.add(name, Perturbation(name, rule, convention, x_label, removes, is_random, largest))
        return rule

    return enter


_REMOVED = "share of links removed"


@perturbation(
    "random",
    convention="round(x n) of n links removed, every set of that size equally likely",
    x_label=_REMOVED,
    removes=True,
    is_random=True,
)
def random_removal(weights: np.ndarray, x: float, rng: np.random.Generator) -> Perturbed:
    """Links removed uniformly at random."""
    return _without(weights, rng.choice(weights.size, _rounded(x * weights.size), replace=False, shuffle=False))


@perturbation(
    "strongest",
    convention="round(x n) of n links removed, largest |weight| first, equal ones by their place in the net",
    x_label=_REMOVED,
    removes=True,
    is_random=False,
)
def strongest_first(weights: np.ndarray, x: float, rng: np.random.Generator) -> Perturbed:
    """Links removed from the strongest on."""
    return _without(weights, np.argsort(-np.abs(weights), kind="stable")[: _rounded(x * weights.size)])


@perturbation(
    "weakest",
    convention="round(x n) of n links removed, smallest |weight| first, equal ones by their place in the net",
    x_label=_REMOVED,
    removes=True,
    is_random=False,
)
def weakest_first(weights: np.ndarray, x: float, rng: np.random.Generator) -> Perturbed:
    """Links removed from the weakest on."""
    return _without(weights, np.argsort(np.abs(weights), kind="stable")[: _rounded(x * weights.size)])


@perturbation(
    "shuffled",
    convention=(
        "the n signed weights of each block sorted, cut into bins of round(x n) from the lowest on (the last may be "
        "smaller), permuted uniformly inside each bin; links stay"
    ),
    x_label="width of a bin (share of a block's links)",
    removes=False,
    is_random=True,
)
def shuffled_in_bins(weights: np.ndarray, x: float, rng: np.random.Generator) -> Perturbed:
    """Weights exchanged between links of similar weight."""
    width = max(1, _rounded(x * weights.size))
    order = np.argsort(weights, kind="stable")
    within = np.argsort(np.arange(weights.size) // width + rng.random(weights.size))
    changed = np.empty_like(weights)
    changed[order] = weights[order][within]
    return Perturbed(np.ones(weights.size, np.bool_), changed)


@perturbation(
    "noise",
    convention=(
        "normal noise of standard deviation x s added to the weights of existing links, "
        "s the standard deviation of the block's weights"
    ),
    x_label="noise (standard deviations of a block's weights)",
    removes=False,
    is_random=True,
    largest=5.0,
)
def added_noise(weights: np.ndarray, x: float, rng: np.random.Generator) -> Perturbed:
    """Gaussian noise added to the weights."""
    spread = float(weights.std(dtype=np.float64)) if weights.size else 0.0
    changed = weights + x * spread * rng.standard_normal(weights.size)
    return Perturbed(np.ones(weights.size, np.bool_), changed.astype(np.float32))


def _rounded(value: float) -> int:
    """To the nearest integer, halves up; products such as 0.15 x 100 are halves and integers but for rounding."""
    return math.floor(round(value, 6) + 0.5)


def _without(weights: np.ndarray, removed: np.ndarray) -> Perturbed:
    kept = np.ones(weights.size, np.bool_)
    kept[removed] = False
    return Perturbed(kept, weights)
