"""Response to data in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.functional_activity import FunctionalActivity, NeuronSetResponse
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, share, share_cell, table
from sparsegraph.result import Undefined


@tells(FunctionalActivity)
def _sentence(result: FunctionalActivity) -> str:
    if isinstance(result.hidden, Undefined):
        return f"{share(result.whole.functional_anp)} of all neurons answer to the data"
    if isinstance(result.hidden.functional_anp, Undefined):
        return f"answers to data: {result.hidden.functional_anp}"
    return (
        f"{share(result.hidden.joint_anp)} of hidden neurons lie on a path and answer to the data, "
        f"{share(result.dormant_share)} never answer"
    )


@shows(FunctionalActivity)
def _tables(name: str, result: FunctionalActivity) -> Iterator[Titled]:
    parts: list[tuple[str, NeuronSetResponse]] = [(part.layer, part) for part in result.per_layer]
    if not isinstance(result.hidden, Undefined):
        parts.append(("hidden", result.hidden))
    taus = list(result.whole.dormant)
    rows = [
        (
            label,
            p.n_neurons,
            share_cell(p.functional_anp),
            share_cell(p.structural_anp),
            share_cell(p.joint_anp),
            *(share_cell(p.dormant[tau]) for tau in taus),
        )
        for label, p in parts
    ]
    columns = ["layer", "neurons", "answer", "on a path", "both", *(f"score <= {tau}" for tau in taus)]
    yield table(name, f"{result.readout}; {result.data}", columns, rows)
