"""Activity in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sparsegraph.measures.activity import Activity
from sparsegraph.report.numbers import percent
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, share, table
from sparsegraph.result import Undefined


@tells(Activity)
def _sentence(result: Activity) -> str:
    if isinstance(result.anp_rate_hidden, Undefined):
        return f"{share(result.anp_rate)} of all neurons active"
    counted = "inputs and hidden neurons" if result.readout.startswith("readout left out") else "all neurons"
    return f"{share(result.anp_rate_hidden)} of hidden neurons active ({share(result.anp_rate)} of {counted})"


@shows(Activity)
def _tables(name: str, result: Activity) -> Iterator[Titled]:
    parts: list[tuple[str, Any]] = [(part.layer, part) for part in result.per_layer]
    if not isinstance(result.hidden, Undefined):
        parts.append(("hidden", result.hidden))
    thresholds = list(parts[0][1].n_dormant)
    rows = [
        (label, p.n_neurons, p.n_active, percent(p.anp_rate), p.n_isolated, *(p.n_dormant[t] for t in thresholds))
        for label, p in parts
    ]
    columns = ["layer", "neurons", "active", "ANP rate", "isolated", *(f"k <= {t}" for t in thresholds)]
    yield table(name, result.readout, columns, rows)
