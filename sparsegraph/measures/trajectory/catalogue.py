"""The catalogue of trajectory measures: how one is registered, found and run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.measures.catalogue import Measure
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
    """

    over_time: tuple[str, ...] = ()


def _import_all() -> None:
    package = importlib.import_module("sparsegraph.measures.trajectory")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"sparsegraph.measures.trajectory.{module.name}")


TRAJECTORY_MEASURES: Registry[TrajectoryMeasure] = Registry(
    "trajectory measure", group="sparsegraph.trajectory_measures", fill=_import_all
)


def register(name: str, *, main: Iterable[str] = (), over_time: Iterable[str] = ()) -> Callable[[F], F]:
    """Enter ``function(trajectory, *, rng=..., <options>) -> Result`` into the catalogue under ``name``.

    ``main`` and ``over_time`` are the patterns of :class:`TrajectoryMeasure`.
    """

    def enter(function: F) -> F:
        TRAJECTORY_MEASURES.add(name, TrajectoryMeasure(name, function, main=tuple(main), over_time=tuple(over_time)))
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
        raise TypeError(f"a Trajectory is followed, not a {type(trajectory).__name__}; pass a run's .topology")
    entry = TRAJECTORY_MEASURES[name]
    unknown = sorted(set(options) - set(entry.options))
    if unknown:
        known = ", ".join(entry.options) or "none"
        raise TypeError(f"trajectory measure {name!r} has no option {', '.join(unknown)}; it has {known}")
    if entry.stochastic:
        options["rng"] = rng_for(seed, "trajectory measure", name)
    return entry.function(trajectory, **options)
