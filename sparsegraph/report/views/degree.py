"""Degrees in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sparsegraph.measures.degree import Degree
from sparsegraph.report.views.catalogue import shows
from sparsegraph.report.views.form import Titled, table
from sparsegraph.result import Undefined


@shows(Degree)
def _tables(name: str, result: Degree) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [(part.layer, part) for part in result.per_layer]
    if not isinstance(result.hidden, Undefined):
        parts.append(("hidden", result.hidden))
    rows = [
        (
            label,
            p.incoming.mean,
            p.outgoing.mean,
            p.total.mean,
            p.total.variance,
            p.total.maximum,
            p.total.gini,
            p.strength.mean,
        )
        for label, p in parts
    ]
    columns = ["layer", "in", "out", "total", "variance", "max", "Gini", "strength"]
    yield table(name, f"means; {result.readout}", columns, rows)
