"""The numbers of a result as rows: what a table over time holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from sparsegraph.result import Result, leaves


class Number(NamedTuple):
    """One number of a result.

    Parameters
    ----------
    layer : str
        The layer or block that it belongs to; empty for the whole network.
    field : str
        Dotted path in the result.
    value : float or None
        None where it is undefined.
    undefined : str or None
        The reason, where it is undefined.
    snapshot : int or None
        Of a measure of a trajectory: the number of the snapshot that it belongs to, the last one if it belongs to all.
    """

    layer: str
    field: str
    value: float | None
    undefined: str | None = None
    snapshot: int | None = None


def numbers_of(result: Result) -> tuple[Number, ...]:
    """Every single number of a result, truth values as 0 and 1; words and lists of numbers are left out.

    Examples
    --------
    >>> from sparsegraph.graph.layered import LayeredGraph
    >>> from sparsegraph.measures.sparsity import sparsity
    >>> numbers_of(sparsity(LayeredGraph.from_matrices([[[1.0, 0.0]]])))[2]
    Number(layer='', field='density', value=0.5, undefined=None, snapshot=None)
    """
    found = (_number(*leaf) for leaf in leaves(result.to_dict()))
    return tuple(number for number in found if number is not None)


def numbers_over_time(result: Result, over_time: Sequence[str], followed: Sequence[int]) -> tuple[Number, ...]:
    """The numbers of a result on a whole trajectory, each with its snapshot.

    Fields that match ``over_time`` are series over the snapshots of the result's ``at``; an entry for each step from
    one to the next belongs to the later one.  All other numbers belong to the last of the snapshots ``followed``.
    """
    told = result.to_dict()
    at = told.pop("at")["numbers"] if "at" in told else list(followed)
    found: list[Number | None] = []
    for layer, field, leaf in leaves(told):
        if isinstance(leaf, list) and any(fnmatchcase(field, pattern) for pattern in over_time):
            ends = at[-len(leaf) :] if leaf else []
            found += (_number(layer, field, entry, number) for number, entry in zip(ends, leaf, strict=True))
        else:
            found.append(_number(layer, field, leaf, followed[-1]))
    return tuple(number for number in found if number is not None)


def without_weights(numbers: Iterable[Number], weighted: Sequence[str], why: str) -> tuple[Number, ...]:
    """The numbers of a graph whose links have no weights: fields that match a pattern are undefined."""
    return tuple(
        Number(one.layer, one.field, None, why) if any(fnmatchcase(one.field, p) for p in weighted) else one
        for one in numbers
    )


def main_numbers(numbers: Sequence[Number], main: Sequence[str]) -> tuple[Number, ...]:
    """The numbers at these paths, in their order; where a part of the way is undefined, so is the number."""
    found = {one.field: one for one in numbers}
    return tuple(_at(found, path) for path in main)


def main_numbers_over_time(numbers: Sequence[Number], main: Sequence[str]) -> tuple[Number, ...]:
    """The numbers whose fields match these patterns, in the order of the patterns; of a part that is undefined, it."""
    return tuple(
        one
        for pattern in main
        for one in numbers
        if fnmatchcase(one.field, pattern) or (one.undefined is not None and _lies_above(one.field, pattern))
    )


def _lies_above(field: str, pattern: str) -> bool:
    """Whether what matches the pattern may lie within the field."""
    length, steps = field.count(".") + 1, pattern.split(".")
    return length < len(steps) and fnmatchcase(field, ".".join(steps[:length]))


def _at(found: dict[str, Number], path: str) -> Number:
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        one = found.get(".".join(steps[:length]))
        if one is not None and (length == len(steps) or one.undefined is not None):
            return one._replace(field=path)
    return Number("", path, None, "the result has no such number")


def _number(layer: str, field: str, value: Any, snapshot: int | None = None) -> Number | None:
    """A number, or None where the value is none."""
    match value:
        case {"undefined": reason}:
            return Number(layer, field, None, str(reason), snapshot)
        case bool() | int() | float():
            return Number(layer, field, float(value), None, snapshot)
        case str() if value.isdecimal():  # an integer beyond 2^53 is written as its digits
            number = float(value)
            if math.isfinite(number):
                return Number(layer, field, number, None, snapshot)
            return Number(layer, field, None, "beyond the largest float", snapshot)
    return None
