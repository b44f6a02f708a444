"""The catalogue of trajectory measures: how one is registered, found and run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, TypeVar

from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.measures.catalogue import Measure
from sparsegraph.registry import Registry
from sparsegraph.result import Result
from sparsegraph.rng import rng_for

F = TypeVar("F", bound=Callable[..., Result])


def _import_all() -> None:
    package = importlib.import_module("sparsegraph.measures.trajectory")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"sparsegraph.measures.trajectory.{module.name}")


TRAJECTORY_MEASURES: Registry[Measure] = Registry(
    "trajectory measure", group="sparsegraph.trajectory_measures", fill=_import_all
)


def register(name: str) -> Callable[[F], F]:
    """Enter ``function(trajectory, *, rng=..., <options>) -> Result`` into the catalogue under ``name``."""

    def enter(function: F) -> F:
        TRAJECTORY_MEASURES.add(name, Measure(name, function))
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
