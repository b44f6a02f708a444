"""Ctrl-C that ends a training between two calls of its kernels, where nothing is half-done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from sparsegraph.training.progress import Progress


@contextmanager
def stoppable(progress: Progress) -> Iterator[Progress]:
    """The same progress, which ends the training at its next report once Ctrl-C was pressed.

    A second Ctrl-C ends it at once.  An interrupt that falls into compiling machine code would be lost there, or take
    the interpreter with it.
    """
    if threading.current_thread() is not threading.main_thread():  # which alone may handle signals
        yield progress
        return
    stopping = _Stopping(progress)
    before = signal.getsignal(signal.SIGINT)
    try:
        yield stopping
    finally:
        signal.signal(signal.SIGINT, before)


class _Stopping:
    """Passes everything on; raises KeyboardInterrupt when it is asked to stop."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._is_asked = False

    def ask(self, number: int, frame: FrameType | None) -> None:
        """The handler of the signal."""
        del number, frame
        self._is_asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def began(self, title: str, n_epochs: int, epoch: int) -> None:
        """From now on the signal waits for a report."""
        signal.signal(signal.SIGINT, self.ask)
        self._progress.began(title, n_epochs, epoch)

    def advanced(self, epoch: int, share: float) -> None:
        """A report."""
        self._progress.advanced(epoch, share)
        self._stop_if_asked()

    def finished_epoch(self, record: dict[str, Any]) -> None:
        """A report."""
        self._progress.finished_epoch(record)
        self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        if self._is_asked:
            raise KeyboardInterrupt
