"""One topology update of a net small enough to be drawn, by the rules of a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sparsegraph.figures.kinds.diagram import LinkKind, Net, NetLink, Neuron, NeuronKind, Point
from sparsegraph.graph.mask import Mask
from sparsegraph.rng import rng_for
from sparsegraph.topology.evolve import (
    BlockUpdate,
    Part,
    Quota,
    RegrowthRule,
    RemovalRule,
    Signals,
    UpdateRules,
    Wiring,
    evolve,
)
from sparsegraph.topology.initialise import INITIALISERS

if TYPE_CHECKING:
    from sparsegraph.training.recipes import Recipe

SHAPES = ((6, 7), (7, 7), (7, 5))
LINKS = (18, 19, 14)
_ZETA = 0.3


@dataclass(frozen=True, eq=False)
class SmallUpdate:
    """A small net before, during and after an update.

    Parameters
    ----------
    weights : tuple of ndarray
        Of the links before, block by block.
    updates : tuple of BlockUpdate
    """

    weights: tuple[np.ndarray, ...]
    updates: tuple[BlockUpdate, ...]

    def kept(self, *, percolated: bool) -> tuple[Mask, ...]:
        """The links after removal, and after percolation too."""
        gone = [
            np.concatenate([u.events.removed, u.events.percolated]) if percolated else u.events.removed
            for u in self.updates
        ]
        return tuple(
            Mask(u.before.shape, np.setdiff1d(u.before.positions, lost))
            for u, lost in zip(self.updates, gone, strict=True)
        )


class _NoSignals:
    """Rules drawn here know the net's links and weights only."""

    def link_gradient(self, block: int) -> np.ndarray:
        raise NotImplementedError("schematics have no data to take gradients on")

    gradient = momentum = link_gradient


def small_update(recipe: Recipe, start: str, *, seed: int) -> SmallUpdate:
    """A small net of normal weights that goes through the first update of a recipe.

    Parameters
    ----------
    recipe : Recipe
        One without gradients.
    start : str
        Initialiser; the same seed gives the same start and weights whatever the recipe.
    seed : int
    """
    masks = INITIALISERS[start].function(SHAPES, LINKS, rng=rng_for(seed, "schematic", "start"))
    rng = rng_for(seed, "schematic", "weights")
    weights = tuple(rng.normal(size=mask.n_links) for mask in masks)
    quotas = [Quota(round(_ZETA * mask.n_links), mask.n_links) for mask in masks]
    signals: Signals = _NoSignals()
    updates = evolve(
        [Part(*part) for part in zip(masks, weights, quotas, strict=True)],
        first_rules(recipe),
        signals,
        wiring=Wiring.chain([mask.shape for mask in masks]),
        streams=lambda purpose, block: rng_for(seed, "schematic", purpose, str(block)),
    )
    return SmallUpdate(weights, tuple(update for update in updates if update is not None))


def first_rules(recipe: Recipe) -> UpdateRules:
    """The rules of a recipe at the beginning of its training."""
    removal, regrowth = recipe.removal, recipe.regrowth
    exponents = [None if one is None else one.at(0, 1) for one in (removal.exponent, regrowth.exponent)]
    return UpdateRules(
        RemovalRule(removal.score, exponents[0], removal.by_sign, removal.options),
        RegrowthRule(regrowth.score, exponents[1], regrowth.zero_fill, regrowth.sub_ranking),
        recipe.percolate,
    )


def net_of(
    name: str,
    at: Point,
    size: Point,
    masks: Sequence[Mask],
    marked: Sequence[tuple[LinkKind, Sequence[np.ndarray]]] = (),
    *,
    inactive: Sequence[Mask] | None = None,
) -> Net:
    """The drawing of a small net.

    Parameters
    ----------
    name, at, size
        See :class:`Net`.
    masks : sequence of Mask
        Links drawn as present, block by block.
    marked : sequence of (kind, positions)
        Further links, or present ones drawn otherwise.
    inactive : sequence of Mask, optional
        Neurons without a link on a side that should have one, in these masks, are drawn as inactive.
    """
    kinds: dict[tuple[int, int], LinkKind] = {
        (block, int(position)): "present" for block, mask in enumerate(masks) for position in mask.positions
    }
    for kind, positions in marked:
        for block, chosen in enumerate(positions):
            kinds.update({(block, int(position)): kind for position in chosen})
    links = tuple(
        NetLink(block, *divmod(position, masks[block].shape[1]), kind)
        for (block, position), kind in sorted(kinds.items(), key=lambda item: (item[1] != "present", item[0]))
    )
    layers = (masks[0].shape[0], *(mask.shape[1] for mask in masks))
    return Net(name, at, size, layers, links, neurons=_inactive(inactive) if inactive else {})


def _inactive(masks: Sequence[Mask]) -> dict[Neuron, NeuronKind]:
    """Neurons without a link on one of their sides."""
    found: dict[Neuron, NeuronKind] = {}
    for block, mask in enumerate(masks):
        for layer, present in ((block, mask.source), (block + 1, mask.target)):
            size = mask.shape[layer - block]
            found.update({(layer, int(i)): "inactive" for i in np.setdiff1d(np.arange(size), present)})
    return found
