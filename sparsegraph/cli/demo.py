"""``sparsegraph demo``: the whole way on a small example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sparsegraph.graph.layered import LayeredGraph
    from sparsegraph.report.analysis import Report


def demo_command(
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the results.")] = Path("sparsegraph-demo"),
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    epochs: Annotated[int, typer.Option(min=1, help="Epochs of training.")] = 20,
) -> None:
    """Train a small net that is 99 % sparse, write its checkpoint and analyse it.

    Sparse evolutionary training (SET) on the embedded handwritten digits, under a minute on a laptop.
    """
    from sparsegraph.cli.progress import steps
    from sparsegraph.errors import SparseGraphError
    from sparsegraph.io.native import save
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
    checkpoint = output / "digits-set.pt"
    save(_train(seed, epochs), checkpoint, meta={"method": "SET", "data": "digits", "seed": seed, "epochs": epochs})
    with steps(checkpoint.name) as progress:
        report = analyze(checkpoint, progress=progress)
    write_output(report, output / "analysis.json")
    write_output(report, output / "analysis.csv")
    _draw(report, output / "degrees.svg")
    show(report_page(report))
    typer.echo(f"\nThe checkpoint, the analysis (JSON), its table (CSV) and a figure of the degrees lie in {output}:")
    for name in (checkpoint.name, "analysis.json", "analysis.csv", "degrees.svg"):
        typer.echo(f"  {output / name}")
    typer.echo(f"Again, on this checkpoint or yours:  sparsegraph analyze {checkpoint}")


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


def _train(seed: int, epochs: int) -> LayeredGraph:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sparsegraph.data.digits import load_digits
    from sparsegraph.rng import rng_for
    from sparsegraph.training.loop import EpochRecord, SetRecipe, train

    digits = load_digits(rng=rng_for(seed, "digits"))
    recipe = SetRecipe((64, 1000, 1000, 1000, 10), density=0.01, epochs=epochs)
    console = Console(stderr=True)
    columns = (
        TextColumn("training by SET, 64-1000-1000-1000-10, 99 % sparse"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[accuracy]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=epochs, accuracy="")
        last: list[EpochRecord] = []

        def record(epoch: EpochRecord) -> None:
            bar.update(task, advance=1, accuracy=f"test {100 * epoch.test_accuracy:.1f} %")
            last[:] = [epoch]

        graph = train(recipe, (digits.train, digits.test), seed=seed, on_epoch=record)
    typer.echo(f"trained {epochs} epochs: test accuracy {100 * last[0].test_accuracy:.1f} % with {graph.n_links} links")
    return graph
