"""Kendall correlations of degrees in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.trajectory.kendall import DegreeCorrelation, KendallTau
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, number, table
from sparsegraph.result import Undefined

NARROW = 10_000
"""Below this time spans are short enough for five of them in 80 columns."""


@tells(KendallTau)
def _sentence(result: KendallTau) -> str:
    if isinstance(result.hidden, Undefined) or not result.hidden.consecutive:
        reason = result.hidden.reason if isinstance(result.hidden, Undefined) else "one snapshot"
        return f"order of the hidden neurons' degrees: {Undefined(reason)}"
    first, last = result.hidden.consecutive[0], result.hidden.consecutive[-1]
    times = result.at.times
    return (
        f"order of the hidden neurons' degrees: tau {number(first)} from {result.at.unit} {times[0]:,} to {times[1]:,},"
        f" {number(last)} from {times[-2]:,} to {times[-1]:,}; {number(result.hidden.first_to_last)} from first to last"
    )


@shows(KendallTau)
def _tables(name: str, result: KendallTau) -> Iterator[Titled]:
    sets = [("hidden", result.hidden)] if not isinstance(result.hidden, Undefined) else []
    sets += [(part.layer, part) for part in result.per_layer]
    times = result.at.times
    n_spans = min(5 if times and times[-1] < NARROW else 3, max(len(times) - 1, 0))
    shown = [round(i * (len(times) - 2) / max(n_spans - 1, 1)) for i in range(n_spans)]
    rows = [(label, part.n_neurons, *(part.consecutive[i] for i in shown), part.first_to_last) for label, part in sets]
    spans = [f"{times[i]}-{times[i + 1]}" for i in shown]
    note = f"tau-b of {result.degree} between {result.at.unit}s"
    yield table(name, note, ["layer", "neurons", *spans, "first-last"], rows)


@tells(DegreeCorrelation)
def _sentence_of_two(result: DegreeCorrelation) -> str:
    return f"order of the hidden neurons' degrees in both graphs: tau {number(result.hidden)}"


@shows(DegreeCorrelation)
def _tables_of_two(name: str, result: DegreeCorrelation) -> Iterator[Titled]:
    rows = [("hidden", result.hidden), *((part.layer, part.tau) for part in result.per_layer)]
    yield table(name, f"tau-b of {result.degree}, {result.readout}", ["layer", "tau"], rows)
