"""``sparsegraph measures``: what can be measured."""

from __future__ import annotations


def measures_command() -> None:
    """List the measures, one line each."""
    from rich.table import Table

    from sparsegraph.measures.catalogue import MEASURES
    from sparsegraph.report.console import show

    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    table.add_column("measure", no_wrap=True)
    table.add_column("what it is")
    table.add_column("options")
    for name in MEASURES:
        entry = MEASURES[name]
        table.add_row(name, entry.summary, ", ".join(entry.options) or "-")
    show(table)
