"""``sparsegraph measures``: what can be measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from sparsegraph.measures.catalogue import Measure


def measures_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the lists.")] = False,
) -> None:
    """List the measures of one graph and those over the snapshots of a run, with their options and defaults."""
    from rich.console import Group
    from rich.text import Text

    from sparsegraph.measures.catalogue import MEASURES
    from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES
    from sparsegraph.report.console import show

    of_graphs = [MEASURES[name] for name in MEASURES]
    over_time = [TRAJECTORY_MEASURES[name] for name in TRAJECTORY_MEASURES]
    if as_json:
        typer.echo(_json_text({"measures": of_graphs, "trajectory_measures": over_time}))
        return
    heading = Text("Over the snapshots of a run", style="bold underline")
    show(Group(_table(of_graphs), Text(""), heading, Text(""), _table(over_time)))


def _table(entries: Iterable[Measure]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    table.add_column("measure", no_wrap=True)
    table.add_column("what it is", ratio=3)
    table.add_column("options", ratio=2)
    for entry in entries:
        told = [f"{name}={_written(value)}" for name, value in entry.defaults.items()]
        table.add_row(entry.name, entry.summary, ", ".join(told) or "-")
    return table


def _written(value: Any) -> str:
    """A default as ``--set`` takes it."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(_written, value)) if isinstance(value, list | tuple) else str(value)


def _json_text(catalogues: Mapping[str, Sequence[Measure]]) -> str:
    import json

    from sparsegraph import __version__

    lists = {
        kind: [
            {"name": one.name, "summary": one.summary, "options": one.defaults, "main": list(one.main)}
            for one in entries
        ]
        for kind, entries in catalogues.items()
    }
    return json.dumps({"sparsegraph": __version__, **lists}, indent=2, default=str)
