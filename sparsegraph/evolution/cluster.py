"""The measuring on a Dask cluster: the same parts as here, by workers that see the same folders."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sparsegraph.cluster import Outcome, on_cluster
from sparsegraph.errors import LoadError, SparseGraphError
from sparsegraph.evolution.cache import Cache
from sparsegraph.evolution.identity import code_behind
from sparsegraph.evolution.plan import Target, entry_of
from sparsegraph.evolution.settings import Settings
from sparsegraph.evolution.work import Measured, Part, measure_part, parts_of

PARTS = 64
"""Least number of parts where there are as many snapshots: how many workers there are may change meanwhile."""

_ALONE = threading.Lock()
"""A worker of several threads measures one part at a time: igraph's random numbers are those of the whole process."""


@dataclass(frozen=True)
class _Order:
    """A part, and the code by which its numbers are known: that of each measure."""

    part: Part
    codes: Mapping[str, str]


def measure_on_cluster(
    waiting: Sequence[Target], settings: Settings, cache: Cache | None, address: str
) -> Iterator[list[Measured]]:
    """Numbers of every target, part by part as they come; each is cached here as soon as it is there.

    Raises
    ------
    SparseGraphError
        If nothing answers at the address, workers have other code or do not see a run, or a part ends worker after
        worker.
    """
    length = len({(target.run, target.kind, target.heads[0].number) for target in waiting}) // PARTS
    for order, outcome in on_cluster(address, measure_order, _orders(waiting, settings, length)):
        measured = _measured(order.part, outcome)
        if cache is not None:
            for target, numbers in measured:
                cache.put(target.key, numbers)
        yield measured


def _orders(waiting: Sequence[Target], settings: Settings, length: int) -> Iterator[_Order]:
    for targets in parts_of(waiting, length):
        codes = {target.measure: code_behind(entry_of(target.measure)) for target in targets}
        yield _Order(Part(tuple(targets), settings, None), codes)


def measure_order(order: _Order) -> list[Measured]:
    """What a worker does.

    Raises
    ------
    SparseGraphError
        If its code is another one: the numbers would be kept under the name of this one.
    """
    for measure, code in order.codes.items():
        if code_behind(entry_of(measure)) != code:
            raise SparseGraphError(
                f"a worker has other code for {measure}; install the same versions of sparsegraph, numpy, scipy, numba "
                "and igraph there, and start it again"
            )
    with _ALONE:
        return measure_part(order.part)


def _measured(part: Part, outcome: Outcome[list[Measured]]) -> list[Measured]:
    try:
        return outcome.result()
    except LoadError as error:
        raise SparseGraphError(f"{error} (so says a worker: it must see the runs at the same paths)") from None
    except SparseGraphError:
        raise
    except Exception as error:  # whatever Dask tells of a worker that dies again and again, or lacks the package
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        raise SparseGraphError(
            f"{part.targets[0].run}: no worker could measure it ({what}); follow again: it goes on where it was"
        ) from None
