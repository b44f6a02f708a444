"""``sparsegraph demo``: the whole way on a small example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sparsegraph.report.analysis import Report


def demo_command(
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the results.")] = Path("sparsegraph-demo"),
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    epochs: Annotated[int, typer.Option(min=1, help="Epochs of training.")] = 20,
) -> None:
    """Train a small net that is 99 % sparse, its dense readout not counted, and analyse what came out.

    Sparse evolutionary training (SET) on the embedded handwritten digits: about a minute on a laptop, and under two
    the first time, when the kernels are compiled.
    """
    from sparsegraph.cli.progress import steps
    from sparsegraph.errors import SparseGraphError
    from sparsegraph.report.analysis import analyze
    from sparsegraph.report.console import show
    from sparsegraph.report.outputs import write_output
    from sparsegraph.report.terminal import report_page

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SparseGraphError(
            f"{output}: no folder can be made there ({error.strerror}); choose another with -o"
        ) from None
    run = output / "run"
    checkpoint = _train(seed, epochs, run)
    with steps(checkpoint.name, lines=True) as progress:
        report = analyze(checkpoint, progress=progress)
    write_output(report, output / "analysis.json")
    write_output(report, output / "analysis.csv")
    _draw(report, output / "degrees.svg")
    show(report_page(report))
    typer.echo(f"\nThe run, its analysis (JSON), the table (CSV) and a figure of the degrees lie in {output}:")
    for name in ("run", "analysis.json", "analysis.csv", "degrees.svg"):
        typer.echo(f"  {output / name}")
    typer.echo(f"Again, on this run or your checkpoint:  sparsegraph analyze {run}")


def _draw(report: Report, path: Path) -> None:
    from sparsegraph.io.atomic import atomic_write
    from sparsegraph.measures.degree import Degree, NeuronSetDegrees
    from sparsegraph.measures.powerlaw import PowerLaw
    from sparsegraph.plotting.style import save
    from sparsegraph.plotting.tail import plot_tail

    degree, fit = report.results["degree"], report.results["powerlaw"]
    assert isinstance(degree, Degree)
    assert isinstance(fit, PowerLaw)
    if isinstance(degree.hidden, NeuronSetDegrees):
        with atomic_write(path) as temporary:
            save(plot_tail(degree.hidden.total, fit), temporary, kind="svg")


def _train(seed: int, epochs: int, directory: Path) -> Path:
    """A run of SET on the digits; the path of its last snapshot."""
    from sparsegraph.cli.training_progress import training_progress
    from sparsegraph.io.runs.layout import final_snapshot
    from sparsegraph.training.request import Request
    from sparsegraph.training.run import RunOptions, train_run

    request = Request("set", seed, "digits", epochs=epochs, learning_rate=0.05)
    with training_progress() as progress:
        summary = train_run(request, directory, options=RunOptions(snapshots_every=1), resume=True, progress=progress)
    typer.echo(summary.text)
    return final_snapshot(directory)
