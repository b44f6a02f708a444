"""A value as what fits into a cell: numbers, words, what is undefined, arrays, series, results within results."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sparsegraph.notebook.inline import histogram, sparkline
from sparsegraph.notebook.markup import Markup, Part, element, folded, joined, muted
from sparsegraph.numerals import significant
from sparsegraph.result import Undefined

MOST_ROWS = 30
MOST_LETTERS = 400
MOST_ITEMS = 8
_NONE = "–"
_FIRST = ("layer", "block", "measure", "name")
"""The fields that name a record, in the first column."""


def cell(value: Any, name: str = "") -> Part:
    """A value in the cell of a table; ``name`` labels a plot for those who cannot see it."""
    match value:
        case Markup():
            return value
        case None:
            return muted("none")
        case Undefined(reason):
            return element("i", f"undefined: {reason}", class_="muted")
        case bool() | np.bool_():
            return "yes" if value else "no"
        case int() | np.integer():
            return _integer(int(value))
        case float() | np.floating():
            return _number(float(value))
        case str():
            return value if len(value) <= MOST_LETTERS else f"{value[:MOST_LETTERS]} ..."
        case np.ndarray():
            return _array(value, name)
        case Mapping():
            return _mapping(value, name)
        case tuple() | list():
            return _sequence(value, name)
    if _is_record(value):
        return folded(brief(value), fields_table(value))
    return str(value)[:MOST_LETTERS]


def fields_table(record: Any) -> Markup:
    """Names and values of the fields of a dataclass, one below the other."""
    return pairs((name, cell(value, name)) for name, value in _fields(record).items())


def pairs(rows: Iterable[tuple[str, Part]]) -> Markup:
    """A table of names and values."""
    return element("table", element("tbody", *(_row(element("th", name), element("td", part)) for name, part in rows)))


def records(rows: Sequence[Any], names: Sequence[str] = (), head: str = "") -> Markup:
    """Dataclasses of one kind as a table, a row each; ``names`` stand in the first column, under ``head``."""
    known = [_fields(row) for row in rows if not isinstance(row, Undefined)]
    columns = list(dict.fromkeys(name for row in known for name in row))
    columns.sort(key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    body = []
    for i, row in enumerate(rows[:MOST_ROWS]):
        first = [names[i]] if names else []
        if isinstance(row, Undefined):
            body.append([*first, row])
        else:
            told = _fields(row)
            body.append([*first, *(told.get(name) for name in columns)])
    made = grid([*([head] if names else []), *columns], body)
    left = len(rows) - MOST_ROWS
    return made if left <= 0 else joined([made, muted(f"and {left:,} more")])


def grid(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Markup:
    """A table with a line of heads, below it why cells are undefined; a row that ends early stretches its last cell."""
    numeric = [any(_is_number(row[i]) for row in rows if i < len(row)) for i in range(len(columns))]
    heads = [
        element("th", name, class_="number" if right else None) for name, right in zip(columns, numeric, strict=True)
    ]
    body = []
    for row in rows:
        cells = [
            element(
                "td",
                _small(value, columns[i]),
                class_="number" if numeric[i] and (_is_number(value) or isinstance(value, Undefined)) else None,
                colspan=len(columns) - i if i + 1 == len(row) < len(columns) else None,
            )
            for i, value in enumerate(row)
        ]
        body.append(_row(*cells))
    table = element("table", element("thead", _row(*heads)), element("tbody", *body), class_="records")
    reasons = dict.fromkeys(value.reason for row in rows for value in row if isinstance(value, Undefined))
    return joined([table, *(element("div", element("i", f"{_NONE}: {reason}"), class_="muted") for reason in reasons)])


def _small(value: Any, name: str) -> Part:
    """A value in a table with many columns: tables within it are folded."""
    if isinstance(value, Undefined):
        return element("i", _NONE, class_="muted", title=str(value))
    if _is_record(value):
        return folded(brief(value, 2, told_left=False), fields_table(value))
    if (
        isinstance(value, tuple | list)
        and len(value) > 2
        and all(_is_number(v) or isinstance(v, Undefined) for v in value)
    ):
        return _series(value, name, few=2, has_text=False)
    made = cell(value, name)
    holds_table = isinstance(made, Markup) and made.startswith("<table")
    return folded(f"{len(value):,} entries", made) if holds_table else made


def brief(record: Any, most: int = 3, *, told_left: bool = True) -> Part:
    """The first few single values of a dataclass, in a line; sizes of sets only where there is nothing else."""
    singles = [(name, value) for name, value in _fields(record).items() if _is_single(value)]
    singles = [pair for pair in singles if not pair[0].startswith("n_")] or singles
    shown = singles[:most]
    return _in_line(shown, len(_fields(record)) if told_left else len(shown)) if singles else type(record).__name__


def _in_line(named: Sequence[tuple[str, Any]], n_all: int) -> Markup:
    """Names and single values one after the other, and how many more there are."""
    told = [
        joined([muted(name), " ", element("i", "undefined") if isinstance(value, Undefined) else _cut(cell(value))])
        for name, value in named
    ]
    left = n_all - len(named)
    return joined([joined(told, ", "), muted(f" and {left} more") if left > 0 else None])


def _fields(record: Any) -> dict[str, Any]:
    """Values by field; how many neurons have each value is one field of the two."""
    told = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    values, counts = told.get("values"), told.get("counts")
    if isinstance(values, tuple) and isinstance(counts, tuple) and len(values) == len(counts) and values:
        told = {name: value for name, value in told.items() if name != "counts"}
        told["values"] = _distribution(values, counts)
    return told


def _cut(told: Part) -> Part:
    """Words short enough for a line of several."""
    return told if isinstance(told, Markup) or told is None or len(told) <= 40 else f"{told[:40]} ..."


def _distribution(values: Sequence[float], counts: Sequence[int]) -> Markup:
    """Counts by value, on the scale of the values."""
    label = (
        f"{sum(counts):,} neurons with {len(values):,} values, {significant(values[0])} to {significant(values[-1])}"
    )
    return joined([histogram(np.asarray(values), label, counts=np.asarray(counts)), " ", muted(label)])


def _array(values: np.ndarray, name: str) -> Markup:
    shape = " × ".join(map(str, values.shape)) or "single"
    if values.size == 0 or values.dtype.kind not in "biuf":
        return muted(f"array, {shape}, {values.dtype}")
    if values.dtype.kind == "b":
        return muted(f"array, {shape}: {int(values.sum()):,} yes, {int((~values).sum()):,} no")
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return muted(f"array, {shape}, nothing finite")
    low, high = significant(float(finite.min())), significant(float(finite.max()))
    ends = f"all {low}" if low == high else f"{low} to {high}"
    return joined([histogram(finite, f"histogram of {_words(name)}, {ends}"), " ", muted(f"array, {shape}: {ends}")])


def _sequence(values: Sequence[Any], name: str) -> Part:
    if not values:
        return muted("none")
    if any(map(_is_record, values)) and all(map(dataclasses.is_dataclass, values)):
        return records(values)
    if all(_is_number(value) or isinstance(value, Undefined) or value is None for value in values):
        return _series(values, name)
    if all(_is_single(value) for value in values):
        listed = joined([cell(value) for value in values[:MOST_ITEMS]], ", ")
        left = len(values) - MOST_ITEMS
        return listed if left <= 0 else joined([listed, muted(f" and {left:,} more")])
    kinds = {type(value).__name__ for value in values}
    if len(values) <= MOST_ITEMS:
        return joined(element("div", cell(value)) for value in values)
    return muted(f"{len(values):,} of {', '.join(sorted(kinds))}")


def _series(values: Sequence[Any], name: str, *, few: int = 4, has_text: bool = True) -> Part:
    """Few numbers as they are, more as a line over their order."""
    if len(values) <= few or name.endswith("shape"):
        return joined([cell(value) for value in values], " × " if name.endswith("shape") else ", ")
    known = [float(value) if _is_number(value) and math.isfinite(value) else None for value in values]
    numbers = [value for value in known if value is not None]
    if not numbers:
        reason = next((value.reason for value in values if isinstance(value, Undefined)), "nothing known")
        return element("i", f"{len(values):,} undefined: {reason}", class_="muted")
    text = f"{len(values):,} from {significant(numbers[0])} to {significant(numbers[-1])}"
    line = sparkline(known, f"{_words(name)}: {text}")
    return joined([line, " ", muted(text)]) if has_text or not line else line


def _mapping(values: Mapping[Any, Any], name: str) -> Part:
    if not values:
        return muted("none")
    names = [str(key) for key in values]
    entries = list(values.values())
    if any(map(_is_record, entries)) and all(map(dataclasses.is_dataclass, entries)):
        return records(entries, names)
    if len(entries) <= 3 and all(map(_is_single, entries)):
        return _in_line(list(zip(names, entries, strict=True)), len(entries))
    made = pairs((key, cell(value, key)) for key, value in zip(names[:MOST_ROWS], entries, strict=False))
    left = len(names) - MOST_ROWS
    return made if left <= 0 else joined([made, muted(f"and {left:,} more")])


def _row(*cells: Part) -> Markup:
    return element("tr", *cells)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _is_record(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type | Undefined)


def _is_single(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | np.bool_ | Undefined) or _is_number(value)


def _number(value: float) -> str:
    text = significant(value, 4)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _integer(value: int) -> str:
    """Counts of paths pass the largest float; their logarithm does not."""
    if abs(value) < 10**15:
        return f"{value:,}"
    exponent = math.log10(abs(value))
    return f"{'-' if value < 0 else ''}{10 ** (exponent % 1):.3f}e+{math.floor(exponent)}"
