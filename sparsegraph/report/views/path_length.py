"""Path length in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.path_length import PathLength
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, share, share_cell, table


@tells(PathLength)
def _sentence(result: PathLength) -> str:
    return f"mean path length {number(result.mean)}; largest component holds {share(result.lcc_share)} of all neurons"


@shows(PathLength)
def _tables(name: str, result: PathLength) -> Iterator[Titled]:
    rows: list[tuple[Cell, ...]] = [
        ("mean distance", result.mean),
        ("standard error", result.standard_error) if not result.exact else ("longest distance", result.diameter),
        ("global efficiency", result.efficiency),
        ("share in the largest component", share_cell(result.lcc_share)),
        ("components", result.n_components),
    ]
    how = "exact" if result.exact else f"from {result.n_sources:,} sampled sources"
    yield table(name, f"{result.projection}; {how}", ["", "value"], rows)
