"""Progress on stderr, for people only: silent when stderr is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Context whose function shows in words what is done now; says once that kernels compile if they do."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    from sparsegraph.kernels.compiling import on_first_compilation

    console = Console(stderr=True)
    with console.status(title) as status:
        on_first_compilation(
            lambda: console.print("[dim]first run: compiling the kernels (once, up to a minute)[/]", highlight=False)
        )
        yield lambda step: status.update(f"{title}: {step}")
