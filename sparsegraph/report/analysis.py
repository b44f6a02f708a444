"""From a checkpoint to a report: load, choose conventions, run the measures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

from sparsegraph.arguments import kind_of, names_of, options_of, seed_of, told
from sparsegraph.errors import DataError, SparseGraphError
from sparsegraph.graph.percolation import percolate
from sparsegraph.graph.readout import ReadoutPolicy, decide_readout
from sparsegraph.io.contents import FINAL_SNAPSHOT
from sparsegraph.io.load import load, load_blocks
from sparsegraph.io.loaded import Loaded, Source
from sparsegraph.io.names import listed
from sparsegraph.io.runs.layout import is_run
from sparsegraph.io.runs.run import open_run
from sparsegraph.measures.catalogue import MEASURES, Measure, check_options, known_options, measure
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES, measure_trajectory
from sparsegraph.near_names import near_names
from sparsegraph.perturb.subject import Choice, Subject, subject
from sparsegraph.report.outline import Outline, outline
from sparsegraph.result import Result
from sparsegraph.significance.ensembles import NULL_MODELS
from sparsegraph.significance.run import Plan, Significance, against_null, draws_by_default

Scope = Literal["graph", "block"]
_CALLED = {"nulls": "null models"}


@dataclass(frozen=True)
class Settings:
    """What the user chose; every choice is shown in every view.

    Parameters
    ----------
    measures : tuple of str
        Names from the catalogues of measures and of trajectory measures (these for runs); empty means all.  Here, of
        layers and of null models, one name alone may be given in place of a tuple.
    seed : int
    percolated : bool
        Whether the measures see the percolated graph; by default the raw one.  Trajectory measures, which are of
        updates of masks, see the raw masks always.
    readout : {"auto", "include", "exclude"}
    scope : {"graph", "block"}
        The whole graph, or every matrix by itself.
    layers : tuple of str
        Names of the matrices to chain, in order; empty means all that chain.
    max_memory : int, optional
        Bytes that one tensor of the file may take once read; larger ones are refused.
    options : mapping
        Further keywords for the measures that know them, such as ``{"replicas": 500}``.
    nulls : tuple of str
        Null models that the main numbers are compared with, for scope ``graph``.
    n_null : int, optional
        Draws of each null model; by default 100, or as many as up to ten tests need.
    n_jobs : int
        Processes to draw in.
    images : Choice, optional
        Data set that passes through the net for the measures that ask how neurons answer; by default none.

    Raises
    ------
    TypeError
        If measures, layers, null models or options are given as what they cannot be.
    DataError
        If there is no such scope, or the seed is no whole number from 0.
    """

    measures: tuple[str, ...] = ()
    seed: int = 0
    percolated: bool = False
    readout: ReadoutPolicy = "auto"
    scope: Scope = "graph"
    layers: tuple[str, ...] = ()
    max_memory: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    nulls: tuple[str, ...] = ()
    n_null: int | None = None
    n_jobs: int = 1
    images: Choice | None = None

    def __post_init__(self) -> None:
        if self.scope not in get_args(Scope):
            raise DataError(f"scope is {self.scope!r}; it must be {' or '.join(get_args(Scope))}")
        for name in ("measures", "layers", "nulls"):
            object.__setattr__(self, name, names_of(getattr(self, name), _CALLED.get(name, name)))
        object.__setattr__(self, "seed", seed_of(self.seed))
        object.__setattr__(self, "options", options_of(self.options))

    @property
    def names(self) -> tuple[str, ...]:
        """The measures that will run on the graph."""
        if self.measures:
            return tuple(name for name in self.measures if name not in TRAJECTORY_MEASURES)
        return tuple(name for name in MEASURES if self.images is not None or not _needs_data(name))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """What will be drawn, by null model.

        Raises
        ------
        SparseGraphError
            If a null model or a measure is unknown, or a number of draws or processes too small.
        """
        nulls = dict.fromkeys(self.nulls)
        draws = {null: draws_by_default(self.compared, null) if self.n_null is None else self.n_null for null in nulls}
        return tuple(Plan(null, draws[null], self.seed, self.n_jobs) for null in nulls)

    @property
    def compared(self) -> tuple[str, ...]:
        """The measures that are compared with null models: a draw answers no data."""
        return tuple(name for name in self.names if not _needs_data(name))

    @property
    def trajectory_names(self) -> tuple[str, ...]:
        """The trajectory measures that will run if the path is that of a run."""
        return tuple(name for name in TRAJECTORY_MEASURES if name in self.measures or not self.measures)

    @property
    def entries(self) -> tuple[Measure, ...]:
        """The entries of all these measures, whose options may be given."""
        of_trajectories = (TRAJECTORY_MEASURES[name] for name in self.trajectory_names)
        return (*(MEASURES[name] for name in self.names), *of_trajectories)


def _needs_data(name: str) -> bool:
    return "activations" in MEASURES[name].options


@dataclass(frozen=True)
class Part:
    """The results for one graph: the whole net, or one of its matrices; and their significance by null model."""

    block: str | None
    outline: Outline
    results: Mapping[str, Result]
    significance: Mapping[str, Significance] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """One analysed checkpoint.

    Parameters
    ----------
    source : Source
    mask_origin : str
    settings : Settings
    parts : tuple of Part
        One for scope ``graph``, one for each matrix for scope ``block``.
    skipped : tuple of (str, str)
        Tensors that are not part of any graph, and why.
    warnings : tuple of str
    trajectory : mapping
        Results of the trajectory measures, for a run.
    """

    source: Source
    mask_origin: str
    settings: Settings
    parts: tuple[Part, ...]
    skipped: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    trajectory: Mapping[str, Result] = field(default_factory=dict)

    @property
    def results(self) -> Mapping[str, Result]:
        """Results by measure, for scope ``graph``."""
        return self.parts[0].results

    @property
    def significance(self) -> Mapping[str, Significance]:
        """Significance by null model, for scope ``graph``."""
        return self.parts[0].significance

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the warnings that only tell what was read."""
        return tuple(warning for warning in self.warnings if warning.startswith(FINAL_SNAPSHOT))

    def to_dict(self) -> dict[str, Any]:
        """The JSON document, see :mod:`sparsegraph.report.document`."""
        from sparsegraph.report.document import to_document

        return to_document(self)

    def _repr_html_(self) -> str:
        """Verdicts and results, for notebooks."""
        from sparsegraph.report.notebook_view import of_report

        return of_report(self)


