"""Which view tells which result: a sentence and tables by the result's type."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from sparsegraph.report.views.form import Titled, table
from sparsegraph.result import Result

F = TypeVar("F", bound=Callable[..., Any])

_SENTENCES: dict[type, Callable[[Any], str | None]] = {}
_TABLES: dict[type, Callable[[str, Any], Iterable[Titled]]] = {}


def tells(kind: type[Result]) -> Callable[[F], F]:
    """Enter ``function(result) -> str`` as the sentence of results of this type; None where one says nothing."""
    return _entry(_SENTENCES, kind)


def shows(kind: type[Result]) -> Callable[[F], F]:
    """Enter ``function(name, result) -> tables`` as the tables of results of this type."""
    return _entry(_TABLES, kind)


def _entry(table_of: dict[type, Any], kind: type[Result]) -> Callable[[F], F]:
    def enter(function: F) -> F:
        table_of[kind] = function
        return function

    return enter


def sentences(results: Mapping[str, Result]) -> list[str]:
    """Verdicts in words on those results that have any to say."""
    _import_all()
    told = (_SENTENCES[type(result)](result) for result in results.values() if type(result) in _SENTENCES)
    return [sentence for sentence in told if sentence is not None]


def tables(name: str, result: Result) -> list[Titled]:
    """The tables of one result; a measure without one of its own gets a list of its numbers."""
    _import_all()
    return list(_TABLES.get(type(result), _plain_numbers)(name, result))


@cache
def _import_all() -> None:
    package = importlib.import_module("sparsegraph.report.views")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"sparsegraph.report.views.{module.name}")


def _plain_numbers(name: str, result: Result) -> Iterator[Titled]:
    """Every number of a result that is no list, for measures of plug-ins."""
    rows = [
        (field.replace("_", " ").replace(".", ", "), value)
        for part, field, value in result.to_frame()[["part", "field", "value"]].itertuples(index=False)
        if not part and value is not None and not field.rpartition(".")[2].isdigit()
    ]
    yield table(name, "", ["", "value"], rows)
