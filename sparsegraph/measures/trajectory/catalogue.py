"""The catalogue of trajectory measures: how one is registered, found and run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sparsegraph.arguments import kind_of, seed_of
from sparsegraph.errors import UnknownNameError
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.measures.catalogue import MEASURES, Measure
from sparsegraph.registry import Registry
from sparsegraph.result import Result
from sparsegraph.rng import rng_for

F = TypeVar("F", bound=Callable[..., Result])


@dataclass(frozen=True)
class TrajectoryMeasure(Measure):
    """One entry of the catalogue of measures of whole trajectories.

    Parameters
    ----------
    main : tuple of str
        Patterns (``*`` for anything) of the paths to the numbers that people compare, of every layer or block.
    over_time : tuple of str
        Patterns of the paths to series: lists with one entry a snapshot of the result's ``at``, or one a step from each
        of these to the next.
    every_update : bool
        Whether the measure looks at what single updates do, so that it wants the snapshot after each of them even where
        only some of its numbers are asked for.
    """

    over_time: tuple[str, ...] = ()
    every_update: bool = False


def _import_all() -> None:
    package = importlib.import_module("sparsegraph.measures.trajectory")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"sparsegraph.measures.trajectory.{module.name}")


TRAJECTORY_MEASURES: Registry[TrajectoryMeasure] = Registry(
    "trajectory measure", group="sparsegraph.trajectory_measures", fill=_import_all
)


def register(
    name: str, *, main: Iterable[str] = (), over_time: Iterable[str] = (), every_update: bool = False
) -> Callable[[F], F]:
    """Enter ``function(trajectory, *, rng=..., <options>) -> Result`` into the catalogue under ``name``.

    ``main``, ``over_time`` and ``every_update`` are those of :class:`TrajectoryMeasure`.
    """

    def enter(function: F) -> F:
        entry = TrajectoryMeasure(
            name, function, main=tuple(main), over_time=tuple(over_time), every_update=every_update
        )
        TRAJECTORY_MEASURES.add(name, entry)
        return function

    return enter


def measure_trajectory(trajectory: Trajectory, name: str, *, seed: int = 0, **options: Any) -> Result:
    """Result of one trajectory measure by name.

    Parameters
    ----------
    trajectory : Trajectory
        Such as ``open_run(path).topology``.
    name : str
        A name of ``TRAJECTORY_MEASURES``; an unknown one answers with near names.
    seed : int
        Seed of the analysis; a stochastic measure gets the stream of its own name.
    **options
        The measure's own keywords.
    """
    if not isinstance(trajectory, Trajectory):
        raise TypeError(f"a Trajectory is followed, not {kind_of(trajectory)}; pass a run's .topology")
    if name not in set(TRAJECTORY_MEASURES) and name in set(MEASURES):
        raise UnknownNameError(
            f"{name} is taken of one graph, such as trajectory[-1].graph; sparsegraph.follow takes it of every snapshot"
        )
    seed, entry = seed_of(seed), TRAJECTORY_MEASURES[name]
    unknown = sorted(set(options) - set(entry.options))
    if unknown:
        known = ", ".join(entry.options) or "none"
        raise TypeError(f"trajectory measure {name!r} has no option {', '.join(unknown)}; it has {known}")
    if entry.stochastic:
        options["rng"] = rng_for(seed, "trajectory measure", name)
    return entry.taken(trajectory, **options)