@dataclass(frozen=True)
class Comparison:
    """Several analysed checkpoints, or those of them that could be read."""

    reports: tuple[Report, ...]

    def _repr_html_(self) -> str:
        """One report after the other, for notebooks."""
        from sparsegraph.report.notebook_view import of_comparison

        return of_comparison(self)


def analyze(
    path: str | PathLike[str],
    settings: Settings | None = None,
    *,
    progress: Callable[[str], None] | None = None,
    **choices: Any,
) -> Report:
    """Analysis of one checkpoint, or of a run: its last snapshot, and its trajectory.

    Parameters
    ----------
    path : path
        A file, a folder that holds one checkpoint in shards, or the directory of a run.
    settings : Settings, optional
    progress : callable, optional
        Told in words what is done next.
    **choices
        Fields of :class:`Settings` instead of ``settings``, or other than there, such as
        ``measures=["powerlaw", "kshell"]``, ``percolated=True`` or ``nulls=["degree"]``.

    Raises
    ------
    TypeError
        If there is no such choice, or one is given as what it cannot be.
    SparseGraphError
        If the file cannot be read, a measure or a null model is unknown, an option is none of any measure, there is no
        such scope, null models or a data set are asked for and the scope is not the whole graph, or only trajectory
        measures are asked for and there is no run.
    """
    if not isinstance(settings, Settings | None):
        raise TypeError(f"settings are a Settings, not {kind_of(settings)}; measures are named: measures=[...]")
    known, progress = [field.name for field in fields(Settings)], told(progress)
    if unknown := sorted(set(choices) - set(known)):
        raise TypeError(f"an analysis has no choice {unknown[0]!r}; {near_names(unknown[0], known)}")
    chosen = replace(settings or Settings(), **choices)
    _check(chosen)
    if not chosen.names and not is_run(Path(path)):
        follow = "follow" if len(chosen.measures) > 1 else "follows"
        raise SparseGraphError(f"{path} is no run, and {listed(chosen.measures)} {follow} the snapshots of one")
    progress("reading the file")
    parts: list[Part] = []
    skipped: dict[tuple[str, str], None] = {}  # dictionaries as ordered sets
    warnings: dict[str, None] = {}
    origins: dict[str, None] = {}
    loaded = None
    shown = _shown(path, chosen, progress)
    observed = {} if shown is None else {"activations": shown.activations, "data": _in_words(shown)}
    for loaded in _graphs(path, chosen):
        parts.append(_part(loaded, chosen, observed, progress))
        skipped.update(dict.fromkeys(loaded.skipped))
        warnings.update(dict.fromkeys(loaded.warnings))
        origins[loaded.mask_origin] = None
    if loaded is None:
        raise SparseGraphError(
            f"{path}: no weight matrix was found; see what is there with: sparsegraph inspect {path}"
        )
    warnings.update(dict.fromkeys(() if shown is None else shown.assumed))
    followed = _followed(Path(path), chosen, progress)
    return Report(loaded.source, " and ".join(origins), chosen, tuple(parts), tuple(skipped), tuple(warnings), followed)


