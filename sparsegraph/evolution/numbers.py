"""The numbers of a result as rows: what a table over time holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from sparsegraph.result import Result


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
    """

    layer: str
    field: str
    value: float | None
    undefined: str | None = None


def numbers_of(result: Result) -> tuple[Number, ...]:
    """Every single number of a result, truth values as 0 and 1; words and lists of numbers are left out.

    Examples
    --------
    >>> from sparsegraph.graph.layered import LayeredGraph
    >>> from sparsegraph.measures.sparsity import sparsity
    >>> numbers_of(sparsity(LayeredGraph.from_matrices([[[1.0, 0.0]]])))[2]
    Number(layer='', field='density', value=0.5, undefined=None)
    """
    return tuple(_numbers(result.to_dict(), "", ""))


def without_weights(numbers: Iterable[Number], weighted: Sequence[str], why: str) -> tuple[Number, ...]:
    """The numbers of a graph whose links have no weights: fields that match a pattern are undefined."""
    return tuple(
        Number(one.layer, one.field, None, why) if any(fnmatchcase(one.field, p) for p in weighted) else one
        for one in numbers
    )


def main_numbers(numbers: Sequence[Number], main: Sequence[str]) -> tuple[Number, ...]:
    """The numbers at these paths, in their order; where a part of the way is undefined, so is the number."""
    found = {one.field: one for one in numbers if not one.layer}
    return tuple(_at(found, path) for path in main)


def _at(found: dict[str, Number], path: str) -> Number:
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        one = found.get(".".join(steps[:length]))
        if one is not None and (length == len(steps) or one.undefined is not None):
            return Number("", path, one.value, one.undefined)
    return Number("", path, None, "the result has no such number")


def _numbers(value: Any, layer: str, field: str) -> Iterator[Number]:
    match value:
        case {"undefined": reason}:
            yield Number(layer, field, None, str(reason))
        case dict():
            layer = str(value.get("layer", value.get("block", layer)))
            for key, inner in value.items():
                if key not in ("layer", "block"):
                    yield from _numbers(inner, layer, f"{field}.{key}".lstrip("."))
        case [dict(), *_]:
            for inner in value:
                yield from _numbers(inner, layer, field)
        case bool() | int() | float():
            yield Number(layer, field, float(value))
        case str() if value.isdecimal():
            yield _large(layer, field, value)


def _large(layer: str, field: str, digits: str) -> Number:
    """An integer beyond 2^53, which results write as its digits."""
    value = float(digits)
    if not math.isfinite(value):
        return Number(layer, field, None, "beyond the largest float")
    return Number(layer, field, value)
