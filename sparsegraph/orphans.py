"""Processes that end with the one that started them."""

from __future__ import annotations

import os
import threading
import time

IDLE_SECONDS = 30
"""After so long without work a process ends by itself."""

_LOOK_EVERY = 2.0


def end_with_parent() -> None:
    """Let this process end soon after its parent did, even one that was killed and could tell nobody.

    Without it a process that hands over a result waits forever for a reader.
    """
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)
