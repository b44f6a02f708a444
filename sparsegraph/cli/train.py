"""``sparsegraph train``: one run, or several seeds of it."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sparsegraph.cli.paths import path_from
from sparsegraph.errors import SparseGraphError

if TYPE_CHECKING:
    from sparsegraph.training.request import Request
    from sparsegraph.training.run import RunOptions, Summary

DATA_DIR = typer.Option(
    parser=path_from, metavar="FOLDER", help="Where data sets lie (also SPARSEGRAPH_DATA).", show_default=False
)


def train_command(  # noqa: PLR0913 - one parameter per option of the command
    profile: Annotated[str | None, typer.Argument(help="Recipe or profile; see --list.", show_default=False)] = None,
    data: Annotated[
        str | None, typer.Option("--data", help="Data set, or an .npz of your own.", show_default="the profile's")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", parser=path_from, metavar="FOLDER", help="Run directory.", show_default="runs/NAME"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="That many runs, from --seed on, each in a folder of its own.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Runs at a time, with --seeds.")] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where the run in the folder was stopped; -o alone suffices.")
    ] = False,
    epochs: Annotated[int | None, typer.Option(min=1, show_default="the profile's")] = None,
    sparsity: Annotated[
        float | None, typer.Option(help="Share of links absent.", show_default="the profile's, mostly 0.99")
    ] = None,
    hidden: Annotated[
        str | None, typer.Option(help="Hidden layers: 1000x3, 1024-512, 1x or 2x the inputs.", show_default=False)
    ] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, show_default=False)] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Constant rate.", show_default=False)] = None,
    zeta: Annotated[float | None, typer.Option(help="Share of links removed per update.", show_default=False)] = None,
    update_every: Annotated[
        str | None, typer.Option(help="Update interval: '1 epoch', '400 steps'.", show_default=False)
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Start topology: er, csti, bsf, bsw ...", show_default=False)
    ] = None,
    beta: Annotated[float | None, typer.Option(help="Rewired share of a bsw start.", show_default=False)] = None,
    start_weights: Annotated[
        str | None, typer.Option(help="First weights: swi, kaiming, xavier ...", show_default=False)
    ] = None,
    new_weights: Annotated[
        str | None, typer.Option(help="Weights of new links: zero, swi ...", show_default=False)
    ] = None,
    topology: Annotated[
        str | None, typer.Option(help="Train on the topology of this run or checkpoint.", show_default=False)
    ] = None,
    removal: Annotated[str | None, typer.Option(help="Score to remove by, see --list.", show_default=False)] = None,
    regrowth: Annotated[
        str | None, typer.Option(help="Score to regrow by, or uniform, see --list.", show_default=False)
    ] = None,
    percolate: Annotated[
        bool | None, typer.Option("--percolate/--no-percolate", help="Chain removal.", show_default=False)
    ] = None,
    by_sign: Annotated[
        bool | None,
        typer.Option("--by-sign/--whatever-sign", help="Remove positive and negative apart.", show_default=False),
    ] = None,
    regrown_at_once: Annotated[
        str | None, typer.Option(help="Links lost and regrown in one update: keep or reinit.", show_default=False)
    ] = None,
    model: Annotated[str | None, typer.Option(help="mlp, convnet, vgg16-head ...", show_default=False)] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="For dense nets and models of torch's layers.")] = None,
    augment: Annotated[
        bool | None, typer.Option("--augment/--no-augment", help="Random crops and flips.", show_default=False)
    ] = None,
    split: Annotated[str | None, typer.Option(help="standard, or survival (pooled).", show_default=False)] = None,
    data_dir: Annotated[Path | None, DATA_DIR] = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch missing data from its official mirror.")] = False,
    snapshots_every: Annotated[
        int | None, typer.Option(min=1, help="Updates between snapshots with weights.", show_default="about 20 in all")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List recipes, profiles and rules, and stop.")] = False,
) -> None:
    """Train a sparse net by any method of the papers; the run directory holds its whole story.

    sparsegraph train set --data digits -o runs/set

    sparsegraph train chts --data mnist --sparsity 0.99 --epochs 100 --seed 0 -o runs/chts
    """
    from sparsegraph.cli.fetching import fetch
    from sparsegraph.training.request import Request, resolve
    from sparsegraph.training.run import RunOptions, requested

    if show_list:
        _show_list()
        return
    recorded = requested(output) if profile is None and resume and output is not None else None
    name = profile if recorded is None else recorded.profile
    if name is None:
        raise SparseGraphError(
            "no recipe was named; sparsegraph train --list shows them (a run goes on with: --resume -o RUN)"
        )
    asked = Request(
        name, seed, data, split, sparsity, hidden, epochs, batch_size, learning_rate, zeta, update_every,
        start, start_weights, new_weights, beta, topology, model, threads, augment,
        removal, regrowth, percolate, by_sign, regrown_at_once,
    )  # fmt: skip
    if recorded is not None and seeds is not None:
        raise SparseGraphError("--seeds is for new runs; a run goes on with its own seed")
    request = asked if recorded is None else _as_it_began(recorded, asked)
    if jobs > 1 and seeds is None:
        raise SparseGraphError("--jobs is for several runs; ask for them with --seeds, or write a sweep")
    if download:
        fetch([resolve(request).data], data_dir)
    options = RunOptions(data_dir, snapshots_every=snapshots_every)
    if seeds is None:
        _one(request, output or Path("runs") / request.name, options, resume=resume)
    else:
        _several(request, output or Path("runs"), options, range(seed, seed + seeds), jobs)


def _as_it_began(recorded: Request, asked: Request) -> Request:
    """The request of a run that goes on; options that it did not begin with are refused, not passed over."""
    from sparsegraph.training.request import are_alike

    before, now = asdict(recorded), asdict(replace(asked, seed=asked.seed or recorded.seed))
    given = {name: value for name, value in now.items() if value is not None and value != before[name]}
    if are_alike(recorded, replace(recorded, **given)):
        return recorded
    apart = [name for name, value in given.items() if not are_alike(recorded, replace(recorded, **{name: value}))]
    name = (apart or list(given))[0]
    was = "the profile's" if before[name] is None else before[name]
    option = "--" + name.replace("_", "-")
    raise SparseGraphError(
        f"{option} is {was} in that run and {now[name]} here; a run goes on as it began: leave it out"
    )


def _one(request: Request, directory: Path, options: RunOptions, *, resume: bool) -> None:
    from sparsegraph.cli.interrupts import stoppable
    from sparsegraph.cli.training_progress import training_progress
    from sparsegraph.training.run import train_run

    try:
        with training_progress() as shown, stoppable(shown) as progress:
            summary = train_run(request, directory, options=options, resume=resume, progress=progress)
    except KeyboardInterrupt:
        typer.echo(f"sparsegraph: stopped; go on with:  sparsegraph train --resume -o {directory}", err=True)
        raise typer.Exit(130) from None
    _tell(summary)


def _several(request: Request, directory: Path, options: RunOptions, seeds: range, jobs: int) -> None:
    from sparsegraph.cli.sweep import run_cells
    from sparsegraph.training.sweep import Cell

    requests = [replace(request, seed=seed) for seed in seeds]
    run_cells([Cell(r, directory / r.name) for r in requests], options, n_jobs=jobs, scheduler=None)


def _tell(summary: Summary) -> None:
    typer.echo(summary.text)
    for warning in summary.warnings:
        typer.echo(f"sparsegraph: {warning}", err=True)
    typer.echo(f"Look at it:  sparsegraph analyze {summary.directory}")


def _show_list() -> None:
    from rich.table import Table

    from sparsegraph.data import DATASETS
    from sparsegraph.report.console import show
    from sparsegraph.topology.initialise import INITIALISERS
    from sparsegraph.topology.regrowth import REGROWTH_SCORES
    from sparsegraph.topology.removal import REMOVAL_SCORES
    from sparsegraph.topology.start_weights import START_WEIGHTS
    from sparsegraph.training.models.catalogue import MODELS
    from sparsegraph.training.profiles import PROFILES
    from sparsegraph.training.recipes import RECIPES

    recipes = Table("recipe", "what it is", box=None, pad_edge=False, header_style="bold")
    for name in RECIPES:
        recipes.add_row(name, RECIPES[name].summary)
    profiles = Table("profile", "epochs", "default data", "source", box=None, pad_edge=False, header_style="bold")
    for name in PROFILES:
        entry = PROFILES[name]
        profiles.add_row(name, str(entry.epochs), entry.data, entry.source)
    rules = Table("rule", "name", "what it is", box=None, pad_edge=False, header_style="bold")
    for registry in (INITIALISERS, START_WEIGHTS, REMOVAL_SCORES, REGROWTH_SCORES):
        first: dict[object, str] = {}
        for name in registry:
            known = first.setdefault(registry[name].function, name)
            summary = registry[name].summary if known == name else f"another name of {known}"
            rules.add_row(registry.kind, name, summary)
    show(recipes)
    typer.echo()
    show(profiles)
    typer.echo("\n-quick after a name: a tenth of its epochs, all else the same.\n")
    show(rules)
    typer.echo(
        f"\nmodels (--model): {', '.join(MODELS)}\ndata sets (--data): {', '.join(DATASETS)}, or an .npz of your own"
    )
