"""``sparsegraph export``: a checkpoint's graph for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sparsegraph.cli.paths import path_from


def export_command(
    path: Annotated[
        Path,
        typer.Argument(
            parser=path_from, metavar="PATH", help="Checkpoint: a file, or a folder of shards.", show_default=False
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="Where to; .graphml, .tsv, .csv, .npz or .pt says what.", show_default=False
        ),
    ],
    percolated: Annotated[bool, typer.Option("--percolate", help="Export the percolated graph.")] = False,
    layers: Annotated[str | None, typer.Option(help="Matrices to chain, in order: a,b,c.", show_default=False)] = None,
) -> None:
    """Write the graph of a checkpoint as GraphML, edge list, NumPy arrays or sparsegraph checkpoint."""
    from sparsegraph.cli.progress import steps
    from sparsegraph.graph.percolation import percolate
    from sparsegraph.io.export import export
    from sparsegraph.io.load import load
    from sparsegraph.io.outputs import check_place

    check_place(output)
    with steps(path.name):
        graph = load(path, layers=layers.split(",") if layers else None).graph
        if percolated:
            graph = percolate(graph).graph
        export(graph, output)
    typer.echo(f"{output}: {graph.n_neurons} neurons, {graph.n_links} links")
    if output.suffix in (".tsv", ".csv"):
        typer.echo("an edge list names linked neurons only; GraphML and the others name all", err=True)
    if output.suffix != ".pt" and any(block.multiplicity is not None for block in graph.blocks):
        typer.echo("the kernels' sizes are kept in .pt only: elsewhere a link is just a link", err=True)
