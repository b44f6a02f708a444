"""Null models in words and in a table: what is beyond chance, as far as the corrected p supports it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sparsegraph.report.numbers import significant, with_error
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, counted, number, table
from sparsegraph.result import Undefined
from sparsegraph.significance.run import Row, Significance
from sparsegraph.significance.statistics import LEVEL

MOST_TOLD = 5
"""Numbers named in one sentence on each side."""

_WHAT = {
    "er": "what numbers of links alone explain",
    "degree": "what degrees alone explain",
    "bsw": "small worlds of the same size (BSW)",
    "bsf": "scale-free nets of the same size (BSF)",
    "weights": "the same links with their weights shuffled",
}


def label_of(row: Row) -> str:
    """Measure and number in words, without saying the same twice."""
    measure, path = row.measure.replace("_", " "), row.number.replace("_", " ").replace(".", " ")
    return measure if path == measure else f"{measure}: {path}"


@tells(Significance)
def _sentence(result: Significance) -> str:
    what = _WHAT.get(result.null, f"the null model {result.null}")
    draws = counted(result.n_null, "draws", "draw")
    if result.n_tests == 0:
        return f"beyond {what}: nothing to test"
    most = max(row.n_defined for row in _tested(result))
    if most < result.n_null_needed:
        return (
            f"beyond {what}: {draws} are too few to claim anything after Holm's correction for "
            f"{counted(result.n_tests, 'tests', 'test')}; --n-null {_n_null_for(result, most)} can, or fewer measures "
            "(-m)"
        )
    told = [row for row in result.rows if not isinstance(row.p_holm, Undefined) and row.p_holm <= LEVEL]
    above = [row for row in told if _difference(row) > 0]
    below = [row for row in told if _difference(row) < 0]
    sides = [f"{side} {what}: {_list(rows)}" for side, rows in (("above", above), ("below", below)) if rows]
    if not sides:
        return f"beyond {what}: nothing stands out ({counted(result.n_tests, 'tests', 'test')}, {draws})"
    return f"{'; '.join(sides)} (p <= {LEVEL} after Holm, {draws})"


@shows(Significance)
def _tables(name: str, result: Significance) -> Iterator[Titled]:
    shown = _tested(result)
    some_undefined = any(row.n_defined < result.n_null for row in shown)
    columns = ["number", "observed", "null mean ± sd", "z", "p", "p (Holm)", *(["draws"] if some_undefined else [])]
    rows = [(*_cells(row), *([row.n_defined] if some_undefined else [])) for row in shown]
    tests = counted(result.n_tests, "tests", "test")
    titled = table(
        f"null model {name}", f"{counted(result.n_null, 'draws', 'draw')}; {tests}; two-sided p", columns, rows
    )
    yield titled._replace(remarks=(*titled.remarks, *_remarks(result)))


def _cells(row: Row) -> tuple[Cell, ...]:
    mean = "-" if isinstance(row.null_mean, Undefined) else _mean(row.null_mean, row.null_std)
    observed = row.observed if isinstance(row.observed, Undefined) else significant(row.observed, 4)
    return (label_of(row), observed, mean, row.z, _p(row.p), _p(row.p_holm))


def _mean(mean: float, std: float | Undefined) -> str:
    return significant(mean, 4) if isinstance(std, Undefined) else with_error(mean, std)


def _remarks(result: Significance) -> Iterator[str]:
    """Which numbers are no tests, and whether the draws suffice."""
    fixed = [row for row in result.rows if isinstance(row.p, Undefined) and not isinstance(row.observed, Undefined)]
    same = [row for row in fixed if row.n_defined]
    if same:
        yield f"fixed by the null model, so no test: {', '.join(map(label_of, same))}"
    lost = [row for row in fixed if not row.n_defined]
    if lost:
        yield f"undefined in every draw: {', '.join(map(label_of, lost))}"
    nowhere = [row for row in result.rows if isinstance(row.observed, Undefined)]
    if nowhere:
        yield f"undefined in this network: {', '.join(map(label_of, nowhere))}"
    fewest = min(_tested(result), key=lambda row: row.n_defined, default=None)
    if fewest is not None and fewest.n_defined < result.n_null_needed:
        n = fewest.n_defined
        least = significant(min(1.0, 2 * result.n_tests / (n + 1)), 2)
        which = "" if n == result.n_null else f" of {label_of(fewest)}, defined in {n},"
        yield (
            f"with {result.n_null} draws no p (Holm){which} can fall below {least}; {LEVEL} takes "
            f"{_n_null_for(result, n)}"
        )


def _tested(result: Significance) -> list[Row]:
    return [row for row in result.rows if not isinstance(row.p, Undefined)]


def _n_null_for(result: Significance, n_defined: int) -> int:
    """Draws needed if a number goes on being defined in the same share of them."""
    return math.ceil(result.n_null_needed * result.n_null / n_defined)


def _difference(row: Row) -> float:
    if isinstance(row.observed, Undefined) or isinstance(row.null_mean, Undefined):
        return 0.0
    return row.observed - row.null_mean


def _list(rows: list[Row]) -> str:
    """Numbers with their z, the farthest first."""
    ordered = sorted(rows, key=lambda row: 0.0 if isinstance(row.z, Undefined) else -abs(row.z))
    named = [f"{label_of(row)} {number(row.observed)}{_of_z(row)}" for row in ordered[:MOST_TOLD]]
    more = [f"{len(rows) - MOST_TOLD} more"] if len(rows) > MOST_TOLD else []
    return ", ".join([*named, *more])


def _of_z(row: Row) -> str:
    return "" if isinstance(row.z, Undefined) else f" (z = {significant(row.z, 2)})"


def _p(value: float | Undefined) -> Cell:
    return value if isinstance(value, Undefined) else significant(value, 2)
