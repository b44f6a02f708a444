"""Processes that end with the one that started them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sparsegraph.errors import ProcessDiedError

Task = TypeVar("Task")
Answer = TypeVar("Answer")

IDLE_SECONDS = 30
"""After so long without work a process ends by itself."""

_LOOK_EVERY = 2.0


def in_processes(
    function: Callable[[Task], Answer],
    tasks: Iterable[Task],
    *,
    n_jobs: int,
    threads: int | None = None,
    **dispatch: Any,
) -> Iterator[Answer]:
    """Answers of a function to each task, as they come, from processes that end when this one does or has no work.

    Parameters
    ----------
    function : callable
        Takes a task.
    tasks : iterable
    n_jobs : int
        Processes; with 1 the work is done in this one.
    threads : int, optional
        Of numerical libraries, in each process; by default its share of the processors.
    **dispatch
        How joblib hands the tasks over: ``batch_size``, ``pre_dispatch``.

    Raises
    ------
    ProcessDiedError
        If one of them dies.
    """
    if n_jobs == 1:
        yield from map(function, tasks)
        return
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    alive = {"idle_worker_timeout": IDLE_SECONDS, "initializer": end_with_parent}
    with parallel_config(backend="loky", n_jobs=n_jobs, inner_max_num_threads=threads, **alive):
        workers = Parallel(return_as="generator_unordered", **dispatch)
    try:
        yield from workers(delayed(function)(task) for task in tasks)
    except TerminatedWorkerError:
        raise ProcessDiedError(f"one of {n_jobs} processes died, likely for want of memory; try fewer") from None


def end_with_parent() -> None:
    """Let this process end soon after its parent did, even one that was killed and could tell nobody.

    Without it a process that hands over a result waits forever for a reader.
    """
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)
