"""How many processes or threads are used where nobody says."""

from __future__ import annotations

import os


def n_processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
