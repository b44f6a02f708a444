"""The program: its commands, and the one place where errors become a line on stderr."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from sparsegraph import __version__
from sparsegraph.cli.analyze import analyze_command
from sparsegraph.cli.demo import demo_command
from sparsegraph.cli.export import export_command
from sparsegraph.cli.figure import figure_command
from sparsegraph.cli.findings import findings_command
from sparsegraph.cli.follow import follow_command
from sparsegraph.cli.inspect import inspect_command
from sparsegraph.cli.measures import measures_command
from sparsegraph.cli.perturb import perturb_command
from sparsegraph.cli.report import report_command
from sparsegraph.cli.sweep import sweep_command
from sparsegraph.cli.train import train_command
from sparsegraph.errors import SparseGraphError

app = typer.Typer(
    name="sparsegraph",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - the signature is typer's
    if wanted:
        typer.echo(f"sparsegraph {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """The network-science toolkit for trained sparse neural networks.

    See what is in a checkpoint with [bold]inspect[/], what its graph looks like with
    [bold]analyze[/]; make checkpoints by any method of the papers with [bold]train[/]; and go the
    whole way on a small example with [bold]demo[/].
    """


app.command("inspect")(inspect_command)
app.command("analyze")(analyze_command)
app.command("follow")(follow_command)
app.command("figure")(figure_command)
app.command("findings")(findings_command)
app.command("report")(report_command)
app.command("measures")(measures_command)
app.command("train")(train_command)
app.command("sweep")(sweep_command)
app.command("perturb")(perturb_command)
app.command("export")(export_command)
app.command("demo")(demo_command)


def run() -> None:
    """Run the app; known errors become one line on stderr and status 1."""
    try:
        app()
    except SparseGraphError as error:
        _fail(str(error))
    except MemoryError:
        _fail("not enough memory; try one matrix at a time with --scope block, or fewer measures with -m")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that went away
        _fail(f"{error.filename or 'a file'}: {error.strerror or error}")
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201
        sys.exit(130)


def _fail(message: str) -> None:
    line = " ".join(message.split())
    print(f"sparsegraph: {line}", file=sys.stderr)  # noqa: T201
    sys.exit(1)
