"""Significance: the main numbers of measures against their values in draws of a null model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sparsegraph.arguments import kind_of, options_of, seed_of, told, whole
from sparsegraph.errors import ProcessDiedError, SparseGraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.catalogue import MEASURES, Measure, known_options, measure_all
from sparsegraph.orphans import in_processes
from sparsegraph.result import Result, Undefined, frame_of
from sparsegraph.rng import rng_for
from sparsegraph.significance.ensembles import NULL_MODELS, NullModel, is_fixed
from sparsegraph.significance.statistics import LEVEL, Comparison, compare, draws_needed, holm

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Row(Comparison):
    """One main number of one measure against the draws.

    Parameters
    ----------
    measure, number : str
        Name of the measure, and path to the number in its result.
    p_holm : float
        p corrected for all tests of the table; undefined where p is.
    """

    measure: str
    number: str
    p_holm: float | Undefined


_COLUMNS = {
    **dict.fromkeys(("null", "measure", "number"), "object"),
    **dict.fromkeys(("observed", "null_mean", "null_std", "z", "p"), "float64"),
    "n_defined": "int64",
    "p_holm": "float64",
    "undefined": "string",
}
"""Columns of the table and their types in pandas."""


@dataclass(frozen=True)
class Significance(Result):
    """A table of numbers against one null model.

    Parameters
    ----------
    null : str
        Name of the null model.
    n_null, seed : int
        Draws, and the seed of all of them.
    n_tests : int
        Rows with a p; Holm's correction is for so many.  Numbers that the null model fixes by what it keeps are none.
    n_null_needed : int
        Fewest draws, in which a number is defined, with which its corrected p can reach 0.05: 40 ``n_tests`` - 1.
    rows : tuple of Row
    p, correction : str
        Conventions.
    """

    null: str
    n_null: int
    seed: int
    n_tests: int
    n_null_needed: int
    rows: tuple[Row, ...]
    p: str = "two-sided, empirical, the network counted as one more draw"
    correction: str = "Holm, over the numbers of this null model"

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from sparsegraph.notebook.shown import of_significance

        return of_significance(self)

    def to_frame(self) -> pd.DataFrame:
        """Table with one row a number; what is undefined is missing in it; ``undefined`` has the first reason."""
        records = []
        for row in self.rows:
            reasons = [value.reason for value in vars(row).values() if isinstance(value, Undefined)]
            numbers = {name: None if isinstance(value, Undefined) else value for name, value in vars(row).items()}
            records.append({"null": self.null, **numbers, "undefined": reasons[0] if reasons else None})
        return frame_of(records, _COLUMNS)


@dataclass(frozen=True)
class Plan:
    """What is drawn, how often and from which seed, and in how many processes.

    Raises
    ------
    TypeError
        If it is not the name of one null model.
    UnknownNameError
        If there is no null model of that name.
    DataError
        If the draws are no whole number from 2, the processes none from 1, or the seed none from 0.
    """

    null: str
    n_null: int = 100
    seed: int = 0
    n_jobs: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.null, str):
            raise TypeError(
                f"null is {kind_of(self.null)}; the name of one null model is expected: call once for each, or take "
                "analyze(..., nulls=[...])"
            )
        NULL_MODELS[self.null]
        object.__setattr__(self, "n_null", whole("n_null", self.n_null, least=2, of="draws"))
        object.__setattr__(self, "seed", seed_of(self.seed))
        object.__setattr__(self, "n_jobs", whole("n_jobs", self.n_jobs, least=1, of="processes"))


DRAWS, MOST_DRAWS = 100, 399
"""Draws unless told otherwise: 100, or what more tests than two need, as long as ten are enough for it."""


def n_tests_at_most(names: Iterable[str], null: str) -> int:
    """Tests of these measures against a null model, known before any number is: fewer where some are undefined.

    Examples
    --------
    >>> n_tests_at_most(["modularity"], "degree"), n_tests_at_most(["degree"], "degree")
    (3, 0)
    >>> n_tests_at_most(["modularity", "modularity"], "degree")  # a measure counts once
    3
    """
    entries = [MEASURES[name] for name in dict.fromkeys(names)]
    return sum(not is_fixed(null, entry, path) for entry in entries for path in entry.main)


def draws_by_default(names: Iterable[str], null: str) -> int:
    """Draws with which these measures can stand out after Holm's correction if they are few, else ``DRAWS``.

    Examples
    --------
    >>> [draws_by_default(names, "degree") for names in (["kshell"], ["modularity"])]
    [100, 119]
    """
    needed = draws_needed(n_tests_at_most(names, null))
    return max(DRAWS, needed) if needed <= MOST_DRAWS else DRAWS


def significance_of(  # noqa: PLR0913 - the choices of a Plan, flat for the caller
    graph: LayeredGraph,
    names: str | Iterable[str],
    *,
    null: str,
    n_null: int = 100,
    seed: int = 0,
    options: Mapping[str, Any] | None = None,
    n_jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Significance:
    """Main numbers of measures in a network against draws of a null model: mean, deviation, z and corrected p.

    Parameters
    ----------
    graph : LayeredGraph
        Drawn from and measured as it is: percolate it before, or don't.
    names : str or iterable of str
        Measures; their ``main`` numbers become the rows.
    null : str
        A name of ``NULL_MODELS``: ``er``, ``degree``, ``bsw``, ``bsf`` or ``weights``.
    n_null : int
        Draws, at least 2.  The smallest p is 2 / (n_null + 1), and Holm's correction multiplies it.
    seed : int
        Of the measures on the network, and of the draws: draw i has a stream of its own.
    options : mapping, optional
        Passed to every measure that knows them.
    n_jobs : int
        Processes; the result does not depend on their number.
    progress : callable, optional
        Told the number of draws done.

    Returns
    -------
    Significance

    Raises
    ------
    UnknownNameError
        If a measure or the null model is unknown.
    DataError
        If ``n_null``, ``n_jobs`` or the seed is no whole number, ``n_null`` is below 2, ``n_jobs`` below 1, an option
        is none of any of the measures, or one that is registered with a main number does not give it.

    Notes
    -----
    The draws cost n_null times the measures, divided by the processes.  Options that only cost time on a draw are set
    to their cheapest (``Measure.lighter``); no main number depends on them.

    References
    ----------
    A. Fornito, A. Zalesky, E. T. Bullmore, Fundamentals of Brain Network Analysis (2016), chapter 10 (null models).

    Examples
    --------
    >>> import numpy as np
    >>> communities = LayeredGraph.from_matrices([np.kron(np.eye(3), np.ones((4, 4)))])
    >>> found = significance_of(communities, ["modularity"], null="degree", n_null=20)
    >>> row = found.rows[0]
    >>> row.number, round(row.observed, 3), row.z > 5, round(row.p, 3)
    ('modularity', 0.667, True, 0.095)
    """
    plan, progress = Plan(null, n_null, seed, n_jobs), told(progress)
    results = measure_all(graph, names, seed=seed, options=options)
    return against_null(graph, results, plan, options=options, progress=progress)


def against_null(
    graph: LayeredGraph,
    results: Mapping[str, Result],
    plan: Plan,
    *,
    options: Mapping[str, Any] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Significance:
    """Results that are there already, by measure, against draws of a null model; as :func:`significance_of`."""
    given, progress = options_of(options), told(progress)
    asked = tuple(_asked(name, given) for name in results)
    task = _Task(graph, NULL_MODELS[plan.null], plan.null, plan.seed, asked)
    where = [(one.entry, path) for one in asked for path in one.entry.main]
    values = np.empty((plan.n_null, len(where)))
    for done, (index, numbers) in enumerate(_draws(task, plan), start=1):
        values[index] = numbers
        progress(done)
    compared = [
        compare(
            entry.main_number(results[entry.name], path),
            column[~np.isnan(column)],
            fixed=is_fixed(plan.null, entry, path),
        )
        for (entry, path), column in zip(where, values.T, strict=True)
    ]
    rows = _rows(where, compared)
    n_tests = sum(not isinstance(row.p, Undefined) for row in rows)
    return Significance(plan.null, plan.n_null, plan.seed, n_tests, draws_needed(n_tests, LEVEL), rows)


def _rows(where: list[tuple[Measure, str]], compared: list[Comparison]) -> tuple[Row, ...]:
    """Measure, number and corrected p added to each comparison."""
    corrected = iter(holm([one.p for one in compared if not isinstance(one.p, Undefined)]))
    return tuple(
        Row(
            **vars(one),
            measure=entry.name,
            number=path,
            p_holm=one.p if isinstance(one.p, Undefined) else next(corrected),
        )
        for (entry, path), one in zip(where, compared, strict=True)
    )


class _Asked(NamedTuple):
    """A measure and its options on the draws."""

    entry: Measure
    options: dict[str, Any]


class _Task(NamedTuple):
    """All that a process needs; functions and not their names, so that those registered by a script arrive too."""

    graph: LayeredGraph
    model: NullModel
    null: str
    seed: int
    asked: tuple[_Asked, ...]


def _asked(name: str, options: Mapping[str, Any]) -> _Asked:
    entry = MEASURES[name]
    return _Asked(entry, {**known_options(entry, options), **entry.lighter})


def _draw(task: _Task, index: int) -> tuple[int, list[float]]:
    """The main numbers of one draw, NaN where they are undefined."""
    purpose = ("null", task.null, str(index))
    twin = task.model(task.graph, rng=rng_for(task.seed, *purpose))
    numbers = []
    for entry, options in task.asked:
        streams = {"rng": rng_for(task.seed, *purpose, entry.name)} if entry.stochastic else {}
        result = entry.taken(twin, **options, **streams)
        numbers += [entry.main_number(result, path) for path in entry.main]
    return index, [float("nan") if isinstance(value, Undefined) else value for value in numbers]


def _draws(task: _Task, plan: Plan) -> Iterator[tuple[int, list[float]]]:
    """Each draw's index and numbers, as they come."""
    try:
        yield from in_processes(partial(_draw, task), range(plan.n_null), n_jobs=plan.n_jobs, threads=1)
    except ProcessDiedError:
        raise SparseGraphError(
            f"a process that draws from the null model {plan.null!r} died, likely for want of memory; try fewer "
            f"processes than {plan.n_jobs}"
        ) from None
