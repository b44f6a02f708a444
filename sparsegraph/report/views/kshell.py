"""k-shells in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.kshell import KShell
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, counted, table


@tells(KShell)
def _sentence(result: KShell) -> str:
    isolated = f"; {result.n_isolated:,} isolated" if result.n_isolated else ""
    return f"core: shell {result.max_shell}, {counted(result.n_core, 'neurons', 'neuron')}{isolated}"


@shows(KShell)
def _tables(name: str, result: KShell) -> Iterator[Titled]:
    rows = [
        (p.layer, p.n_neurons, p.n_isolated, p.n_in_core, p.min_shell, p.mean_shell, p.max_shell)
        for p in result.per_layer
    ]
    columns = ["layer", "neurons", "isolated", "in core", "min", "mean", "max shell"]
    yield table(name, f"{result.projection}, {result.readout}", columns, rows)
