"""What a measure gives back: frozen, serialisable, and honest about what is undefined."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sparsegraph.arguments import kind_of

if TYPE_CHECKING:
    import pandas as pd

LARGEST_EXACT_INTEGER = 2**53
"""Integers beyond this lose digits in JSON readers that use doubles; they are written as decimal strings."""


@dataclass(frozen=True)
class Undefined:
    """A value that does not exist for this graph, with the reason.

    Examples
    --------
    >>> Undefined("no links").reason
    'no links'
    """

    reason: str

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"undefined ({self.reason})"

    def _repr_html_(self) -> str:
        """The reason, for notebooks."""
        from sparsegraph.notebook.shown import of_undefined

        return of_undefined(self)


def finite(value: float, reason: str = "beyond the largest float") -> float | Undefined:
    """The value as a plain number, or :class:`Undefined` with the reason if it is infinite or NaN."""
    number = float(value)
    return number if math.isfinite(number) else Undefined(reason)


def per_neuron() -> Any:
    """Dataclass field for an array with one value per neuron: kept in Python, left out of JSON and of tables."""
    return dataclasses.field(repr=False, compare=False, metadata={"per_neuron": True, "left_out": True})


def left_out() -> Any:
    """Dataclass field for an array of another shape: kept in Python, left out of JSON and of tables."""
    return dataclasses.field(repr=False, compare=False, metadata={"left_out": True})


@dataclass(frozen=True)
class Result:
    """Base of every result: a frozen dataclass that can show itself as a dictionary or as a table.

    Fields may hold numbers, strings, booleans, None, :class:`Undefined`, arrays, mappings, tuples and further results.

    Notes
    -----
    ``repr`` is one short line: single values as they are, further results by the names of their classes, what is long
    by its number of entries.  :meth:`to_dict` and :meth:`to_frame` have everything.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "__repr__" not in vars(cls):
            cls.__repr__ = cls.__repr__  # type: ignore[method-assign] # its own, or dataclass would write one in full

    def __repr__(self) -> str:
        fields = [field.name for field in dataclasses.fields(self) if field.repr]
        return f"{type(self).__name__}({', '.join(f'{name}={_short(getattr(self, name))}' for name in fields)})"

    def _repr_html_(self) -> str:
        """Table for notebooks."""
        from sparsegraph.notebook.shown import of_fields

        return of_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionary, ready for JSON.

        Arrays become lists, integers beyond 2^53 decimal strings and :class:`Undefined` ``{"undefined": reason}``.
        Arrays with one value per neuron, and others as large, are left out.

        Raises
        ------
        ValueError
            If a number is NaN or infinite: a measure must answer :class:`Undefined` instead.
        """
        return {
            field.name: _plain(getattr(self, field.name), field.name)
            for field in dataclasses.fields(self)
            if not field.metadata.get("left_out")
        }

    def to_frame(self) -> pd.DataFrame:
        """Tidy table, one row per number: ``part`` (layer, block or empty), ``field``, ``value`` and ``undefined``.

        ``value`` is missing where it is undefined, and ``undefined``, then the reason, anywhere else.
        """
        import pandas as pd

        frame = pd.DataFrame(list(_rows(self.to_dict(), "", "")), columns=["part", "field", "value", "undefined"])
        return frame.astype({"undefined": "string"})


_MOST_ENTRIES = 4
_MOST_LETTERS = 40


def _short(value: Any) -> str:
    """A value in a word or few."""
    match value:
        case Result():
            return f"{type(value).__name__}(...)"
        case str() if len(value) > _MOST_LETTERS:
            return f"{value[:_MOST_LETTERS]!r}..."
        case np.ndarray():
            return f"<array {' x '.join(map(str, value.shape))}>"
        case Mapping():
            return f"<{len(value)} entries>"
        case tuple() | list() if len(value) > _MOST_ENTRIES or not all(map(_is_single, value)):
            kinds = {type(item).__name__ for item in value if isinstance(item, Result)}
            return f"<{len(value)} {kinds.pop() if len(kinds) == 1 else 'entries'}>"
    return repr(value)


def _is_single(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int | float | np.generic)


def frame_of(records: Iterable[Mapping[str, Any]], types: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A table with one row a record; what a record lacks is missing in its row.

    ``types`` are the columns and their types in pandas; without them those are what the records hold.
    """
    import pandas as pd

    frame = pd.DataFrame([dict(record) for record in records], columns=None if types is None else list(types))
    return frame if types is None else frame.astype(dict(types))


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= LARGEST_EXACT_INTEGER else str(value)
        case float():
            if not np.isfinite(value):
                raise ValueError(f"{where} is {value}; a measure must answer Undefined with a reason instead")
            return value
        case Undefined(reason):
            return {"undefined": reason}
        case Result():
            return value.to_dict()
        case Mapping():
            return {str(key): _plain(item, f"{where}.{key}") for key, item in value.items()}
        case tuple() | list():
            return [_plain(item, where) for item in value]
    raise TypeError(f"{where} holds {kind_of(value)}, which JSON cannot")


def leaves(value: Any, part: str = "", field: str = "") -> Iterator[tuple[str, str, Any]]:
    """Layer or block, dotted path and value of all that a plain form holds.

    A list of parts is one after the other; any other list is one value, and so is what is undefined.

    Examples
    --------
    >>> list(leaves({"n": 3, "per_layer": [{"layer": "input", "share": 0.5}], "counts": [1, 2]}))
    [('', 'n', 3), ('input', 'per_layer.share', 0.5), ('', 'counts', [1, 2])]
    """
    match value:
        case {"undefined": _}:
            yield part, field, value
        case dict():
            part = str(value.get("layer", value.get("block", part)))
            for key, item in value.items():
                if key not in ("layer", "block"):
                    yield from leaves(item, part, f"{field}.{key}".lstrip("."))
        case [dict(), *_] if all(isinstance(item, dict) and "undefined" not in item for item in value):
            for item in value:
                yield from leaves(item, part, field)
        case _:
            yield part, field, value


def _rows(value: Any, part: str, field: str) -> Iterator[tuple[str, str, Any, str | None]]:
    """The leaves, the entries of lists one by one; each as a value, or as the reason why there is none."""
    for where, path, leaf in leaves(value, part, field):
        if isinstance(leaf, list):
            for index, item in enumerate(leaf):
                yield from _rows(item, where, f"{path}.{index}")
        elif isinstance(leaf, dict):
            yield where, path, None, leaf["undefined"]
        else:
            yield where, path, leaf, None
