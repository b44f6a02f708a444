"""``sparsegraph inspect``: what is in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sparsegraph.cli.paths import path_from
from sparsegraph.cli.sizes import bytes_from


def inspect_command(
    path: Annotated[
        Path,
        typer.Argument(
            parser=path_from, metavar="PATH", help="Checkpoint: a file, or a folder of shards.", show_default=False
        ),
    ],
    max_memory: Annotated[
        int | None,
        typer.Option(
            parser=bytes_from, metavar="SIZE", help="Refuse tensors that take more, such as 4G.", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of the page.")] = False,
) -> None:
    """Show every tensor of a file: shape, type, density, role, and whether it is kept and why."""
    from sparsegraph.cli.progress import steps
    from sparsegraph.io.inspection import inspect

    with steps(path.name):
        inspection = inspect(path, max_memory=max_memory)
    if as_json:
        import json

        typer.echo(json.dumps(inspection.to_dict(), indent=2))
        return
    from sparsegraph.report.console import show
    from sparsegraph.report.inspected import inspection_page

    show(inspection_page(inspection))
