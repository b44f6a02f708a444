"""Progress on stderr: a line that changes in a terminal; elsewhere nothing, or plain lines where work takes minutes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FIRST_RUN = "first run: compiling the kernels (once, up to a minute)"

_COUNT = re.compile(r"\d[\d,]* of \d.*")


@contextmanager
def steps(title: str, *, lines: bool = False) -> Iterator[Callable[[str], None]]:
    """Context whose function shows in words what is done now; says once that kernels compile if they do.

    Where stderr is no terminal it is silent, or with ``lines`` writes a line for each step; of steps that count only
    the first.
    """
    if not sys.stderr.isatty():
        if lines:
            with compiling_told():
                yield _line_by_line(title)
        else:
            yield lambda step: None
        return
    from rich.console import Console
    from rich.text import Text

    from sparsegraph.kernels.compiling import on_first_compilation

    console = Console(stderr=True, highlight=False, markup=False)
    with console.status(Text(title)) as status:
        on_first_compilation(lambda: console.print(Text(FIRST_RUN, style="dim")))
        yield lambda step: status.update(Text(f"{title}: {step}"))


@contextmanager
def compiling_told() -> Iterator[None]:
    """Context in which a plain line says that kernels compile, if they do."""
    from sparsegraph.kernels.compiling import on_first_compilation

    inside = True

    def tell() -> None:
        if inside:
            plain_line(FIRST_RUN)

    on_first_compilation(tell)
    try:
        yield
    finally:
        inside = False


def plain_line(text: str) -> None:
    """A line on stderr, at once and as it is."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def _line_by_line(title: str) -> Callable[[str], None]:
    told = ""

    def tell(step: str) -> None:
        nonlocal told
        if (without_count := _COUNT.sub("", step)) != told:
            told = without_count
            plain_line(f"{title}: {step}")

    return tell
