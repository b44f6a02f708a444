"""One topology update: remove, percolate, regrow.  It alone decides the counts, so that links are conserved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.percolation import percolate
from sparsegraph.topology.regrowth import REGROWTH_SCORES, ZeroFill, choose_added, uniform
from sparsegraph.topology.removal import REMOVAL_SCORES, choose_removed, choose_removed_by_sign
from sparsegraph.topology.sub_ranking import sub_ranked


@dataclass(frozen=True)
class Wiring:
    """Which layers the blocks join, for percolation.

    Parameters
    ----------
    sizes : tuple of int
        Neurons of each layer.
    ends : tuple of (int, int)
        Source and target layer of each block.
    couplings : tuple of tuple of int
        Groups of layers whose neurons are active only together (query and key, gate and up).
    """

    sizes: tuple[int, ...]
    ends: tuple[tuple[int, int], ...]
    couplings: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def chain(cls, shapes: Sequence[tuple[int, int]]) -> Wiring:
        """One block after the other."""
        ends = tuple((i, i + 1) for i in range(len(shapes)))
        return cls((shapes[0][0], *(shape[1] for shape in shapes)), ends)

    def graph(self, masks: Sequence[Mask]) -> LayeredGraph:
        """The links as a layered graph with all weights 1."""
        layers = tuple(Layer(f"layer{i}", size) for i, size in enumerate(self.sizes))
        blocks = tuple(
            Block(*ends, mask.to_csr(np.ones(mask.n_links, np.float32)), name=f"block{i}")
            for i, (ends, mask) in enumerate(zip(self.ends, masks, strict=True))
        )
        return LayeredGraph(layers, blocks, self.couplings)


@dataclass(frozen=True)
class RemovalRule:
    """A score of importance and how links are chosen by it.

    Parameters
    ----------
    score : str
        Name in ``REMOVAL_SCORES``.
    exponent : float, optional
        None: the least important links go.  Else the links to keep are sampled with probabilities that are
        proportional to the score to this power.
    by_sign : bool
        Choose among positive and negative weights apart, as the original SET.
    options : dict
        Further arguments of the score.
    """

    score: str = "magnitude"
    exponent: float | None = None
    by_sign: bool = False
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RegrowthRule:
    """A score of absent links and how links are chosen by it.

    Parameters
    ----------
    score : str, optional
        Name in ``REGROWTH_SCORES``; None: uniformly at random.
    exponent : float, optional
        None: the links with the highest scores.  Else sampled in proportion to the score to this power.
    zero_fill : {"active_only", "all", "none"}
        What happens when too few absent links have a score above zero.
    sub_ranking : bool
        Order ties by the correlation of shortest paths before the random order.
    """

    score: str | None = None
    exponent: float | None = None
    zero_fill: ZeroFill = "active_only"
    sub_ranking: bool = False


@dataclass(frozen=True)
class Quota:
    """For one block: links to remove now, and links to have afterwards."""

    n_removed: int
    n_links_after: int


@dataclass(frozen=True, eq=False)
class Part:
    """A block that goes into an update: its links, their weights and its quota.

    Without a quota the block is left as it is: its topology has stopped.
    """

    mask: Mask
    weights: np.ndarray
    quota: Quota | None


Streams = Callable[[str, int], np.random.Generator]
"""The random generator of a purpose and a block."""


class Signals(Protocol):
    """What rules may ask a training engine for."""

    def link_gradient(self, block: int) -> np.ndarray:
        """Gradient of the loss for each present link, shape (n_links,)."""

    def gradient(self, block: int) -> np.ndarray:
        """Gradient of the loss for each possible link, shape (n_source, n_target)."""

    def momentum(self, block: int) -> np.ndarray:
        """Smoothed gradient for each possible link, shape (n_source, n_target)."""


@dataclass(frozen=True, eq=False)
class BlockUpdate:
    """One block before and after an update."""

    before: Mask
    after: Mask
    events: LinkEvents

    @property
    def jaccard(self) -> float:
        """Links in both masks over links in either; 1 for two empty masks."""
        common = int(self.before.contains(self.after.positions).sum())
        union = self.before.n_links + self.after.n_links - common
        return common / union if union else 1.0


@dataclass(frozen=True)
class UpdateRules:
    """The rules of one update."""

    removal: RemovalRule
    regrowth: RegrowthRule
    percolate: bool


def evolve(
    parts: Sequence[Part], rules: UpdateRules, signals: Signals, *, wiring: Wiring, streams: Streams
) -> tuple[BlockUpdate | None, ...]:
    """Remove links from every block, percolate the whole, regrow block by block.

    Parameters
    ----------
    parts : sequence of Part
    rules : UpdateRules
    signals : Signals
        Asked only for what the rules name.
    wiring : Wiring
        For percolation; blocks without a quota count as they are and lose nothing.
    streams : callable
        A generator for each purpose ("removal", "regrowth") and block, so that blocks never share random numbers.

    Returns
    -------
    tuple of BlockUpdate or None
        Each block with a quota has ``n_links_after`` links (fewer only under ``zero_fill="none"``): what percolation
        drops is regrown in the same block.

    References
    ----------
    Zhang et al., ICLR 2024, Algorithm 1: the order removal, percolation, regrowth, and N := N + dropped.
    """
    removed = [_removed(part, rules.removal, signals, block, streams) for block, part in enumerate(parts)]
    kept = [
        Mask(part.mask.shape, np.delete(part.mask.positions, chosen))
        for part, chosen in zip(parts, removed, strict=True)
    ]
    survivors = _percolated(kept, parts, wiring) if rules.percolate else kept
    updates: list[BlockUpdate | None] = []
    for block, (part, rest) in enumerate(zip(parts, survivors, strict=True)):
        if part.quota is None:
            updates.append(None)
            continue
        added = _added(rest, part.quota, rules.regrowth, signals, block, streams("regrowth", block))
        after = Mask(rest.shape, np.sort(np.concatenate([rest.positions, added])))
        dropped = kept[block].positions[~rest.contains(kept[block].positions)]
        events = LinkEvents(part.mask.positions[removed[block]], dropped, added)
        updates.append(BlockUpdate(part.mask, after, events))
    return tuple(updates)


def carried_weights(
    update: BlockUpdate, weights: np.ndarray, new_weights: np.ndarray, *, keep_regrown: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Weights after an update, and which links keep their optimiser state.

    Parameters
    ----------
    update : BlockUpdate
    weights : ndarray of float32, shape (links before,)
    new_weights : ndarray of float32, shape (links after,)
        Taken for the links that are new.
    keep_regrown : bool
        Whether a link that was removed and regrown in this update keeps its weight and momentum.

    Returns
    -------
    weights : ndarray of float32, shape (links after,)
    kept : ndarray of bool, shape (links after,)
    """
    after = update.after.positions
    kept = update.before.contains(after)
    if not keep_regrown:
        kept &= ~np.isin(after, update.events.regrown)
    result = np.array(new_weights, np.float32)
    result[kept] = weights[np.searchsorted(update.before.positions, after[kept])]
    return result, kept


