"""What a profile means for given data: shapes, link counts and the steps at which the topology changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsegraph.errors import SparseGraphError
from sparsegraph.topology.density import erdos_renyi, erk, link_counts
from sparsegraph.topology.evolve import Wiring
from sparsegraph.training.profiles import Profile


@dataclass(frozen=True)
class BlockPlan:
    """One block of a model: name, shape as rules see it (source, target), and as torch stores it if a convolution."""

    name: str
    shape: tuple[int, int]
    kernel: tuple[int, ...] | None = None

    @property
    def n_possible(self) -> int:
        """Links of the dense block."""
        return self.shape[0] * self.shape[1]


@dataclass(frozen=True)
class Plan:
    """A profile resolved for a data set.

    Parameters
    ----------
    profile : Profile
    blocks : tuple of BlockPlan
        Input side first, readout last.
    n_links : tuple of int
        Links that each block shall have.
    n_samples : int
        Of the training part.
    """

    profile: Profile
    blocks: tuple[BlockPlan, ...]
    n_links: tuple[int, ...]
    n_samples: int

    @property
    def sparse(self) -> tuple[int, ...]:
        """Indices of the blocks that are not complete."""
        pairs = enumerate(zip(self.blocks, self.n_links, strict=True))
        return tuple(i for i, (block, n) in pairs if n < block.n_possible)

    @property
    def density(self) -> float:
        """Links over possible links, all blocks together."""
        return sum(self.n_links) / sum(block.n_possible for block in self.blocks)

    @property
    def steps_per_epoch(self) -> int:
        """Batches, the last and short one included."""
        return -(-self.n_samples // self.profile.batch_size)

    @property
    def n_steps(self) -> int:
        """Steps of the whole training."""
        return self.steps_per_epoch * self.profile.epochs

    @property
    def wiring(self) -> Wiring:
        """Of the sparse blocks; a run of blocks that fit is one chain, and chains lie side by side."""
        sizes: list[int] = []
        ends: list[tuple[int, int]] = []
        before: int | None = None
        for index in self.sparse:
            n_source, n_target = self.blocks[index].shape
            if before is None or before != index - 1 or sizes[-1] != n_source:
                sizes.append(n_source)
            ends.append((len(sizes) - 1, len(sizes)))
            sizes.append(n_target)
            before = index
        return Wiring(tuple(sizes), tuple(ends))

    def updates(self, epoch: int) -> list[int]:
        """Steps, counted from 1 over the whole training, of this epoch (from 1) after which the topology changes.

        Never after the very last step: the final net is the one that was trained and judged.
        """
        profile = self.profile
        if profile.recipe.kind != "dynamic" or not self.sparse:
            return []
        interval = profile.update_every * (self.steps_per_epoch if profile.update_unit == "epoch" else 1)
        first, last = (epoch - 1) * self.steps_per_epoch, epoch * self.steps_per_epoch
        steps = range((first // interval + 1) * interval, last + 1, interval)
        return [step for step in steps if step < self.n_steps]

    def next_update(self, step: int) -> int | None:
        """The first update at or after a step; None if there is none."""
        first = -(-step // self.steps_per_epoch)
        later = (s for epoch in range(max(first, 1), self.profile.epochs + 1) for s in self.updates(epoch) if s >= step)
        return next(later, None)

    @property
    def last_update(self) -> int:
        """Step of the last topology update; 0 if there is none."""
        return max((step for epoch in range(1, self.profile.epochs + 1) for step in self.updates(epoch)), default=0)

    @property
    def n_updates(self) -> int:
        """Topology updates of the whole training."""
        return sum(len(self.updates(epoch)) for epoch in range(1, self.profile.epochs + 1))


def mlp_blocks(profile: Profile, n_inputs: int, n_classes: int) -> tuple[BlockPlan, ...]:
    """Blocks of a multilayer perceptron."""
    factors = {"1x": 1, "2x": 2}
    hidden = profile.hidden if isinstance(profile.hidden, tuple) else (factors[profile.hidden] * n_inputs,) * 3
    sizes = (n_inputs, *hidden, n_classes)
    return tuple(BlockPlan(f"fc{i + 1}", (sizes[i], sizes[i + 1])) for i in range(len(sizes) - 1))


def plan(profile: Profile, blocks: tuple[BlockPlan, ...], n_samples: int) -> Plan:
    """Link counts of a profile for these blocks.

    Raises
    ------
    SparseGraphError
        If the density lies outside (0, 1] or leaves a block without a link.
    """
    if not 0 < profile.density <= 1:
        raise SparseGraphError(
            f"a density of {profile.density:g}: between 0 and 1 is expected (sparsity is 1 - density)"
        )
    if n_samples < 1:
        raise SparseGraphError("the training part of the data has no samples")
    shapes = [block.kernel or block.shape for block in blocks]
    if profile.recipe.kind == "dense":
        densities = [1.0] * len(blocks)
    elif profile.allocation == "uniform":
        densities = [*[profile.density] * (len(blocks) - 1), 1.0]
    else:
        densities = list({"er": erdos_renyi, "erk": erk}[profile.allocation](shapes, profile.density))
    total = None
    if profile.allocation != "uniform" and profile.recipe.kind != "dense":
        total = round(profile.density * sum(block.n_possible for block in blocks))
    counts = link_counts(shapes, densities, total)
    for block, count in zip(blocks, counts, strict=True):
        if count < 1:
            raise SparseGraphError(
                f"block {block.name} ({block.shape[0]} x {block.shape[1]}) would have no link at density "
                f"{profile.density:g}; ask for a higher one"
            )
    return Plan(profile, blocks, tuple(int(n) for n in counts), n_samples)


def quota_counts(plan_: Plan, step: int) -> np.ndarray:
    """Links that each sparse block shall have after the update at ``step``, extra density included.

    From the last update on nothing is extra, so that the net ends with the links that it was planned with.
    """
    extra = plan_.profile.recipe.extra_density
    counts = np.array([plan_.n_links[i] for i in plan_.sparse], np.int64)
    if extra is None or step >= plan_.last_update > 0:
        return counts
    possible = np.array([plan_.blocks[i].n_possible for i in plan_.sparse], np.int64)
    added = np.floor(extra.at(step, plan_.n_steps) * possible).astype(np.int64)
    return np.minimum(counts + added, possible)
