"""Measures over the snapshots of training runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sparsegraph.arguments import kind_of, names_of, options_of, told, whole
from sparsegraph.errors import DataError, SparseGraphError
from sparsegraph.evolution.cache import Cache
from sparsegraph.evolution.cluster import measure_on_cluster
from sparsegraph.evolution.conventions import conventions_of
from sparsegraph.evolution.histories import HISTORY, histories, is_main
from sparsegraph.evolution.numbers import Number, main_numbers, main_numbers_over_time
from sparsegraph.evolution.plan import Target, entry_of, needs_every_update, opened, targets, thinned
from sparsegraph.evolution.settings import Fields, Settings, Snapshots
from sparsegraph.evolution.table import in_order, table
from sparsegraph.evolution.work import Measured, measure_all_of
from sparsegraph.io.runs.run import Run
from sparsegraph.measures.catalogue import check_options
from sparsegraph.measures.trajectory.catalogue import TrajectoryMeasure
from sparsegraph.user_cache import cache_folder

if TYPE_CHECKING:
    import pandas as pd

Place = str | PathLike[str]
Progress = Callable[[int, int], None]
"""Told how many numbers of snapshots and measures are there, of how many."""
Measuring = Callable[[Sequence[Target]], Iterator[list[Measured]]]


def follow(  # noqa: PLR0913 - the choices of an analysis, each with a name of its own
    runs: Run | Place | Iterable[Run | Place],
    measures: str | Sequence[str],
    *,
    snapshots: Snapshots = "auto",
    every: int = 1,
    fields: Fields = "main",
    seed: int = 0,
    percolated: bool = False,
    options: Mapping[str, Any] | None = None,
    n_jobs: int = 1,
    scheduler: str | None = None,
    cache: bool | Place = True,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Table of measures over the snapshots of one or several runs.

    Parameters
    ----------
    runs : path, Run, or several of them
        Folders as ``sparsegraph train`` or :func:`sparsegraph.record` wrote them.
    measures : str or sequence of str
        Names from the catalogue of measures or from that of measures of trajectories (such as ``kendall``), or
        ``history``: what the run noted at each epoch, as :func:`sparsegraph.histories` tells it.
    snapshots : {"auto", "topology", "weights"}
        ``topology``: the topology snapshots, which hold masks only and are by far the more frequent; numbers that
        depend on weights are undefined, and a measure of which nothing would be left is refused.  ``weights``: the
        snapshots with weights.  ``auto``: a measure that needs weights (rank, weights) is taken of the snapshots
        with weights, every other one of the topology snapshots where the run has any.
    every : int
        Only every N-th snapshot, from the first on, and the last.  What looks at single updates (turnover,
        link_survival, exploration, attachment) is measured on all of them, and the table holds every N-th.  The
        history has all its epochs.
    fields : {"main", "all"}
        The few numbers of each measure that people compare, or every single number, those of layers and blocks too.
        The table has the same form; lists, such as histograms, are in neither.
    seed : int
        Seed of the stochastic measures; the same for every snapshot.
    percolated : bool
        Whether the measures see the percolated graphs; by default the raw ones, as trajectory measures always do.
    options : mapping, optional
        Keywords of measures; each reaches every measure that knows it.  A readout policy ``auto`` is decided once for
        a run, on its first snapshot, so that the number does not jump when the readout loses its first link.
    n_jobs : int
        Processes on this machine.
    scheduler : str, optional
        Address of a Dask scheduler, such as "tcp://node:8786", whose workers measure instead of processes here.  They
        must have the same code and see the runs at the same paths; the cache stays here.
    cache : bool or path
        Whether numbers that were measured before are taken from the cache, and new ones kept there; or its folder.
    progress : callable, optional
        Called with how many numbers of snapshots and measures are there, and of how many.

    Returns
    -------
    pandas.DataFrame
        One row a number, in the order of runs, measures and snapshots.  Columns: ``run`` (its path), ``recipe``
        (profile or recipe and what was asked to differ from it, such as ``esml-set regrowth=gradient``, where the
        configuration tells them), ``seed`` (that of the training), ``update``, ``epoch``,
        ``step``, ``snapshot`` (its number), ``measure``, ``layer`` (layer or block; empty for the whole net),
        ``field`` (dotted path in the result), ``value`` (missing where undefined), ``undefined`` (then the reason)
        and ``conventions`` (raw or percolated mask, and what the measure knows of readout, seed and options).

    Raises
    ------
    TypeError
        If runs, measures, options or the cache are given as what they cannot be.
    SparseGraphError
        If a number is no whole number or too small, a run cannot be read, changes meanwhile or is named twice, a
        measure is unknown or of trajectories and percolated graphs are asked for, an option is none of any of them, or
        snapshots are asked for that a run or a measure does not have; if a process dies, or the cluster does not
        answer or lacks the code or the runs.  What was measured until then is cached.

    Notes
    -----
    Each snapshot is read once, whatever the number of measures.  A number is known by the content of the snapshot, the
    measure, its options, seed and the code of the package: a second table, of the same run or of a copy, costs only
    the heads and the checksums of the files, which are read whole for it, and a run that went on costs its new
    snapshots too.

    Examples
    --------
    >>> import sparsegraph as sg
    >>> table = follow("runs/cht", ["activity", "powerlaw"], every=10)  # doctest: +SKIP
    >>> table[table.field == "anp_rate"].plot("epoch", "value")  # doctest: +SKIP
    """
    settings = Settings(snapshots, every, fields, seed, percolated, options_of(options))
    names = tuple(dict.fromkeys(names_of(measures, "measures")))
    taken = [name for name in names if name != HISTORY]
    n_jobs, progress = whole("n_jobs", n_jobs, least=1, of="processes"), told(progress)
    _check(names, taken, settings)
    found = opened(runs)
    noted = _noted(found, fields) if HISTORY in names else None  # first: a damaged history is told before any work
    place = _cache(cache)
    wanted = [(run, target) for run in found for target in targets(run, taken, settings)]
    if scheduler is None:
        measuring: Measuring = partial(measure_all_of, settings=settings, cache=place, n_jobs=n_jobs)
    else:
        measuring = partial(measure_on_cluster, settings=settings, cache=place, address=scheduler)
    known = _measured([target for _, target in wanted], place, measuring, progress)
    measured = table(
        (run, target, conventions_of(target, settings), _chosen(target, known[target.key], settings))
        for run, target in wanted
    )
    return in_order([measured] if noted is None else [measured, noted], found, names)


