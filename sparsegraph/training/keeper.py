"""The observer that writes the run directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sparsegraph.data.dataset import DataSet
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.training.engine import Engine
from sparsegraph.training.epochs import Standing
from sparsegraph.training.plan import Plan
from sparsegraph.training.progress import Progress
from sparsegraph.training.pruning import pruned_snapshot
from sparsegraph.training.updating import Change

_SNAPSHOTS = 20


class Keeper:
    """Writes history, snapshots and the resume file; the optimiser step numbers the snapshots.

    Parameters
    ----------
    writer : RunWriter
    engine : Engine
    plan : Plan
    data : DataSet
    standing : Standing
    meta : mapping
        Goes into each snapshot with weights.
    progress : Progress
    every : int, optional
        Updates, or epochs where the topology never changes, between snapshots with weights; by default about twenty
        over the run.
    """

    def __init__(  # noqa: PLR0913 - what it joins
        self,
        writer: RunWriter,
        engine: Engine,
        plan: Plan,
        data: DataSet,
        standing: Standing,
        meta: Mapping[str, Any],
        progress: Progress,
        *,
        every: int | None,
    ) -> None:
        self._writer, self._engine, self._plan, self._data, self._standing = writer, engine, plan, data, standing
        self._meta, self._progress = meta, progress
        self._every = every or max(1, round((plan.n_updates or plan.profile.epochs) / _SNAPSHOTS))

    def begin(self) -> None:
        """The start, before any step."""
        self._writer.snapshot(self.snapshot(0, weights=True))
        if self._plan.sparse:
            self._writer.topology(self.snapshot(0, weights=False))
        self._keep_resume()

    def changed(self, change: Change) -> None:
        """A topology snapshot for each update, one with weights now and then."""
        pairs = zip(self._plan.sparse, change.blocks, strict=True)
        events = {index: block.events for index, block in pairs if block is not None}
        self._writer.topology(self.snapshot(change.step, weights=False, events=events))
        if change.update % self._every == 0:
            self._writer.snapshot(self.snapshot(change.step, weights=True, events=events))

    def advanced(self, epoch: int, share: float) -> None:
        """Pass it on."""
        self._progress.advanced(epoch, share)

    def finished_epoch(self, record: dict[str, Any]) -> None:
        """A line of history, the final snapshot after the last epoch, and from where to go on."""
        if record["epoch"] == self._plan.profile.epochs:
            record |= self.keep_final(record)
        elif self._plan.n_updates == 0 and record["epoch"] % self._every == 0:
            self._writer.snapshot(self.snapshot(record["step"], weights=True))
        self._writer.history(record)
        self._keep_resume()
        self._progress.finished_epoch(record)

    def keep_final(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Write the final snapshot, and the pruned one if there is to be one; what the history says of the latter."""
        metrics = {name: record[name] for name in ("train", "test", "anp")}
        final = self.snapshot(record["step"], weights=True, explored=True)
        final = replace(final, meta={**final.meta, "metrics": metrics})
        self._writer.snapshot(final)
        if not self._plan.profile.recipe.pruned_after:
            return {}
        pruned = pruned_snapshot(final, self._plan, self._data)
        self._writer.snapshot(pruned)
        return {"pruned_after": pruned.meta["pruned_after"]}

    def snapshot(
        self,
        step: int,
        *,
        weights: bool,
        events: Mapping[int, LinkEvents] | None = None,
        explored: bool = False,
    ) -> Snapshot:
        """The network as it is now."""
        blocks = tuple(self._block(i, weights, (events or {}).get(i), explored) for i in range(len(self._plan.blocks)))
        return Snapshot(
            number=step,
            blocks=blocks,
            update=self._standing.update,
            epoch=step // self._plan.steps_per_epoch,
            step=step,
            input_shape=tuple(self._meta["data"]["image_shape"]),
            meta=self._meta if weights else {},
            extra=self._engine.extra() if weights else {},
        )

    def _block(self, index: int, weights: bool, events: LinkEvents | None, explored: bool) -> BlockState:  # noqa: FBT001
        plan, mask = self._plan.blocks[index], self._engine.masks[index]
        cumulative = None
        if explored and index in self._plan.sparse:
            flags = self._standing.explored[self._plan.sparse.index(index)]
            cumulative = Mask(mask.shape, np.flatnonzero(flags))
        return BlockState(
            plan.name,
            mask,
            self._engine.weights(index) if weights else None,
            self._engine.biases(index) if weights else None,
            "linear" if plan.kernel is None else "conv2d",
            None if plan.kernel is None else (plan.kernel[1], plan.kernel[0], *plan.kernel[2:]),
            events,
            cumulative,
            None if plan.kernel is None else 1,  # blocks of models are ungrouped
        )

    def _keep_resume(self) -> None:
        standing = self._standing
        arrays = {f"engine/{name}": values for name, values in self._engine.state().items()}
        for block, flags in enumerate(standing.explored):
            arrays[f"explored/{block}"] = np.packbits(flags)
        meta = {"epoch": standing.epoch, "update": standing.update, "stopped": standing.stopped}
        self._writer.resume(arrays, meta)


def restore(engine: Engine, standing: Standing, arrays: Mapping[str, np.ndarray], meta: Mapping[str, Any]) -> None:
    """Bring an engine and the standing of its run back to a resume file."""
    engine.restore({name[7:]: values for name, values in arrays.items() if name.startswith("engine/")})
    standing.epoch, standing.update = int(meta["epoch"]), int(meta["update"])
    standing.stopped[:] = [bool(flag) for flag in meta["stopped"]]
    for block, flags in enumerate(standing.explored):
        flags[:] = np.unpackbits(arrays[f"explored/{block}"], count=flags.size).astype(np.bool_)
