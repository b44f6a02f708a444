"""Attachment: how likely a neuron is to gain or lose a link in an update, against its degree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from sparsegraph.errors import DataError
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.measures.trajectory.attachment_kernel import PairKernel, kernel_of
from sparsegraph.measures.trajectory.catalogue import register
from sparsegraph.measures.trajectory.degree_pairs import Counting, Rounds, ends_of, rounds_of
from sparsegraph.measures.trajectory.moments import Moment, Moments, moment_of, moments_of
from sparsegraph.measures.trajectory.steps import basis_of, walk
from sparsegraph.result import Result, Undefined


@dataclass(frozen=True)
class BlockAttachment(Result):
    """Attachment and detachment of one block.

    Parameters
    ----------
    block : str
    attachment : PairKernel
        Gains of absent links, those among them that had just been removed; undefined where there are none.
    new_links : PairKernel
        Gains of links that were absent before the update already.
    detachment : PairKernel
        Losses of present links to the removal (percolation left out).
    basis : str
        "events" or "mask differences".
    """

    block: str
    attachment: PairKernel | Undefined
    new_links: PairKernel | Undefined
    detachment: PairKernel | Undefined
    basis: str


@dataclass(frozen=True)
class Attachment(Result):
    """Attachment and detachment of every block.

    Parameters
    ----------
    at : Moments
        Of all snapshots.
    per_block : tuple of BlockAttachment
    offset : float
        Added to every degree.
    degree, unit : str
        Conventions.
    """

    at: Moments
    per_block: tuple[BlockAttachment, ...]
    offset: float
    degree: str
    unit: str = "rate of a pair of neurons, relative to the other pairs of the same block and update"


@register("attachment", main=("*.attachment.*.exponent", "*.detachment.*.exponent"), every_update=True)
def attachment(trajectory: Trajectory, *, degree: Counting = "block", offset: float = 0.0) -> Attachment:
    """Rate at which an absent link is grown, and a present one removed, against the degrees of its two neurons.

    ``P(absent link (i, j) is grown in update t) = 1 - exp(-c_t (k_i + offset)^a (k_j + offset)^b)``, with a for the
    source and b for the target neurons.  ``rate`` is the same with free functions in place of the two powers.

    Parameters
    ----------
    trajectory : Trajectory
        Such as ``open_run(path).topology``, which has every update and its events.
    degree : {"block", "total"}
        Links of a neuron within the block, or within the blocks on both sides of it.
    offset : float
        At least 0.  By default neurons of degree 0 are in no exponent (they have a rate of their own); 1 lets them in.

    Returns
    -------
    Attachment

    Raises
    ------
    DataError
        If ``degree`` is none of these or ``offset`` is negative or infinite.
    GraphError
        If the snapshots are not of one network.

    Notes
    -----
    A neuron of degree k is absent from n - k links, so that a regrowth that draws uniformly gives hubs *fewer* links:
    gains against degree are no attachment kernel.  Here every absent link counts as an opportunity, and uniform
    regrowth has a = b = 0 exactly.  Degrees are those that the regrowth sees, after removal and percolation, and links
    just removed are on offer again.  Where a rule takes back much of what was removed, as CH3-L3 does once it has
    settled, that alone makes the well connected gain: ``new_links`` counts only pairs that had no link before the
    update, still by the degrees after the losses.  Without events the degrees before the update and the links absent
    before it take their place: still 0 for uniform regrowth, but a real kernel is blurred.

    Both sides are fitted together since hubs often have links to the hubs of the other side already, and what is left
    to them is less attractive; one side by itself would show a weaker attraction.  Each update has its own c_t, so that
    a schedule of the number of links cannot be taken for attraction.

    An exponent above 0 says that neurons with more links gain more; it does not say why.  Neurons that are
    good by nature gain more and *thereby* have more links; only an intervention can tell the two apart.

    O(updates x (links + classes^2)).  More than 64 different degrees are put into as many classes.

    References
    ----------
    H. Jeong, Z. Neda, A.-L. Barabasi, Measuring preferential attachment in evolving networks, Europhysics Letters 61
    (2003) 567.
    M. E. J. Newman, Clustering and preferential attachment in growing networks, Physical Review E 64 (2001) 025102.
    T. Pham, P. Sheridan, H. Shimodaira, PAFit: a statistical method for measuring preferential attachment in temporal
    complex networks, PLoS ONE 10 (2015) e0137796.
    Matab, Mocanu, Wu, Survival of the Most Connected (infers preferential attachment from the final degrees).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsegraph.graph.line import BlockState
    >>> from sparsegraph.graph.mask import Mask
    >>> masks = [Mask((2, 3), np.array(links)) for links in ([0, 1, 3], [0, 1, 2])]
    >>> run = Trajectory((0, 1), lambda i: Snapshot(i, (BlockState("a", masks[i]),), update=i))
    >>> kernel = attachment(run).per_block[0].attachment.source
    >>> kernel.least, kernel.n_events, kernel.n_pairs
    ((1, 2), (0, 1), (2, 1))
    """
    if degree not in get_args(Counting):
        raise DataError(f"degree is {degree!r}; it is one of {', '.join(get_args(Counting))}")
    if not 0.0 <= offset < float("inf"):
        raise DataError(f"offset is {offset}; a number from 0 is needed")
    times: list[Moment] = []
    gathered: list[Gathered] = []
    for snapshot, steps in walk(trajectory):
        times.append(moment_of(snapshot))
        if not times[1:]:
            ends, gathered = ends_of(snapshot.blocks), _empty(snapshot)
            continue
        for own, step, rounds in zip(gathered, steps, rounds_of(steps, ends, degree), strict=True):
            own.rounds.append(rounds)
            own.n_changes += step.has_changes
            own.n_with_events += step.has_changes and step.has_events
    counted = "links within the block" if degree == "block" else "links within the blocks on both sides"
    return Attachment(
        at=moments_of(times),
        per_block=tuple(own.result(offset) for own in gathered),
        offset=offset,
        degree=f"{counted}, as the regrowth (after removal and percolation) or the removal meets them",
    )


@dataclass
class Gathered:
    """What was met of one block so far."""

    block: str
    layers: tuple[str, str]
    rounds: list[Rounds] = field(default_factory=list)
    n_changes: int = 0
    n_with_events: int = 0

    def result(self, offset: float) -> BlockAttachment:
        """The kernels of the block."""
        grown = [one.grown for one in self.rounds if one.grown]
        new = [one.new for one in self.rounds if one.new]
        lost = [one.lost for one in self.rounds if one.lost]
        no_gain, no_loss = Undefined("no link was regrown"), Undefined("no link was removed")
        return BlockAttachment(
            block=self.block,
            attachment=kernel_of(grown, self.layers, offset) if grown else no_gain,
            new_links=kernel_of(new, self.layers, offset) if new else no_gain,
            detachment=kernel_of(lost, self.layers, offset) if lost else no_loss,
            basis=basis_of(self.n_changes, self.n_with_events),
        )


def _empty(snapshot: Snapshot) -> list[Gathered]:
    layers, blocks = snapshot.graph.layers, snapshot.graph.blocks
    names = [(layers[block.source].name, layers[block.target].name) for block in blocks]
    return [Gathered(block.name, pair) for block, pair in zip(blocks, names, strict=True)]