def _removed(part: Part, rule: RemovalRule, signals: Signals, block: int, streams: Streams) -> np.ndarray:
    if part.quota is None or part.quota.n_removed == 0:
        return np.empty(0, np.int64)
    rng = streams("removal", block)
    if rule.by_sign:
        return choose_removed_by_sign(part.weights, part.quota.n_removed, rng=rng)
    entry = REMOVAL_SCORES[rule.score]
    asked: dict[str, Any] = {"rng": rng} if "rng" in entry.needs else {}
    if "gradient" in entry.needs:
        asked["gradient"] = signals.link_gradient(block)
    scores = entry.function(part.mask, part.weights, **asked, **rule.options)
    return choose_removed(scores, part.quota.n_removed, exponent=rule.exponent, rng=rng)


def _percolated(kept: list[Mask], parts: Sequence[Part], wiring: Wiring) -> list[Mask]:
    blocks = {(b.source, b.target): b.weights for b in percolate(wiring.graph(kept)).graph.blocks}
    return [
        Mask.from_csr(blocks[ends]) if part.quota else mask
        for mask, part, ends in zip(kept, parts, wiring.ends, strict=True)
    ]


def _added(
    mask: Mask, quota: Quota, rule: RegrowthRule, signals: Signals, block: int, rng: np.random.Generator
) -> np.ndarray:
    n_added = quota.n_links_after - mask.n_links
    if n_added <= 0:
        return np.empty(0, np.int64)
    if rule.score is None:
        return uniform(mask, n_added, rng=rng)
    entry = REGROWTH_SCORES[rule.score]
    asked = {name: rng if name == "rng" else getattr(signals, name)(block) for name in entry.needs}
    scores = entry.function(mask, **asked)
    if rule.sub_ranking:
        scores = sub_ranked(mask, scores, n_added)
    return choose_added(
        mask,
        scores,
        n_added,
        exponent=rule.exponent,
        zero_fill=rule.zero_fill,
        rng=rng,
    )
