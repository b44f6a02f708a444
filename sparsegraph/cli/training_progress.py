"""The progress of a training run on stderr: a bar in a terminal; elsewhere, as in the log of a job, plain lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sparsegraph.cli.progress import FIRST_RUN, compiling_told, plain_line
from sparsegraph.training.progress import Progress

_N_LINES = 10


@contextmanager
def training_progress() -> Iterator[Progress]:
    """Context with a bar that shows epoch, accuracy, links, active neurons and the time left.

    Where stderr is no terminal it writes about ten lines in all.
    """
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.table import Column
    from rich.text import Text

    from sparsegraph.kernels.compiling import on_first_compilation

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        with compiling_told():
            yield _Lines()
        return
    columns = (
        TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
        BarColumn(bar_width=12, table_column=Column(min_width=6)),
        TextColumn("{task.fields[epochs]}", table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[state]}", table_column=Column(no_wrap=True)),
        TimeRemainingColumn(compact=True, table_column=Column(no_wrap=True)),
    )
    with Bars(*columns, console=console, expand=True) as bars:
        on_first_compilation(lambda: console.print(Text(FIRST_RUN, style="dim")))
        yield _Bar(bars)


class _Lines:
    """Progress in plain lines."""

    def __init__(self) -> None:
        self._title = ""
        self._n_epochs = 1

    def began(self, title: str, n_epochs: int, epoch: int) -> None:
        """The run starts, or goes on after ``epoch``."""
        self._title, self._n_epochs = title, n_epochs
        if epoch < n_epochs:
            plain_line(f"{title}: training, epoch {epoch + 1} of {n_epochs}")

    def advanced(self, epoch: int, share: float) -> None:
        """Nothing: an epoch is short."""

    def finished_epoch(self, record: dict[str, Any]) -> None:
        """A line for every tenth of the epochs."""
        epoch = record["epoch"]
        if epoch % max(1, self._n_epochs // _N_LINES) == 0 or epoch == self._n_epochs:
            plain_line(f"{self._title}: epoch {epoch} of {self._n_epochs}, {100 * record['test']['accuracy']:.2f} %")


class _Bar:
    """Progress shown by rich."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._task = bars.add_task("loading", total=1.0, epochs="", state="")
        self._n_epochs = 1

    def began(self, title: str, n_epochs: int, epoch: int) -> None:
        """The run starts, or goes on after ``epoch``."""
        self._n_epochs = n_epochs
        self._bars.reset(self._task, total=float(n_epochs), completed=float(epoch), description=title)
        self._bars.update(self._task, epochs=f"{epoch}/{n_epochs}")

    def advanced(self, epoch: int, share: float) -> None:
        """Within an epoch."""
        self._bars.update(self._task, completed=epoch - 1 + share)

    def finished_epoch(self, record: dict[str, Any]) -> None:
        """An epoch is done."""
        anp = record["anp"]
        parts = [f"{100 * record['test']['accuracy']:.2f} %", f"{sum(record['links']):,} links"]
        if anp is not None:
            parts.append(f"ANP {100 * anp['whole']:.0f} %")
        epoch = record["epoch"]
        self._bars.update(self._task, completed=epoch, epochs=f"{epoch}/{self._n_epochs}", state="  ".join(parts))
