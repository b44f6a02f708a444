"""Options that ``analyze`` and ``report`` share, under the same names, and the settings that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sparsegraph.cli.choices import OF_READOUT, Normalisation, Readout
from sparsegraph.cli.paths import path_from
from sparsegraph.cli.sizes import bytes_from
from sparsegraph.errors import SparseGraphError

if TYPE_CHECKING:
    from sparsegraph.perturb.subject import Choice

Paths = Annotated[
    list[Path],
    typer.Argument(
        parser=path_from,
        metavar="PATH",
        help="Checkpoints, runs (RUN@N: snapshot N), or folders of them.",
        show_default=False,
    ),
]
Measures = Annotated[
    list[str] | None,
    typer.Option("-m", "--measure", help="Only this measure; may be repeated.", show_default=False),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything random.")]
Percolated = Annotated[bool, typer.Option("--percolate", help="Measure the percolated graph.")]
ReadoutPolicy = Annotated[Readout, typer.Option(help=OF_READOUT)]
Layers = Annotated[str | None, typer.Option(help="Matrices to chain, in order: a,b,c.", show_default=False)]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Option of a measure, NAME=VALUE, such as rule=survival; see measures.", show_default=False
    ),
]
Nulls = Annotated[
    list[str] | None,
    typer.Option(
        "--null",
        help="Compare with draws of this null model: er, degree, bsw, bsf or weights; may be repeated.",
        show_default=False,
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Processes that share the draws of null models.")]
Data = Annotated[
    str | None,
    typer.Option(
        help="Pass this data set through the net: which neurons answer; 'recorded' is a run's own.", show_default=False
    ),
]
Normalise = Annotated[
    Normalisation | None,
    typer.Option(help="How a checkpoint's images are normalised; a run says it itself.", show_default=False),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", metavar="FOLDER", help="Where data sets lie (also SPARSEGRAPH_DATA).", show_default=False
    ),
]
MaxMemory = Annotated[
    int | None,
    typer.Option(
        parser=bytes_from, metavar="SIZE", help="Refuse tensors that take more, such as 4G.", show_default=False
    ),
]


def images_from(data: str | None, normalise: Normalisation | None, folder: Path | None) -> Choice | None:
    """The data set that passes through the net, if any was named.

    Raises
    ------
    SparseGraphError
        If images are to be normalised and there are none.
    """
    from sparsegraph.perturb.subject import Choice

    if data is None and normalise is not None:
        raise SparseGraphError(
            "--normalise is for the images that --data passes through the net; name the data set, or leave it out"
        )
    if data is None:
        return None
    return Choice(None if data == "recorded" else data, normalise and normalise.value, folder=folder)
