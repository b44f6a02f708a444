"""What the numbers of a measure depend on besides the graph, in words."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from sparsegraph.measures.catalogue import Measure
from sparsegraph.result import Result

_CLEAR_ALONE = ("readout", "projection")
"""Fields whose words need no name before them: "readout counted", "undirected whole graph"."""

_NO_CONVENTION = ("warning",)


def fixed_words(entry: Measure) -> dict[str, str]:
    """What every result of a measure says of itself: the words that its class has for all, by field.

    Examples
    --------
    >>> from sparsegraph.measures.catalogue import MEASURES
    >>> fixed_words(MEASURES["kshell"])
    {'readout': 'readout counted', 'projection': 'undirected whole graph'}
    """
    try:
        kind = typing.get_type_hints(entry.function).get("return")
    except NameError:  # a plug-in's annotation that exists for type checkers only
        kind = None
    if not (inspect.isclass(kind) and dataclasses.is_dataclass(kind)):
        return {}
    return {field.name: field.default for field in dataclasses.fields(kind) if isinstance(field.default, str)}


def words_of(result: Result) -> dict[str, str]:
    """What one result says of itself in words, by field; fields that may hold other than words are findings."""
    fields = [field for field in dataclasses.fields(result) if field.type in ("str", str)]
    return {field.name: getattr(result, field.name) for field in fields}


def conventions_in_words(entry: Measure, told: Mapping[str, str], options: Mapping[str, Any]) -> Iterator[str]:
    """Phrases for what results say of themselves, then the options: those given, and the defaults of the others.

    Parameters
    ----------
    entry : Measure
    told : mapping
        Of :func:`fixed_words` or :func:`words_of`.
    options : mapping
        Those given; the measure's own only.

    Examples
    --------
    >>> from sparsegraph.measures.catalogue import MEASURES
    >>> entry = MEASURES["powerlaw"]
    >>> "; ".join(conventions_in_words(entry, fixed_words(entry), {"replicas": 500}))
    'degree: total; readout counted; rule=csn; replicas=500'
    """
    for name, words in told.items():
        if words and name not in _NO_CONVENTION:
            yield words if name in _CLEAR_ALONE else f"{name}={words}" if name in entry.options else f"{name}: {words}"
    for name, value in {**entry.defaults, **options}.items():
        if value is not None and name not in told and name != "readout":
            yield f"{name}={value}"
