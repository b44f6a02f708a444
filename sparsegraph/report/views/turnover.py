"""Turnover in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sparsegraph.measures.trajectory.turnover import Share, Turnover, TurnoverSeries
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, share_cell, table
from sparsegraph.result import Undefined

N_SHOWN = 8
"""Updates in the table, evenly chosen."""


@tells(TurnoverSeries)
def _sentence(result: TurnoverSeries) -> str:
    if isinstance(result.pooled, Undefined):
        return f"turnover of links: {result.pooled}"
    when = result.pooled.elm_update
    if isinstance(when, Undefined):
        known = not isinstance(_mean(result.pooled.overlap), Undefined)
        return f"{'no ' if known else ''}epitopological local minimum: {when.reason if known else when}"
    return f"epitopological local minimum (overlap {result.threshold:g}) reached at {result.at.unit} {when:,}"


@shows(TurnoverSeries)
def _tables(name: str, result: TurnoverSeries) -> Iterator[Titled]:
    parts: list[tuple[str, Turnover]] = [
        (part.block, part) for part in result.per_block if part.block not in result.unchanged
    ]
    if not isinstance(result.pooled, Undefined):
        parts.append(("pooled", result.pooled))
        yield table(name, _note(result, result.pooled), *_course(result, result.pooled))
    rows = [
        (
            label,
            share_cell(_mean(part.new)),
            share_cell(_mean(part.overlap)),
            share_cell(_mean(part.random_overlap)),
            share_cell(_largest(part.overlap)),
            _last(part.jaccard_first),
            _elm_cell(part, result.threshold),
        )
        for label, part in parts
    ]
    columns = ["block", "new a step", "overlap", "random", "largest", "J(first, last)", f"ELM {result.at.unit}"]
    note = f"means over updates; ELM: first overlap of {result.threshold:g}, largest: largest overlap"
    yield table(f"{name} by block", note, columns, rows)


def _note(result: TurnoverSeries, part: Turnover) -> str:
    left_out = f"; without {', '.join(result.unchanged)}" if result.unchanged else ""
    return f"from {part.basis}{left_out}; removed and regrown as shares of the links before"


def _course(result: TurnoverSeries, part: Turnover) -> tuple[list[str], list[tuple[Cell, ...]]]:
    times = result.at.times[1:]
    shown = sorted({round(i * (len(times) - 1) / (N_SHOWN - 1)) for i in range(N_SHOWN)})
    shares = (part.removed, part.percolated, part.regrown, part.overlap, part.random_overlap)
    rows: list[tuple[Cell, ...]] = [
        (f"{times[i]:,}", *(share_cell(series[i]) for series in shares), part.jaccard[i], part.jaccard_first[i])
        for i in shown
    ]
    columns = [result.at.unit, "removed", "percol.", "regrown", "overlap", "random", "J before", "J first"]
    return columns, rows


def _mean(shares: Sequence[Share]) -> Share:
    known = [value for value in shares if not isinstance(value, Undefined)]
    if known:
        return sum(known) / len(known)
    return next((value for value in shares if isinstance(value, Undefined)), Undefined("no update"))


def _largest(shares: Sequence[Share]) -> Share:
    return max((value for value in shares if not isinstance(value, Undefined)), default=_mean(shares))


def _elm_cell(part: Turnover, threshold: float) -> Cell:
    """The update, or one reason for all blocks: how near each came stands beside it."""
    if isinstance(part.elm_update, Undefined) and not isinstance(_mean(part.overlap), Undefined):
        return Undefined(f"the overlap stays below {threshold:g}")
    return part.elm_update


def _last(shares: Sequence[Share]) -> Share:
    return shares[-1] if shares else Undefined("no update")