def _noted(runs: Sequence[Run], fields: Fields) -> pd.DataFrame:
    """The histories of the runs; the main numbers are those of the whole net, without the seconds."""
    for run in runs:
        if not run.history:
            raise SparseGraphError(f"{run.path}: a run without a history; leave it out, or do not follow {HISTORY}")
    found = histories(runs)
    main = [fields == "all" or is_main(*place) for place in zip(found["layer"], found["field"], strict=True)]
    return found[main]


def _check(names: Sequence[str], taken: Sequence[str], settings: Settings) -> None:
    if not names:
        raise DataError("no measure to follow; name at least one")
    entries = [entry_of(name) for name in taken]
    raw = [entry.name for entry in entries if isinstance(entry, TrajectoryMeasure)]
    if settings.percolated and raw:
        raise DataError(f"{raw[0]} follows the raw masks, not percolated graphs; follow it without percolation")
    check_options(settings.options, entries)


def _cache(cache: bool | Place) -> Cache | None:  # noqa: FBT001 - as follow takes it
    if cache is False:
        return None
    if not isinstance(cache, bool | str | PathLike):
        raise TypeError(f"cache is True, False or the path of a folder, not {kind_of(cache)}")
    return Cache.at(cache_folder("numbers") if isinstance(cache, bool) else Path(fspath(cache)))


def _measured(
    wanted: Sequence[Target], cache: Cache | None, measuring: Measuring, progress: Progress
) -> dict[str, tuple[Number, ...]]:
    """Numbers by key: from the cache, and the others measured; equal snapshots are measured once."""
    known: dict[str, tuple[Number, ...]] = {}
    waiting: dict[str, Target] = {}
    for target in wanted:
        cached = cache.get(target.key) if cache is not None and target.key not in known else None
        if cached is not None:
            known[target.key] = cached
        elif target.key not in known:
            waiting.setdefault(target.key, target)
    total = len(known) + len(waiting)
    progress(len(known), total)
    for measured in measuring(list(waiting.values())):
        known.update((target.key, numbers) for target, numbers in measured)
        progress(len(known), total)
    return known


def _chosen(target: Target, numbers: Sequence[Number], settings: Settings) -> Sequence[Number]:
    entry = entry_of(target.measure)
    if needs_every_update(entry):
        shown = set(thinned([head.number for head in target.heads], settings.every))
        numbers = [one for one in numbers if one.snapshot in shown]
    if settings.fields == "all":
        return numbers
    if isinstance(entry, TrajectoryMeasure):
        # each once: a part that is undefined stands for all that several patterns look for in it
        return list(dict.fromkeys(main_numbers_over_time(numbers, entry.main)))
    return main_numbers(numbers, entry.main)