def _check(settings: Settings) -> None:
    """Wrong choices must be errors before any work; first those that are found without importing every measure."""
    for null in settings.nulls:
        NULL_MODELS[null]
    check_options(settings.options, settings.entries)
    if settings.readout != "auto" and not any("readout" in entry.options for entry in settings.entries):
        asked = listed([*settings.names, *settings.trajectory_names])
        raise SparseGraphError(
            f"readout {settings.readout} decides nothing in {asked}; leave --readout (readout=) out, "
            "or see which measures have it with: sparsegraph measures"
        )
    plans = settings.plans
    named = [name for name in settings.measures if name in TRAJECTORY_MEASURES]
    if settings.percolated and named:
        raise SparseGraphError(
            f"{named[0]} follows the raw masks of a run; ask for it without --percolate (percolated=)"
        )
    if plans and all(map(_needs_data, settings.names)):
        raise SparseGraphError(
            f"{', '.join(settings.measures)}: null models do not apply to measures over training or of answers to "
            "data; add another measure, or leave --null (nulls=) out"
        )
    if settings.images is not None and not any(map(_needs_data, settings.names)):
        raise SparseGraphError(
            f"none of {', '.join(settings.measures)} looks at answers to data; add a measure that does, such as "
            "functional_activity, or leave the data set out"
        )
    if settings.scope != "graph" and (plans or settings.images is not None):
        raise SparseGraphError(
            f"null models and data sets are for the whole graph, not for scope {settings.scope!r}; choose one matrix "
            "by its name as the only one of layers instead"
        )


def _graphs(path: str | PathLike[str], settings: Settings) -> Iterator[Loaded]:
    layers: Sequence[str] | None = settings.layers or None
    if settings.scope == "block":
        yield from load_blocks(path, layers=layers, max_memory=settings.max_memory)
    else:
        yield load(path, layers=layers, max_memory=settings.max_memory)


def _shown(path: str | PathLike[str], settings: Settings, progress: Callable[[str], None]) -> Subject | None:
    """The net with the images that pass through it, for the measures that ask for its answers."""
    if settings.images is None:
        return None
    progress("passing the images through the net")
    return subject(path, settings.images)


def _in_words(shown: Subject) -> str:
    """What the answers of a net depend on: images, their normalisation, and what a neuron does with its sum."""
    assumed = ", assumed" if shown.assumed else ""
    return f"{shown.images.text}; {_ACTIVATIONS[shown.network.activation]} between the layers{assumed}"


_ACTIVATIONS = {"relu": "ReLU"}


def _followed(path: Path, settings: Settings, progress: Callable[[str], None]) -> Mapping[str, Result]:
    if settings.scope != "graph" or not is_run(path):
        return {}
    topology = open_run(path).topology
    results = {}
    for name in settings.trajectory_names:
        progress(f"{name} over {len(topology)} snapshots")
        known = known_options(TRAJECTORY_MEASURES[name], settings.options)
        results[name] = measure_trajectory(topology, name, seed=settings.seed, **known)
    return results


def _part(loaded: Loaded, settings: Settings, observed: Mapping[str, Any], progress: Callable[[str], None]) -> Part:
    graph = percolate(loaded.graph).graph if settings.percolated else loaded.graph
    block = loaded.graph.blocks[0].name if settings.scope == "block" else None
    options = {"readout": decide_readout(loaded.graph, settings.readout), **settings.options}
    results: dict[str, Result] = {}
    for name in _ordered(settings.names):
        progress(f"{name}{f' of {block}' if block else ''}")
        known = known_options(MEASURES[name], {**options, **observed})
        results[name] = measure(graph, name, seed=settings.seed, **known)
    of_links = {name: result for name, result in results.items() if name in settings.compared}
    significance = {
        plan.null: against_null(graph, of_links, plan, options=options, progress=_counting(plan, progress))
        for plan in settings.plans
    }
    return Part(block, outline(graph), results, significance)


def _counting(plan: Plan, progress: Callable[[str], None]) -> Callable[[int], None]:
    return lambda done: progress(f"null model {plan.null}: {done} of {plan.n_null} draws")


# The order in which people ask; measures of plug-ins follow by name.
READING_ORDER = (
    "sparsity",
    "activity",
    "degree",
    "powerlaw",
    "kshell",
    "credit_paths",
    "path_length",
    "small_world",
    "rich_club",
    "assortativity",
    "modularity",
    "structural_consistency",
    "hyperbolic",
    "navigability",
    "rank",
    "weights",
    "functional_activity",
    "input_map",
)


def _ordered(names: Iterable[str]) -> list[str]:
    place = {name: i for i, name in enumerate(READING_ORDER)}
    return sorted(dict.fromkeys(names), key=lambda name: (place.get(name, len(place)), name))
