"""Navigability in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.navigability import Estimate, Navigability, Routes
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, share, table
from sparsegraph.result import Undefined

LABELS = {
    "success": "routes that arrive",
    "score": "greedy routing score",
    "stretch": "links over links of a shortest path",
    "efficiency": "greedy routing efficiency",
    "congruence": "geometrical congruence",
}


@tells(Navigability)
def _sentence(result: Navigability) -> str:
    if isinstance(result.routes, Undefined) or isinstance(result.random_angles, Undefined):
        return f"navigability {result.routes}"
    found, random = result.routes, result.random_angles
    return (
        f"greedy routing arrives in {share(found.success.mean)} of the pairs ({share(random.success.mean)} with random "
        f"angles); geometrical congruence {number(found.congruence.mean)} ({number(random.congruence.mean)})"
    )


@shows(Navigability)
def _tables(name: str, result: Navigability) -> Iterator[Titled]:
    rows = [
        (label, *_cells(result.routes, field), *_cells(result.random_angles, field)) for field, label in LABELS.items()
    ]
    how = "all pairs" if result.exact else f"{result.n_targets:,} sampled targets from all sources"
    note = f"{result.weighting}-{result.reduction}-EA, {result.n_neurons:,} neurons, {how}; {result.readout}"
    yield table(name, note, ["", "mean", "std. error", "random angles", "std. error"], rows)


def _cells(found: Routes | Undefined, field: str) -> tuple[Cell, Cell]:
    if isinstance(found, Undefined):
        return found, found
    estimate: Estimate = getattr(found, field)
    return estimate.mean, estimate.standard_error
