"""The topology of another run or checkpoint, to train on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.io.load import load
from sparsegraph.io.runs.layout import ends_of, is_run, run_at
from sparsegraph.io.runs.run import open_run
from sparsegraph.training.plan import Plan


@dataclass(frozen=True, eq=False)
class GivenTopology:
    """Masks of all blocks, and how the run that they come from drew its first weights.

    Parameters
    ----------
    masks : tuple of Mask
    seed : int, optional
        None for a checkpoint that is no snapshot of a run.
    start_weights : str, optional
    """

    masks: tuple[Mask, ...]
    seed: int | None = None
    start_weights: str | None = None

    @property
    def digest(self) -> str:
        """Fingerprint of the masks."""
        code = hashlib.sha256()
        for mask in self.masks:
            code.update(repr(mask.shape).encode() + mask.positions.astype("<i8").tobytes())
        return code.hexdigest()[:16]


def given_topology(name: str) -> GivenTopology:
    """The topology that a name stands for.

    Parameters
    ----------
    name : str
        "RUN" (its last snapshot), "RUN@N" (the topology after step N), or a checkpoint.

    Raises
    ------
    SparseGraphError
        If there is no such run, step or checkpoint.
    """
    path, step = run_at(name)
    if not is_run(path):
        return GivenTopology(tuple(Mask.from_csr(block.weights) for block in load(name).graph.blocks))
    run = open_run(path)
    if step and (not step.isdecimal() or int(step) not in run.topology.numbers):
        known = ends_of(run.topology.numbers)
        raise SparseGraphError(f"{name}: there is no topology after step {step!r}; there are: {known}")
    masks = (run.topology.load(int(step)) if step else run.final).masks
    return GivenTopology(masks, *_first_weights(run.config))


def _first_weights(config: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """Seed and law, where a run of this trainer says them; a loop of one's own writes what it likes."""
    match config:
        case {"request": {"seed": int(seed)}, "profile": {"recipe": {"start_weights": str(law)}}}:
            return seed, law
    return None, None


def fitted(plan: Plan, masks: Sequence[Mask]) -> Plan:
    """The plan with the links of these masks.

    Raises
    ------
    SparseGraphError
        If they are not those of the plan's blocks, all of them.
    """
    found, expected = [mask.shape for mask in masks], [block.shape for block in plan.blocks]
    if found != expected:
        raise SparseGraphError(
            f"the topology to train on has blocks of {found}; this run has blocks of {expected}: "
            "choose the same --hidden, model and data"
        )
    return replace(plan, n_links=tuple(mask.n_links for mask in masks))
