"""The training loop: epochs of steps, with topology updates in between."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import numpy as np

from sparsegraph.data.dataset import DataSet
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.percolation import percolate
from sparsegraph.rng import rng_for
from sparsegraph.training.augmentation import CropAndFlip
from sparsegraph.training.engine import Engine, Momentum, Tally
from sparsegraph.training.plan import Plan
from sparsegraph.training.updating import Change, Moment, change_topology, regrowth_at

_LONGEST_CALL = 512
_MOST_AUGMENTED = 8192
_SINGLE_PRECISION = 2.0**-24


@dataclass
class Standing:
    """How far a run is: all that, with the engine's state and the seed, decides how it goes on.

    Random numbers need no state of their own: each epoch, update and purpose has its own stream from the seed.

    Parameters
    ----------
    epoch, update : int
        Done so far.
    stopped : list of bool
        Sparse blocks that have reached the overlap of the early stop.
    explored : list of ndarray of bool
        For each sparse block and position, whether a link was ever there (in-time over-parameterisation).
    """

    epoch: int
    update: int
    stopped: list[bool]
    explored: list[np.ndarray]

    @classmethod
    def at_start(cls, engine: Engine, plan: Plan) -> Standing:
        """Nothing done; explored is what the start topology holds."""
        explored = [engine.masks[i].to_array().ravel() for i in plan.sparse]
        return cls(0, 0, [False] * len(explored), explored)


class Observer(Protocol):
    """Who is told what happens in training."""

    def changed(self, change: Change) -> None:
        """After each topology update."""

    def advanced(self, epoch: int, share: float) -> None:
        """Now and then within an epoch."""

    def finished_epoch(self, record: dict[str, Any]) -> None:
        """After each epoch, with its line of the history."""


def train_epochs(
    engine: Engine, plan: Plan, data: DataSet, standing: Standing, observer: Observer, *, seed: int
) -> None:
    """Train from where the run stands to the last epoch.

    Parameters
    ----------
    engine : Engine
    plan : Plan
    data : DataSet
    standing : Standing
        Kept up to date.
    observer : Observer
    seed : int

    Raises
    ------
    SparseGraphError
        If the loss is no longer finite.
    """
    while standing.epoch < plan.profile.epochs:
        epoch = standing.epoch + 1
        clock = _Clock()
        tallies: list[Tally] = []
        changes: list[Change] = []
        judged: dict[str, Any] = {}
        for first, last in _pieces(plan, epoch):
            tallies.append(_train_piece(engine, plan, data, (epoch, first, last), observer, seed=seed))
            clock.lap("train")
            if not math.isfinite(tallies[-1].loss):
                raise SparseGraphError(
                    f"training diverged in epoch {epoch}: the loss is {tallies[-1].loss}; try a lower learning rate"
                )
            if last == epoch * plan.steps_per_epoch:  # the trained net is judged, before an update takes it apart
                judged = _judged(engine, plan, data, _joined(tallies))
                clock.lap("evaluate")
            if last in plan.updates(epoch):
                changes.append(_update(engine, plan, data, standing, seed=seed, step=last))
                clock.lap("update")
                observer.changed(changes[-1])
                clock.lap("record")
        standing.epoch = epoch
        observer.finished_epoch(_course(plan, standing, changes, clock.seconds) | judged)


def _pieces(plan: Plan, epoch: int) -> Iterator[tuple[int, int]]:
    """Stretches of steps (first excluded, last included) that end in an update or with the epoch."""
    first, last = (epoch - 1) * plan.steps_per_epoch, epoch * plan.steps_per_epoch
    for stop in sorted({*plan.updates(epoch), last}):
        yield first, stop
        first = stop


def _train_piece(
    engine: Engine, plan: Plan, data: DataSet, piece: tuple[int, int, int], observer: Observer, *, seed: int
) -> Tally:
    epoch, first, last = piece
    start, size = (epoch - 1) * plan.steps_per_epoch, plan.profile.batch_size
    order = rng_for(seed, "order", str(epoch)).permutation(plan.n_samples)
    tallies = []
    wish = _smoothing(plan, first, last)
    longest = _MOST_AUGMENTED // size if plan.profile.augment else _LONGEST_CALL
    for low, high in _calls((first, last), wish.last_steps if wish else 0, max(longest, 1)):
        rates = np.array([plan.profile.learning_rate.at(s, plan.n_steps) for s in range(low, high)], np.float32)
        part = _Part(data.train.images, data.train.labels, order[(low - start) * size : (high - start) * size])
        if plan.profile.augment:
            part = _augmented(part, data.image_shape, rng_for(seed, "augmentation", str(low)))
        tallies.append(engine.train(*part, rates, accumulate=wish if high == last else None))
        observer.advanced(epoch, (high - start) / plan.steps_per_epoch)
    return _joined(tallies)


class _Part(NamedTuple):
    """Samples for one call, and the order in which they are used."""

    images: np.ndarray
    labels: np.ndarray
    order: np.ndarray


def _augmented(part: _Part, shape: tuple[int, ...], rng: np.random.Generator) -> _Part:
    """The samples of a call, cropped and flipped, in the order of their use."""
    images = CropAndFlip(rng)(part.images[part.order].reshape(-1, *shape))
    n_samples = len(part.order)
    return _Part(images.reshape(n_samples, -1), part.labels[part.order], np.arange(n_samples))


def _smoothing(plan: Plan, first: int, last: int) -> Momentum | None:
    """The smoothed gradient over the steps before an update whose share still counts in single precision."""
    recipe = plan.profile.recipe
    update = plan.next_update(last)
    if update is None or regrowth_at(recipe, update, plan.n_steps).score != "momentum":
        return None
    n_counting = math.ceil(math.log(_SINGLE_PRECISION) / math.log(recipe.momentum_beta))
    n_steps = min(last - first, n_counting - (update - last))
    return Momentum(recipe.momentum_beta, n_steps) if n_steps > 0 else None


def _calls(piece: tuple[int, int], n_together: int, longest: int) -> Iterator[tuple[int, int]]:
    """Stretches of a piece for one call each, short enough to show progress; the last steps stay together."""
    first, last = piece
    cut = last - n_together
    for low in range(first, cut, longest):
        yield low, min(low + longest, cut)
    if n_together:
        yield cut, last


def _update(engine: Engine, plan: Plan, data: DataSet, standing: Standing, *, seed: int, step: int) -> Change:
    recipe = plan.profile.recipe
    standing.update += 1
    resting = standing.stopped if recipe.stop == "layer" else [all(standing.stopped)] * len(plan.sparse)
    when = Moment(standing.update, step)
    change = change_topology(engine, plan, data.train, when, stopped=resting, seed=seed)
    for block, (done, overlap) in enumerate(zip(change.blocks, change.overlaps, strict=True)):
        if done is not None:
            standing.explored[block][done.after.positions] = True
        if recipe.early_stop is not None and overlap is not None and overlap >= recipe.early_stop:
            standing.stopped[block] = True
    return change


def _joined(tallies: list[Tally]) -> Tally:
    n = sum(tally.n for tally in tallies)
    return Tally(
        n, sum(tally.n * tally.loss for tally in tallies) / n, sum(tally.n * tally.accuracy for tally in tallies) / n
    )


class _Clock:
    """Seconds by what they went into."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, name: str) -> None:
        """The time since the last lap went into this."""
        now = perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now


