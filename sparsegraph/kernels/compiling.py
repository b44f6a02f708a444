"""Word to the user when kernels compile, which happens once per machine and takes seconds."""

from __future__ import annotations

from collections.abc import Callable

from numba.core import event


class _Once(event.Listener):
    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce: Callable[[], None] | None = announce

    def on_start(self, event: event.Event) -> None:
        """Call the announcement on the first compilation, and forget it."""
        if self._announce is not None:
            announce, self._announce = self._announce, None
            announce()

    def on_end(self, event: event.Event) -> None:
        """Nothing."""


def on_first_compilation(announce: Callable[[], None]) -> None:
    """Call ``announce`` once, when the first kernel that is not in the cache is compiled."""
    event.register("numba:compile", _Once(announce))
