"""Modularity in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.modularity import Modularity
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, counted, number, table
from sparsegraph.result import Undefined


@tells(Modularity)
def _sentence(result: Modularity) -> str:
    if isinstance(result.n_communities, Undefined):
        return f"modularity {result.modularity}"
    found = f"modularity {number(result.modularity)} with {counted(result.n_communities, 'communities', 'community')}"
    if isinstance(result.bipartite, Undefined):
        return found
    return f"{found}; bipartite (Barber) {number(result.bipartite.modularity)}"


@shows(Modularity)
def _tables(name: str, result: Modularity) -> Iterator[Titled]:
    heavy, sided = result.weighted, result.bipartite
    best, mean, many = (
        (None, None, None) if isinstance(heavy, Undefined) else (heavy.modularity, heavy.mean, heavy.n_communities)
    )
    barber, barber_mean, barber_many, given = (
        (sided, None, None, None)
        if isinstance(sided, Undefined)
        else (sided.modularity, sided.mean, sided.n_communities, sided.of_partition)
    )
    rows = [
        (f"best of {result.n_runs} runs", result.modularity, best, barber),
        ("mean of the runs", result.mean, mean, barber_mean),
        ("communities", result.n_communities, many, barber_many),
        ("of the communities by links", result.modularity, None, given),
        ("of the layers", result.layers, None, None),
    ]
    yield table(name, result.projection, ["modularity", "links", "|weights|", "bipartite"], rows)
    if isinstance(result.n_communities, Undefined):
        return
    n_shown = len(result.per_layer[0].sizes)
    columns = ["layer", "neurons", "communities", *(f"#{i + 1}" for i in range(n_shown))]
    sizes: list[tuple[Cell, ...]] = [
        (part.layer, part.n_linked, part.n_communities, *part.sizes) for part in result.per_layer
    ]
    runs = result.stability
    alike = str(runs) if isinstance(runs, Undefined) else f"{number(runs.nmi)} (Rand {number(runs.adjusted_rand)})"
    note = f"neurons in the largest; NMI with the layers {number(result.nmi_layers)}, between runs {alike}"
    yield table(f"{name}, communities by layer", note, columns, sizes)
