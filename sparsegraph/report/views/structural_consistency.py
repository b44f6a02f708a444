"""Structural consistency in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.structural_consistency import StructuralConsistency
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, table
from sparsegraph.result import Undefined


@tells(StructuralConsistency)
def _sentence(result: StructuralConsistency) -> str:
    found = result.all_pairs
    if isinstance(found, Undefined):
        return f"structural consistency {found}"
    return f"structural consistency {number(found.mean)} (at random {number(found.random)})"


@shows(StructuralConsistency)
def _tables(name: str, result: StructuralConsistency) -> Iterator[Titled]:
    rows: list[tuple[Cell, ...]] = []
    for candidates, found in (("all pairs", result.all_pairs), ("adjacent layers", result.adjacent_layers)):
        if isinstance(found, Undefined):
            rows.append((candidates, found, None, None, None, None))
        else:
            rows.append((candidates, found.mean, found.std, found.random, found.n_candidates, found.n_tied_repeats))
    note = f"{result.projection}; {result.n_repeats} removals of {result.n_removed:,} of {result.n_links:,} links"
    yield table(name, note, ["candidates", "mean", "std", "at random", "number", "tied repeats"], rows)
