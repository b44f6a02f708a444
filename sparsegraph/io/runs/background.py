"""Work done in order on one thread beside the training."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from sparsegraph.errors import SparseGraphError
from sparsegraph.io.door import plain


class Background:
    """One thread that does tasks in order.

    After a task fails the rest is left undone, and the next call says why.

    Parameters
    ----------
    what : str
        Stands in front of messages.
    n_waiting : int
        Tasks that may wait; beyond that :meth:`submit` waits itself, so that memory stays bounded.
    """

    def __init__(self, what: str, n_waiting: int = 8) -> None:
        self._what = plain(what)
        self._tasks: queue.Queue[Callable[[], None] | None] = queue.Queue(n_waiting)
        self._error: Exception | None = None
        # a thread that died with the process loses nothing: every file is whole or not there
        self._thread = threading.Thread(target=self._work, name="sparsegraph-writer", daemon=True)
        self._thread.start()

    def submit(self, task: Callable[[], None]) -> None:
        """Add a task.

        Raises
        ------
        SparseGraphError
            If an earlier one failed on the disk; other errors are raised as they were.
        """
        self._check()
        self._tasks.put(task)

    def flush(self) -> None:
        """Wait until all tasks are done; raises as :meth:`submit`."""
        self._tasks.join()
        self._check()

    def close(self) -> None:
        """Finish all tasks and end the thread; raises as :meth:`submit`."""
        if self._thread.is_alive():
            self._tasks.put(None)
            self._thread.join()
        self._check()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                if self._error is None:
                    task()
            except Exception as error:
                self._error = error
            finally:
                self._tasks.task_done()
        self._tasks.task_done()

    def _check(self) -> None:
        if isinstance(self._error, OSError):
            reason = plain(self._error.strerror or str(self._error))
            raise SparseGraphError(
                f"{self._what}: cannot be written ({reason}); what was written before is whole: make room or free the "
                "folder, then go on with --resume (resume=True)"
            ) from self._error
        if self._error is not None:
            raise self._error
