"""Work on a Dask cluster: the same function of each task, wherever there is a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from sparsegraph.errors import SparseGraphError

PATIENCE = 20
"""Seconds until a scheduler must have answered, and then until it must have a worker."""

Task = TypeVar("Task")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Outcome(Generic[Answer]):
    """What became of a task.

    Parameters
    ----------
    answer : object
        Of the function; None if there is an error.
    error : Exception, optional
        What the function raised, or what Dask tells of workers that died again and again.
    """

    answer: Answer | None
    error: BaseException | None = None

    def result(self) -> Answer:
        """The answer, or the error raised."""
        if self.error is not None:
            raise self.error
        return cast(Answer, self.answer)


def on_cluster(
    address: str, function: Callable[[Task], Answer], tasks: Iterable[Task], *, retries: int = 0
) -> Iterator[tuple[Task, Outcome[Answer]]]:
    """Give the tasks to the workers of a scheduler; each task with its outcome as it comes.

    Parameters
    ----------
    address : str
        Of a Dask scheduler, such as "tcp://node:8786".
    function : callable
        Of a module, so that workers find it.
    tasks : iterable
        Each one argument.
    retries : int
        How often a function that raised is called again.  A task whose worker died is begun anew on another one in
        any case, up to the three times that Dask allows.

    Raises
    ------
    SparseGraphError
        If dask.distributed is not installed, nothing answers at the address, or no worker comes.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise SparseGraphError(
            "--scheduler (scheduler=) needs dask.distributed: pip install 'sparsegraph[cluster]'"
        ) from None
    with _connected(Client, address) as client:
        futures = {client.submit(function, task, pure=False, retries=retries): task for task in tasks}
        for future in as_completed(futures):
            error = future.exception()
            yield futures.pop(future), Outcome(None if error else future.result(), error)


def _connected(client: Any, address: str) -> Any:
    try:
        connected = client(address, timeout=f"{PATIENCE}s")
    except (OSError, TimeoutError, ValueError) as error:
        raise SparseGraphError(f"no Dask scheduler answers at {address} ({' '.join(str(error).split())})") from None
    try:
        connected.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        connected.close()
        raise SparseGraphError(
            f"the Dask scheduler at {address} has no worker; start one with dask worker {address}"
        ) from None
    return connected
