"""A topology update of an engine: what the rules need from it, and their answer back into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sparsegraph.data.dataset import Split
from sparsegraph.graph.mask import Mask
from sparsegraph.rng import rng_for
from sparsegraph.topology.evolve import (
    BlockUpdate,
    Part,
    Quota,
    RegrowthRule,
    RemovalRule,
    UpdateRules,
    carried_weights,
    evolve,
)
from sparsegraph.topology.start_weights import START_WEIGHTS
from sparsegraph.training.engine import Engine
from sparsegraph.training.plan import Plan, quota_counts
from sparsegraph.training.recipes import Recipe, Regrowth


class EngineSignals:
    """Gradients on one batch, asked for by index among the sparse blocks; see `topology.evolve.Signals`.

    Dense gradients come from one pass for all blocks and must be asked for in the order of the blocks: each matrix is
    made when it is asked for and is not kept.
    """

    def __init__(self, engine: Engine, sparse: Sequence[int], moving: Sequence[int], batch: Split) -> None:
        self._engine, self._sparse, self._moving, self._batch = engine, sparse, moving, batch
        self._gradients: Iterator[tuple[int, np.ndarray]] | None = None

    def link_gradient(self, block: int) -> np.ndarray:
        """Gradient of each present link."""
        return self._engine.link_gradient(self._sparse[block], self._batch.images, self._batch.labels)

    def gradient(self, block: int) -> np.ndarray:
        """Gradient of each possible link."""
        if self._gradients is None:
            wanted = [self._sparse[i] for i in self._moving]
            matrices = self._engine.dense_gradients(wanted, self._batch.images, self._batch.labels)
            self._gradients = zip(self._moving, matrices, strict=True)
        return next(matrix for found, matrix in self._gradients if found == block)

    def momentum(self, block: int) -> np.ndarray:
        """Smoothed gradient of each possible link."""
        return self._engine.momentum(self._sparse[block])


@dataclass(frozen=True)
class Change:
    """A topology update as it happened.

    Parameters
    ----------
    update, step : int
        Its number, from 1, and the optimiser step after which it came.
    zeta : float
    exponents : (float or None, float or None)
        Of a soft removal and a soft regrowth.
    blocks : tuple of BlockUpdate or None
        One a sparse block; None where the topology has stopped.
    """

    update: int
    step: int
    zeta: float
    exponents: tuple[float | None, float | None]
    blocks: tuple[BlockUpdate | None, ...]

    @property
    def overlaps(self) -> list[float | None]:
        """Share of regrown links that were lost in the same update, one a sparse block."""
        return [block.events.overlap if block else None for block in self.blocks]


class Moment(NamedTuple):
    """Number of a topology update, from 1, and the optimiser step after which it comes."""

    update: int
    step: int


def change_topology(
    engine: Engine, plan: Plan, train: Split, when: Moment, *, stopped: Sequence[bool], seed: int
) -> Change:
    """Remove, percolate and regrow by the recipe's rules, and give the engine its new links.

    Parameters
    ----------
    engine : Engine
    plan : Plan
    train : Split
        Gradients are taken on one batch drawn from it; no optimiser step is lost to the update.
    when : Moment
    stopped : sequence of bool
        Sparse blocks whose topology is left alone.
    seed : int
    """
    recipe = plan.profile.recipe
    zeta = recipe.zeta.at(when.step, plan.n_steps)
    masks = [engine.masks[i] for i in plan.sparse]
    weights = [engine.weights(i) for i in plan.sparse]
    quotas = _quotas(masks, plan, zeta, stopped, when.step)
    moving = [block for block, quota in enumerate(quotas) if quota is not None]
    rules = _rules(recipe, when.step, plan.n_steps)
    updates = evolve(
        [Part(*part) for part in zip(masks, weights, quotas, strict=True)],
        rules,
        EngineSignals(engine, plan.sparse, moving, _batch(train, plan.profile.batch_size, seed, when.update)),
        wiring=plan.wiring,
        streams=lambda purpose, block: rng_for(seed, purpose, str(when.update), str(block)),
    )
    for block, (index, change) in enumerate(zip(plan.sparse, updates, strict=True)):
        if change is not None:
            new = _new_weights(recipe, change.after, rng_for(seed, "new-weights", str(when.update), str(block)))
            values, kept = carried_weights(change, weights[block], new, keep_regrown=recipe.regrown_at_once == "keep")
            engine.rewire(index, change.after, values, kept)
    return Change(when.update, when.step, zeta, (rules.removal.exponent, rules.regrowth.exponent), updates)


def regrowth_at(recipe: Recipe, step: int, n_steps: int) -> Regrowth:
    """The regrowth in force at a step: the later one from ``switch_at`` of the training on."""
    if recipe.regrowth_later is not None and step >= recipe.switch_at * n_steps:
        return recipe.regrowth_later
    return recipe.regrowth


def _rules(recipe: Recipe, step: int, n_steps: int) -> UpdateRules:
    removal, regrowth = recipe.removal, regrowth_at(recipe, step, n_steps)
    exponents = [None if s is None else s.at(step, n_steps) for s in (removal.exponent, regrowth.exponent)]
    return UpdateRules(
        RemovalRule(removal.score, exponents[0], removal.by_sign, removal.options),
        RegrowthRule(regrowth.score, exponents[1], regrowth.zero_fill, regrowth.sub_ranking),
        recipe.percolate,
    )


def _quotas(masks: Sequence[Mask], plan: Plan, zeta: float, stopped: Sequence[bool], step: int) -> list[Quota | None]:
    """A share zeta of the links goes; with a schedule of extra density, what is there beyond the planned links.

    The latter is EM&S: every update goes down to the planned number and up again by what is still extra; without
    anything extra the topology rests.
    """
    quotas: list[Quota | None] = []
    planned = [plan.n_links[i] for i in plan.sparse]
    for mask, n_planned, n_after, rests in zip(masks, planned, quota_counts(plan, step).tolist(), stopped, strict=True):
        n_removed = round(zeta * mask.n_links)
        if plan.profile.recipe.extra_density is not None:
            n_removed = mask.n_links - n_planned
            rests = rests or (n_removed == 0 and n_after == n_planned)
        quotas.append(None if rests else Quota(n_removed, n_after))
    return quotas


def _batch(train: Split, batch_size: int, seed: int, update: int) -> Split:
    n_samples = len(train.labels)
    rng = rng_for(seed, "update-batch", str(update))
    chosen = rng.choice(n_samples, min(batch_size, n_samples), replace=False)
    return Split(train.images[chosen], train.labels[chosen])


def _new_weights(recipe: Recipe, mask: Mask, rng: np.random.Generator) -> np.ndarray:
    if recipe.new_weights == "zero":
        return np.zeros(mask.n_links, np.float32)
    weights: np.ndarray = START_WEIGHTS[recipe.new_weights].function(mask, rng=rng)
    return weights
