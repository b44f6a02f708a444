"""The history of runs, epoch by epoch, as the same kind of tidy table that measures make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sparsegraph.evolution.conventions import NOTED
from sparsegraph.evolution.method import method_of
from sparsegraph.evolution.plan import opened
from sparsegraph.evolution.table import COLUMNS
from sparsegraph.io.runs.run import Run
from sparsegraph.result import leaves

if TYPE_CHECKING:
    import pandas as pd

HISTORY = "history"
"""What stands in the column ``measure``."""

NO_NUMBER = "not a number in the history: NaN, infinite, or not there yet"

_MOMENT = ("epoch", "step", "update", "snapshot")
_OF_BLOCKS = ("links", "explored", "stopped", "exponents", "removed", "percolated", "regrown", "overlap", "jaccard")
"""Fields of the trainer whose lists have an entry for each block, or for each sparse one."""


_Otherwise = TypeVar("_Otherwise", int, None, int | None)


class _Entry(NamedTuple):
    """A value of a record, not yet known to be a number."""

    update: int | None
    epoch: int
    step: int | None
    layer: str
    field: str
    value: Any


def histories(runs: Run | str | PathLike[str] | Iterable[Run | str | PathLike[str]]) -> pd.DataFrame:
    """Table of all numbers that runs noted at their epochs: accuracies, losses, active neurons, seconds ...

    Parameters
    ----------
    runs : path, Run, or several of them
        Folders as ``sparsegraph train`` or :func:`sparsegraph.record` wrote them.

    Returns
    -------
    pandas.DataFrame
        One row a number, with the columns of :func:`sparsegraph.follow`; ``measure`` is "history" and ``snapshot``
        missing, since a record belongs to an epoch.  ``field`` is the dotted path in the record, such as
        "test.accuracy", "anp.whole" or "seconds.train"; ``layer`` the block or layer that an entry of a list belongs
        to ("links", "explored", "overlap", "anp.layers").  What the last update of an epoch did ("zeta", "overlap",
        "removed" ...) stands beside the rest; an epoch without an update has no such rows.  Shares lie in [0, 1],
        truth values are 0 and 1, words are left out.

    Raises
    ------
    SparseGraphError
        If a run cannot be opened, its history is damaged, or it is named twice.

    Notes
    -----
    ``update`` counts the topology updates done by the end of the epoch.  The trainer judges a net at the end of an
    epoch before an update that falls there: accuracy and ANP are those of the net that was trained.

    A record that has no epoch, as a loop of one's own may leave it, is counted from 1.  A null is undefined where the
    field is a number in any other record, and left out else.

    Examples
    --------
    >>> table = histories("runs/cht")  # doctest: +SKIP
    >>> table[table.field == "test.accuracy"].plot("epoch", "value")  # doctest: +SKIP
    """
    import pandas as pd

    found = [(run, list(_entries(run))) for run in opened(runs)]
    numbers = {(entry.layer, entry.field) for _, entries in found for entry in entries if _is_number(entry.value)}
    records = []
    for run, entries in found:
        method = method_of(run.config)
        begin = (str(run.path), method.called, method.seed)
        for update, epoch, step, layer, field, value in entries:
            if (layer, field) in numbers:
                told = (float(value), None) if _is_number(value) else (None, NO_NUMBER)
                records.append((*begin, update, epoch, step, None, HISTORY, layer, field, *told, NOTED))
    return pd.DataFrame(records, columns=list(COLUMNS)).astype(COLUMNS)


def is_main(layer: str, field: str) -> bool:
    """Whether people compare a number of a history: those of the whole net, without the seconds."""
    return not layer and not field.startswith("seconds.")


def _is_number(value: Any) -> bool:
    """Whether a plain value is a number that a float can hold."""
    return isinstance(value, int | float) and (isinstance(value, bool) or math.isfinite(_as_float(value)))


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _entries(run: Run) -> Iterator[_Entry]:
    """All that the records of a run hold, but for words."""
    names = _Names.of(run.config)
    update: int | None = None
    for place, record in enumerate(run.history, 1):
        told = {name: value for name, value in record.items() if name not in _MOMENT}
        update = _whole(record.get("update"), update)
        if isinstance(updates := told.pop("updates", None), list):
            last = updates[-1] if updates and isinstance(updates[-1], Mapping) else {}
            update = _whole(last.get("update"), 0 if update is None else update)
            told |= {name: value for name, value in last.items() if name not in _MOMENT}
        epoch, step = _whole(record.get("epoch"), place), _whole(record.get("step"), None)
        for layer, field, leaf in leaves(told):
            for name, path, value in names.spread(layer, field, leaf):
                if not isinstance(value, str):
                    yield _Entry(update, epoch, step, name, path, value)


def _whole(value: Any, otherwise: _Otherwise) -> int | _Otherwise:
    return value if type(value) is int else otherwise


class _Names(NamedTuple):
    """Names of the blocks of a run, of those that are sparse, and of the layers that these join."""

    blocks: Sequence[str]
    sparse: Sequence[str]
    layers: Sequence[str]

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> _Names:
        """As the trainer wrote them into the configuration; of another run there are none."""
        match config.get("blocks"):
            case [{"name": str(), "shape": [int(), int()], "links": int()}, *_] as blocks:
                sparse = [i for i, block in enumerate(blocks) if block["links"] < math.prod(block["shape"])]
                return cls(
                    [str(block["name"]) for block in blocks],
                    [str(blocks[i]["name"]) for i in sparse],
                    _layers(sparse, len(blocks)),
                )
        return cls((), (), ())

    def spread(self, layer: str, field: str, leaf: Any) -> Iterator[tuple[str, str, Any]]:
        """The entries of a list by the names that they belong to, else by their places; links by block."""
        last = field.rpartition(".")[2]
        if field.startswith("links."):  # of a loop of one's own: by name
            yield field.removeprefix("links."), "links", leaf
        elif not isinstance(leaf, list):
            yield layer, field, leaf
        elif names := self._fitting(field, last, len(leaf)):
            yield from ((name, field, value) for name, value in zip(names, leaf, strict=True))
        else:
            yield from ((layer, f"{field}.{index}", value) for index, value in enumerate(leaf))

    def _fitting(self, field: str, last: str, length: int) -> Sequence[str]:
        candidates = (self.layers,) if field == "anp.layers" else (self.blocks, self.sparse)
        wanted = field == "anp.layers" or last in _OF_BLOCKS
        return next((names for names in candidates if wanted and len(names) == length), ())


def _layers(sparse: Sequence[int], n_blocks: int) -> list[str]:
    """Layers that these blocks join, chain after chain, named as those of the graph."""
    ends: list[int] = []
    for before, index in zip((None, *sparse), sparse, strict=False):
        ends += [index + 1] if before == index - 1 else [index, index + 1]
    return ["input" if end == 0 else "output" if end == n_blocks else f"hidden{end}" for end in ends]
