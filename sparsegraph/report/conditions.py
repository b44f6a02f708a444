"""Conditions on a report's numbers, such as ``activity.anp_rate<0.5``, for checks in continuous integration."""

from __future__ import annotations

import dataclasses
import operator
import re
import types
import typing
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.plan import entry_of
from sparsegraph.near_names import near_names
from sparsegraph.result import Undefined

_FORM = re.compile(r"^\s*([A-Za-z_]\w*(?:\.[^\s<>=!]+)+)\s*(<=|>=|==|!=|<|>)\s*(.*\S)\s*$")
_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Condition:
    """A comparison of one number (or word) of the results with a constant.

    Parameters
    ----------
    path : tuple of str
        Measure, then fields; an entry of a list is named by its layer, its block or its index.
    comparison : str
        One of ``< <= > >= == !=``.
    value : int, float, bool or str
    """

    path: tuple[str, ...]
    comparison: str
    value: int | float | bool | str

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}{self.comparison}{self.value}"

    def check(self, measures: Collection[str]) -> None:
        """Refuse, before anything is measured, what the results of these measures cannot hold.

        Raises
        ------
        SparseGraphError
            If the measure is not among them, or its result has no such field.
        """
        measure, *fields = self.path
        if measure not in measures:
            raise SparseGraphError(f"{self}: {measure} is not among the measures chosen; {_hint(measure, measures)}")
        found = typing.get_type_hints(entry_of(measure).function).get("return")
        if missing := _missing(found, fields):
            raise SparseGraphError(f"{self}: {missing}")

    def holds(self, results: dict[str, Any]) -> list[str]:
        """Where the condition holds, in words; empty if it does not.

        Raises
        ------
        SparseGraphError
            If the path names nothing, or something undefined or of another type.
        """
        measure, *fields = self.path
        if measure not in results:
            raise SparseGraphError(f"{self}: the results hold no {measure!r}, only {', '.join(sorted(results))}")
        entries = results[measure] if isinstance(results[measure], list) else [results[measure]]
        found = [(entry.get("block"), self._number(entry, fields)) for entry in entries]
        compare = _COMPARE[self.comparison]
        return [
            f"{'.'.join(self.path)} is {number}{f' in {block}' if block else ''}"
            for block, number in found
            if compare(number, self.value)
        ]

    def _number(self, results: Any, fields: list[str]) -> int | float | bool | str:
        value = _follow(results, fields)
        if value is None:
            raise SparseGraphError(f"{self}: there is no {'.'.join(self.path)} in the results")
        if isinstance(value, dict) and "undefined" in value:
            raise SparseGraphError(f"{self}: {'.'.join(self.path)} is undefined ({value['undefined']})")
        if isinstance(value, str) and not isinstance(self.value, str) and value.lstrip("-").isdigit():
            value = int(value)  # integers beyond 2^53 are strings in the document
        if not isinstance(value, int | float | str):
            raise SparseGraphError(f"{self}: {'.'.join(self.path)} is no single number")
        kinds = _kind(value), _kind(self.value)
        if kinds[0] != kinds[1] or (kinds[0] != "number" and self.comparison not in ("==", "!=")):
            raise SparseGraphError(f"{self}: {value!r} and {self.value!r} cannot be compared by {self.comparison}")
        return value


def _missing(kind: Any, fields: list[str]) -> str:
    """What a value of this type lacks of the fields, in words; empty if nothing, or if only the value can tell."""
    origin = typing.get_origin(kind)
    if not fields or kind is Any or origin not in (None, typing.Union, types.UnionType):
        return ""  # names of layers, and keys of mappings, are known with the net only
    if origin is not None:
        variants = [_missing(one, fields) for one in typing.get_args(kind) if one not in (Undefined, type(None))]
        return "" if "" in variants else variants[0]
    if not dataclasses.is_dataclass(kind):
        return f"{fields[0]} is no field of a single {_WORDS[kind]}" if kind in _WORDS else ""
    known = [field.name for field in dataclasses.fields(kind) if not field.metadata.get("left_out")]
    if fields[0] not in known:
        return f"there is no {fields[0]}; {_hint(fields[0], known)}"
    return _missing(typing.get_type_hints(kind)[fields[0]], fields[1:])


_WORDS = {int: "number", float: "number", bool: "truth value", str: "word"}


def _hint(name: str, known: Collection[str]) -> str:
    return near_names(name, known, otherwise=f"there are: {', '.join(known)}")


def parse_condition(text: str) -> Condition:
    """Condition from its text.

    Examples
    --------
    >>> parse_condition("activity.anp_rate < 0.5")
    Condition(path=('activity', 'anp_rate'), comparison='<', value=0.5)
    """
    match = _FORM.match(text)
    if match is None:
        raise SparseGraphError(
            f"{text!r} is no condition; write MEASURE.FIELD, one of < <= > >= == != and a number or a word, "
            "such as activity.anp_rate<0.5"
        )
    path, comparison, constant = match.groups()
    return Condition(tuple(path.split(".")), comparison, _constant(constant))


def _constant(text: str) -> int | float | bool | str:
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            value = read(text)
        except ValueError:
            continue
        if value != value:
            raise SparseGraphError("a condition with nan never holds; compare with a number")
        return value
    return text.strip("'\"")


def _kind(value: bool | float | str) -> str:  # noqa: FBT001 - any constant of a condition
    return "truth" if isinstance(value, bool) else "word" if isinstance(value, str) else "number"


def _follow(value: Any, fields: list[str]) -> Any:
    """What the fields lead to, or None; names of layers and blocks may themselves hold dots."""
    if not fields or value is None:
        return value
    if isinstance(value, dict):
        return _follow(value.get(fields[0]), fields[1:])
    if not isinstance(value, list):
        return None
    for end in range(len(fields), 0, -1):
        name = ".".join(fields[:end])
        for item in value:
            if isinstance(item, dict) and name in (item.get("layer"), item.get("block")):
                return _follow(item, fields[end:])
    index = int(fields[0]) if fields[0].isdigit() else len(value)
    return _follow(value[index], fields[1:]) if index < len(value) else None
