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
    from rich.text import Text

    from sparsegraph.kernels.compiling import on_first_compilation

    console = Console(stderr=True, highlight=False, markup=False)
    with console.status(Text(title)) as status:
        on_first_compilation(
            lambda: console.print(Text("first run: compiling the kernels (once, up to a minute)", style="dim"))
        )
        yield lambda step: status.update(Text(f"{title}: {step}"))
