"""Data sets from their official mirrors, with a bar on stderr."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def fetch(names: Iterable[str], folder: Path | None) -> None:
    """Download the files of these data sets that are not there yet; those that need none are passed over."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

    from sparsegraph.data import DATASETS, download

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(file: str, done: int, total: int | None) -> None:
            if file not in tasks:
                tasks[file] = bars.add_task(file, total=total)
            bars.update(tasks[file], completed=done)

        for name in sorted(set(names)):
            if not name.endswith(".npz") and DATASETS[name].downloads:
                download(name, folder=folder, progress=advance)
