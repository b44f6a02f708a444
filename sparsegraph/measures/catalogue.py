"""The catalogue of measures: how a measure is registered, found and run."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sparsegraph.arguments import kind_of, names_of, options_of, seed_of
from sparsegraph.errors import DataError, UnknownNameError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mistaken import check_graph
from sparsegraph.graph.trajectory import Trajectory
from sparsegraph.near_names import near_names
from sparsegraph.registry import Registry
from sparsegraph.result import Result, Undefined
from sparsegraph.rng import rng_for

F = TypeVar("F", bound=Callable[..., Result])


@dataclass(frozen=True)
class Measure:
    """One entry of the catalogue.

    Parameters
    ----------
    name : str
    function : callable
        ``function(graph, *, rng=..., <options>) -> Result``.
    main : tuple of str
        Paths to the numbers of the result that people compare, such as ``"whole.effective_rank"``: those that null
        models are asked about and that are followed over training.
    weighted : tuple of str
        Patterns (``*`` for anything) of the paths to the numbers that depend on the weights of the links and not only
        on which links there are; ``"*"`` where all do.
    lighter : mapping
        Options that spare work on which no main number depends, such as ``{"replicas": 1}``: with these the measure
        runs on the draws of a null model.
    """

    name: str
    function: Callable[..., Result]
    main: tuple[str, ...] = ()
    weighted: tuple[str, ...] = ()
    lighter: Mapping[str, Any] = field(default_factory=dict)

    @property
    def needs_weights(self) -> bool:
        """Whether nothing is left of the measure where the weights of the links are not known."""
        return "*" in self.weighted

    @property
    def summary(self) -> str:
        """First line of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the keyword options, ``rng`` left out."""
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "rng")

    @property
    def defaults(self) -> dict[str, Any]:
        """The options with their defaults."""
        parameters = inspect.signature(self.function).parameters
        return {name: parameters[name].default for name in self.options}

    @property
    def stochastic(self) -> bool:
        """Whether the measure draws random numbers (it then takes the keyword ``rng``)."""
        return "rng" in inspect.signature(self.function).parameters

    def taken(self, of: Any, **options: Any) -> Result:
        """The result of the function on a graph, or on a trajectory.

        Raises
        ------
        TypeError
            If the function, which may be anybody's, gives no result.
        """
        result = self.function(of, **options)
        if not isinstance(result, Result):
            raise TypeError(
                f"the measure {self.name} gave {kind_of(result)}; a frozen dataclass that derives from "
                "sparsegraph.Result is expected: let its function return one"
            )
        return result

    def main_number(self, result: Result, path: str) -> float | Undefined:
        """One of the main numbers of a result of this measure.

        Raises
        ------
        DataError
            If the result has no such number.
        """
        try:
            value = number_at(result, path)
            return value if isinstance(value, Undefined) else _as_number(value)
        except (AttributeError, LookupError, TypeError, ValueError):
            raise DataError(
                f"the measure {self.name} is registered with the main number {path!r}, but no number is there in the "
                f"{type(result).__name__} that it gave; name one of its numbers in main="
            ) from None


def _import_all() -> None:
    package = importlib.import_module("sparsegraph.measures")
    for module in pkgutil.iter_modules(package.__path__):
        if not module.ispkg:
            importlib.import_module(f"sparsegraph.measures.{module.name}")


MEASURES: Registry[Measure] = Registry("measure", group="sparsegraph.measures", fill=_import_all)


def register(
    name: str, *, main: Iterable[str] = (), weighted: Iterable[str] = (), lighter: Mapping[str, Any] | None = None
) -> Callable[[F], F]:
    """Enter the decorated function into the catalogue under ``name``.

    ``main`` are the paths to its main numbers, ``weighted`` patterns of those that depend on the weights, ``lighter``
    options under which the main numbers are the same and cost less.
    """

    def enter(function: F) -> F:
        MEASURES.add(name, Measure(name, function, tuple(main), tuple(weighted), dict(lighter or {})))
        return function

    return enter


def known_options(entry: Measure, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those options that a measure has."""
    return {name: value for name, value in options.items() if name in entry.options}


def check_options(options: Iterable[str], entries: Iterable[Measure]) -> None:
    """Refuse an option that is none of any of these measures: it would be passed over without a word.

    Raises
    ------
    DataError
        With near names.
    """
    known = {option for entry in entries for option in entry.options}
    if unknown := sorted(set(options) - known):
        raise DataError(f"no measure that is asked for has an option {unknown[0]!r}; {near_names(unknown[0], known)}")


def _as_number(value: Any) -> float:
    if isinstance(value, str | bytes):
        raise TypeError("a text is no number, even of digits")
    return float(value)


def number_at(result: Result, path: str) -> Any:
    """What a dotted path leads to in a result: a number, or :class:`Undefined` where a part of the way is undefined."""
    value: Any = result
    for name in path.split("."):
        if isinstance(value, Undefined):
            return value
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


def measure(graph: LayeredGraph | Trajectory, name: str, *, seed: int = 0, **options: Any) -> Result:
    """Result of one measure by name.

    Parameters
    ----------
    graph : LayeredGraph or Trajectory
        A trajectory, such as ``run.topology``, for the trajectory measures.
    name : str
        A name of :data:`sparsegraph.measures.catalogue.MEASURES` (of ``TRAJECTORY_MEASURES``); an unknown one answers
        with near names.
    seed : int
        Seed of the analysis; a stochastic measure gets the stream of its own name.
    **options
        The measure's own keywords: its page in the documentation has them, and ``sparsegraph measures`` lists all.
    """
    seed = seed_of(seed)
    if isinstance(graph, Trajectory):
        from sparsegraph.measures.trajectory.catalogue import measure_trajectory

        return measure_trajectory(graph, name, seed=seed, **options)
    check_graph(graph, "measured")
    if not isinstance(name, str):
        raise TypeError(f"the name of one measure is expected, not {kind_of(name)}; measure_all takes several")
    _refuse_of_trajectories(name)
    entry = MEASURES[name]
    unknown = sorted(set(options) - set(entry.options))
    if unknown:
        raise TypeError(
            f"measure {name!r} has no option {', '.join(unknown)}; it has {', '.join(entry.options) or 'none'}"
        )
    if entry.stochastic:
        options["rng"] = rng_for(seed, "measure", name)
    return entry.taken(graph, **options)


def _refuse_of_trajectories(name: str) -> None:
    """A name of the other catalogue has no near names in this one, and needs none."""
    from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES

    if name not in set(MEASURES) and name in set(TRAJECTORY_MEASURES):
        raise UnknownNameError(f"{name} follows a trajectory, such as run.topology; it cannot be taken of one graph")


def measure_all(
    graph: LayeredGraph,
    names: str | Iterable[str] | None = None,
    *,
    seed: int = 0,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Result]:
    """Results of one measure, of several, or of all that there are, each with its own random stream.

    ``options`` are passed to every measure that knows them: ``{"readout": "include"}`` reaches those with a readout.
    One that none of them knows is a :class:`~sparsegraph.errors.DataError`.
    """
    seed, chosen = seed_of(seed), list(MEASURES) if names is None else names_of(names, "measures")
    for name in chosen:
        _refuse_of_trajectories(name)
    given, entries = options_of(options), {name: MEASURES[name] for name in chosen}
    check_options(given, entries.values())
    return {name: measure(graph, name, seed=seed, **known_options(entry, given)) for name, entry in entries.items()}
