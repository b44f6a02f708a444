"""The links that an update could have gained or lost, counted by the degrees of the neurons at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from sparsegraph.graph.line import BlockState, following
from sparsegraph.kernels.relative_rates import Round
from sparsegraph.measures.trajectory.steps import Step

Counting = Literal["block", "total"]

MOST_CLASSES = 64
"""More different degrees than these are put into as many classes, equally wide in the logarithm."""


class Ends(NamedTuple):
    """Which neurons the links of a block join.

    Parameters
    ----------
    n_rows, n_target : int
        Shape of the mask.
    rows_per_source : int
        Rows of one source neuron: the kernel's weights of a channel, the positions of a flattened one.
    groups : int
        Of a convolution.
    follows : int or None
        The block whose target neurons are the source neurons here, by its index.
    """

    n_rows: int
    n_target: int
    rows_per_source: int = 1
    groups: int = 1
    follows: int | None = None

    @property
    def n_source(self) -> int:
        """Source neurons."""
        return self.n_rows // self.rows_per_source * self.groups

    def of(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Source and target neuron of each flat position."""
        rows = positions // self.n_target
        target = positions - rows * self.n_target
        if self.rows_per_source > 1:
            rows = rows // self.rows_per_source
        if self.groups > 1:
            rows = rows + target // (self.n_target // self.groups) * (self.n_source // self.groups)
        return rows, target

    def degrees(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Links of each source and of each target neuron."""
        source, target = self.of(positions)
        return np.bincount(source, minlength=self.n_source), np.bincount(target, minlength=self.n_target)


def ends_of(blocks: Sequence[BlockState]) -> list[Ends]:
    """The ends of each block of a network, its channels gathered as in the graph."""
    return [
        Ends(*block.mask.shape, block.kernel_size * step.joint.positions, step.joint.groups, step.before)
        for block, step in zip(blocks, following(blocks), strict=True)
    ]


class Rounds(NamedTuple):
    """What one update did to one block; None where nothing was gained or lost.

    Parameters
    ----------
    grown : Round
        Absent links that were offered to the regrowth, and those it took.
    new : Round
        The same of the links that were absent before the update already.
    lost : Round
        Links before the update, and those that the removal took.
    """

    grown: Round | None
    new: Round | None
    lost: Round | None


def rounds_of(steps: Sequence[Step], ends: Sequence[Ends], counting: Counting) -> list[Rounds]:
    """The rounds of each block in one update.

    Degrees are those that the rule meets: after the losses for a gain (where they are known), before them for a loss.
    """
    before = [step.before.positions for step in steps]
    kept = [step.kept if step.has_events else step.before.positions for step in steps]
    met, had = _counted(kept, ends, counting), _counted(before, ends, counting)
    return [
        Rounds(
            _round(ends[i], met[i], step.regrown, kept[i], absent=True),
            _round(ends[i], met[i], step.come, before[i], absent=True),
            _round(ends[i], had[i], step.removed, before[i], absent=False),
        )
        for i, step in enumerate(steps)
    ]


def _counted(
    present: Sequence[np.ndarray], ends: Sequence[Ends], counting: Counting
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Degrees of the source and target neurons of each block, within the block or in the blocks on both sides."""
    own = [end.degrees(links) for end, links in zip(ends, present, strict=True)]
    if counting == "block":
        return own
    total = [list(pair) for pair in own]
    for i, end in enumerate(ends):
        if end.follows is not None:
            total[end.follows][1] = total[i][0] = own[end.follows][1] + own[i][0]
    return [(source, target) for source, target in total]


def _round(
    ends: Ends, degrees: tuple[np.ndarray, np.ndarray], events: np.ndarray, links: np.ndarray, *, absent: bool
) -> Round | None:
    """Events by the classes of their degrees among some links, or among all possible ones but those."""
    if events.size == 0:
        return None
    (source_degree, source_class), (target_degree, target_class) = map(_classes, degrees)
    shape = (source_degree.size, target_degree.size)

    def count(positions: np.ndarray) -> np.ndarray:
        source, target = ends.of(positions)
        cells = source_class[source] * shape[1] + target_class[target]
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

    at_risk = count(links)
    if absent:
        at_risk = _all_pairs(ends, source_class, target_class, shape) - at_risk
    return Round(source_degree, target_degree, at_risk, count(events))


def _all_pairs(ends: Ends, source_class: np.ndarray, target_class: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Possible links by the classes of their ends, group by group."""
    pairs = np.zeros(shape)
    for sources, targets in zip(np.split(source_class, ends.groups), np.split(target_class, ends.groups), strict=True):
        pairs += np.outer(np.bincount(sources, minlength=shape[0]), np.bincount(targets, minlength=shape[1]))
    return pairs * ends.rows_per_source


def _classes(degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degree of each class (the geometric mean of its neurons'), and the class of each neuron."""
    found = np.bincount(degrees)
    values = np.flatnonzero(found)
    level = np.arange(values.size)
    if values.size > MOST_CLASSES:
        logs = np.log(np.maximum(values, 1))
        steps = np.floor(logs / logs.max() * (MOST_CLASSES - 2)) + 1
        level = np.unique(np.where(values > 0, steps, 0), return_inverse=True)[1]
    weight = np.bincount(level, found[values])
    means = np.exp(np.bincount(level, np.log(np.maximum(values, 1)) * found[values]) / weight)
    means[np.bincount(level, values) == 0] = 0.0
    class_of = np.zeros(found.size, np.int64)
    class_of[values] = level
    return means, class_of[degrees]
