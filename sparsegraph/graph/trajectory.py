"""The topology over training: a network at one time, and the sequence of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

import numpy as np

from sparsegraph.errors import GraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.line import BlockState, in_line
from sparsegraph.graph.mask import LinkEvents, Mask


@dataclass(frozen=True, eq=False, repr=False)
class Snapshot:
    """A network at one time of its training.

    Parameters
    ----------
    number : int
        Place in its run: the update or the epoch, as the run counts; rises from snapshot to snapshot.
    blocks : tuple of BlockState
        In the order of the network, input side first.
    update, epoch, step : int, optional
        Topology updates, epochs and optimiser steps done by then.
    input_shape : tuple of int, optional
        Of one sample, such as (1, 28, 28).
    meta : mapping
        Plain values: recipe, seed, data set, number of classes, metrics.
    extra : mapping
        What is no block but needed to run the network again, such as batch normalisation: name -> array.
    """

    number: int
    blocks: tuple[BlockState, ...]
    update: int | None = None
    epoch: int | None = None
    step: int | None = None
    input_shape: tuple[int, ...] | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", tuple(self.blocks))
        names = [block.name for block in self.blocks]
        if not names or len(set(names)) != len(names):
            raise GraphError(f"a snapshot needs blocks with names of their own, not {names}")
        if self.number < 0:
            raise GraphError(f"a snapshot has a number from 0, not {self.number}")

    def __repr__(self) -> str:
        return f"<Snapshot {self.number}: {len(self.blocks)} blocks, {sum(b.mask.n_links for b in self.blocks)} links>"

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from sparsegraph.notebook.shown import of_snapshot

        return of_snapshot(self)

    @cached_property
    def graph(self) -> LayeredGraph:
        """The layered graph, see :func:`sparsegraph.graph.line.in_line`; links without weights weigh 1."""
        return in_line(self.blocks, self.input_shape)

    @property
    def masks(self) -> tuple[Mask, ...]:
        """The mask of each block; a convolution's rows are channel in x kernel height x kernel width."""
        return tuple(block.mask for block in self.blocks)

    @property
    def weights(self) -> tuple[np.ndarray | None, ...]:
        """The weights of each block in mask order; None in a topology snapshot."""
        return tuple(block.weights for block in self.blocks)

    @property
    def events(self) -> tuple[LinkEvents | None, ...]:
        """What the last update did to each block; None where nothing is recorded."""
        return tuple(block.events for block in self.blocks)


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory(Sequence[Snapshot]):
    """Snapshots in order, each read when it is asked for and not kept.

    Parameters
    ----------
    numbers : tuple of int
        Of the snapshots, increasing.
    load : callable
        Number -> snapshot.
    """

    numbers: tuple[int, ...]
    load: Callable[[int], Snapshot]

    def __repr__(self) -> str:
        ends = f", {self.numbers[0]} to {self.numbers[-1]}" if self.numbers else ""
        return f"<Trajectory: {len(self)} snapshots{ends}>"

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from sparsegraph.notebook.shown import of_trajectory

        return of_trajectory(self)

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...

    @overload
    def __getitem__(self, index: slice) -> Trajectory: ...

    def __getitem__(self, index: int | slice) -> Snapshot | Trajectory:
        """The ``index``-th snapshot (not that of this number), or a part of the trajectory."""
        if isinstance(index, slice):
            return Trajectory(self.numbers[index], self.load)
        return self.load(self.numbers[index])

    def __iter__(self) -> Iterator[Snapshot]:
        return (self.load(number) for number in self.numbers)
