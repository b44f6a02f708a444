"""Options of measures from text, for the command line: ``rule=survival``, ``replicas=500``, ``thresholds=10,110``."""

from __future__ import annotations

import types
import typing
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal

from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES


def parse_option(text: str) -> tuple[str, Any]:
    """Name and value of an option, checked against the measures that know it.

    Parameters
    ----------
    text : str
        ``NAME=VALUE``; a sequence is separated by commas.

    Raises
    ------
    UnknownNameError
        If no measure has an option of that name.
    SparseGraphError
        If the value is not of the option's type.

    Examples
    --------
    >>> parse_option("rule=survival"), parse_option("thresholds=5,50")
    (('rule', 'survival'), ('thresholds', (5, 50)))
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise SparseGraphError(f"{text!r} sets nothing; write NAME=VALUE, such as rule=survival")
    if name == "readout":
        raise SparseGraphError("the readout is an option of its own: write --readout auto, include or exclude")
    entries = [catalogue[measure] for catalogue in (MEASURES, TRAJECTORY_MEASURES) for measure in catalogue]
    kinds = [typing.get_type_hints(entry.function)[name] for entry in entries if name in entry.options]
    if not kinds:
        known = sorted({option for entry in entries for option in entry.options})
        raise UnknownNameError(f"no measure has an option {name!r}; known are: {', '.join(known)}")
    if "ndarray" in str(kinds[0]):
        raise SparseGraphError(f"{name} takes arrays, which only Python can give: sparsegraph.measure(graph, ...)")
    for kind in kinds:  # measures may know options of one name that take different words
        with suppress(ValueError):
            return name, _convert(value.strip(), kind)
    described = " or ".join(dict.fromkeys(map(_described, kinds)))
    raise SparseGraphError(f"{name} takes {described}, not {value!r}")


def _convert(text: str, kind: Any) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        if text not in inner:
            raise ValueError
        return text
    if origin in (typing.Union, types.UnionType):
        if text == "none" and type(None) in inner:
            return None
        return _convert(text, next(one for one in inner if one is not type(None)))
    if origin is not None and issubclass(origin, Sequence):
        return tuple(_convert(piece, inner[0]) for piece in text.split(","))
    if kind is bool:
        if text not in ("true", "false"):
            raise ValueError
        return text == "true"
    return kind(text)


def _described(kind: Any) -> str:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return " or ".join(map(str, inner))
    if origin in (typing.Union, types.UnionType):
        return " or ".join("none" if one is type(None) else _described(one) for one in inner)
    if origin is not None:
        return f"several of {_described(inner[0])}, separated by commas"
    return {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, kind.__name__)
