"""Modularity in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.modularity import Modularity
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, counted, number, table
from sparsegraph.result import Undefined


@tells(Modularity)
def _sentence(result: Modularity) -> str:
    if isinstance(result.n_communities, Undefined):
        return f"modularity {result.modularity}"
    return f"modularity {number(result.modularity)} with {counted(result.n_communities, 'communities', 'community')}"


@shows(Modularity)
def _tables(name: str, result: Modularity) -> Iterator[Titled]:
    weighted = result.weighted
    heavy = (None, None, None) if isinstance(weighted, Undefined) else (weighted.modularity, weighted.mean, None)
    rows = [
        (f"best of {result.n_runs} runs", result.modularity, heavy[0]),
        ("mean of the runs", result.mean, heavy[1]),
        ("communities", result.n_communities, None if isinstance(weighted, Undefined) else weighted.n_communities),
        ("modularity of the layers", result.layers, None),
    ]
    yield table(name, result.projection, ["", "links", "|weights|"], rows)
