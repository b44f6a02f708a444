"""Credit assigned paths in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.credit_paths import CreditPaths
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, share, share_cell, table
from sparsegraph.result import Undefined


@tells(CreditPaths)
def _sentence(result: CreditPaths) -> str:
    if result.total == 0:
        return "no input-output path at all"
    hubs = f", {share(result.hub_ratio_all)} of them through hubs only, {share(result.hub_ratio_any)} through any hub"
    if isinstance(result.hub_ratio_all, Undefined):
        hubs = ""
    total = f"{result.total:,}" if result.total < 10**12 else f"10^{number(result.log10_total, 4)}"
    return f"{total} input-output {'path' if result.total == 1 else 'paths'}{hubs}"


@shows(CreditPaths)
def _tables(name: str, result: CreditPaths) -> Iterator[Titled]:
    rows: list[tuple[Cell, ...]] = [
        ("paths", f"{result.total:,}" if result.total < 10**18 else None, result.log10_total),
        ("  through hubs in every layer", share_cell(result.hub_ratio_all), None),
        ("  through a hub in any layer", share_cell(result.hub_ratio_any), None),
        ("sum of |weight| products", None, result.weighted.log10_total),
        ("  through hubs in every layer", share_cell(result.weighted.hub_ratio_all), None),
        *((f"hubs in {p.layer}", p.n_hubs, None) for p in result.per_layer),
    ]
    hubs = f"{result.n_hubs} hub{'' if result.n_hubs == 1 else 's'}"
    yield table(name, result.readout, [hubs, "value", "log10"], rows)
