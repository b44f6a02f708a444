"""Sparsity in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.sparsity import Sparsity
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, share, share_cell, table


@tells(Sparsity)
def _sentence(result: Sparsity) -> str:
    links = f"density {share(result.density)}; {result.n_links:,} of {result.n_links_possible:,} links"
    if result.n_weights_possible == result.n_links_possible:
        return f"{share(result.sparsity)} sparse, {result.readout} ({links})"
    weights = f"density {share(result.weight_density)}; {result.n_weights:,} of {result.n_weights_possible:,} weights"
    return f"{share(result.weight_sparsity)} sparse, {result.readout} ({weights}); as a graph of channels: {links}"


@shows(Sparsity)
def _tables(name: str, result: Sparsity) -> Iterator[Titled]:
    parts = [(part.block, part) for part in result.per_block] + [("whole", result)]
    rows = [(label, p.n_links, share_cell(p.density), share_cell(p.sparsity), p.n_zero_links) for label, p in parts]
    yield table(name, result.readout, ["block", "links", "density", "sparsity", "weight 0"], rows)
    if result.n_weights != result.n_links:
        weights = [
            (label, p.n_weights, share_cell(p.weight_density), share_cell(p.weight_sparsity)) for label, p in parts
        ]
        columns = ["block", "weights", "density", "sparsity"]
        yield table(name, "weights behind the links (kernels, positions)", columns, weights)
