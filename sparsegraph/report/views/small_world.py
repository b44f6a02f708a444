"""Small world in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.small_world import SmallWorld
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, table
from sparsegraph.result import Undefined


@tells(SmallWorld)
def _sentence(result: SmallWorld) -> str:
    clustering = result.whole.robins_alexander
    if isinstance(clustering, Undefined):
        return f"small world: {clustering}"
    return (
        f"four-cycle clustering {number(clustering)}; small-world sigma {number(result.sigma)} "
        f"against {result.n_null} {result.null}"
    )


@shows(SmallWorld)
def _tables(name: str, result: SmallWorld) -> Iterator[Titled]:
    reference = result.reference
    rows: list[tuple[Cell, ...]] = [
        ("four-cycle clustering C", result.whole.robins_alexander, reference.clustering, reference.clustering_std),
        ("mean distance L", result.path_length, reference.path_length, reference.path_length_std),
        ("share of pairs joined", result.joined_share, reference.joined_share, None),
        ("C of the lattice", reference.lattice_clustering, None, None),
        ("sigma = (C / C twins) / (L / L twins)", result.sigma, None, None),
        ("omega = L twins / L - C / C lattice", result.omega, None, None),
        ("ln N / ln <k>, random", result.random_line, None, None),
        ("ln ln N, ultra-small", result.ultra_small_line, None, None),
        ("ordinary clustering (triangles)", result.transitivity, None, None),
    ]
    note = f"{result.projection}, {result.readout}; {result.n_null} {result.null}"
    yield table(name, note, ["", "value", "twins", "std"], rows)
    parts = [(part.block, part) for part in result.per_block] + [("whole graph", result.whole)]
    yield table(
        f"{name}, blocks",
        "C: Robins-Alexander; Latapy: mean overlap of neighbourhoods",
        ["block", "four-cycles", "C", "Latapy", "min", "max"],
        [(label, p.n_four_cycles, p.robins_alexander, p.latapy, p.latapy_min, p.latapy_max) for label, p in parts],
    )