def _judged(engine: Engine, plan: Plan, data: DataSet, train: Tally) -> dict[str, Any]:
    """What the history says of the net as trained in an epoch."""
    parts = {"test": data.test} | ({} if data.validation is None else {"validation": data.validation})
    tallies = {"train": train} | {name: engine.evaluate(part.images, part.labels) for name, part in parts.items()}
    record: dict[str, Any] = {name: {"loss": t.loss, "accuracy": t.accuracy} for name, t in tallies.items()}
    return record | {"links": [mask.n_links for mask in engine.masks], "anp": active_share(engine, plan)}


def _course(plan: Plan, standing: Standing, changes: list[Change], seconds: dict[str, float]) -> dict[str, Any]:
    """What the history says of how the epoch went."""
    step = standing.epoch * plan.steps_per_epoch
    return {
        "epoch": standing.epoch,
        "step": step,
        "learning_rate": plan.profile.learning_rate.at(step - 1, plan.n_steps),
        "explored": [float(flags.mean()) for flags in standing.explored],
        "stopped": list(standing.stopped),
        "updates": [_change_record(change) for change in changes],
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }


def _change_record(change: Change) -> dict[str, Any]:
    return {
        "update": change.update,
        "step": change.step,
        "zeta": change.zeta,
        "exponents": list(change.exponents),
        "removed": [block.events.removed.size if block else 0 for block in change.blocks],
        "percolated": [block.events.percolated.size if block else 0 for block in change.blocks],
        "regrown": [block.events.regrown.size if block else 0 for block in change.blocks],
        "overlap": change.overlaps,
        "jaccard": [block.jaccard if block else 1.0 for block in change.blocks],
    }


def active_share(engine: Engine, plan: Plan) -> dict[str, Any] | None:
    """Active neuron post-percolation (ANP) rate over the layers that sparse blocks join, readout excluded.

    Returns
    -------
    dict or None
        ``layers``: share of active neurons of each; ``hidden``: of all but the first layer; ``whole``: of all.  None
        for a dense net, and where convolutions are sparse.

    References
    ----------
    Zhang et al., ICLR 2024, Table A3 (whole).
    """
    if not plan.sparse or any(plan.blocks[i].kernel for i in plan.sparse):
        return None
    active = percolate(plan.wiring.graph([engine.masks[i] for i in plan.sparse])).active
    after = np.concatenate(active[1:])
    return {
        "layers": [float(flags.mean()) for flags in active],
        "hidden": float(after.mean()),
        "whole": float(np.concatenate(active).mean()),
    }
