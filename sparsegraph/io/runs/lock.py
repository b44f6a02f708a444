"""One writer at a time for each run directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sparsegraph.errors import SparseGraphError

LOCK = ".lock"


@contextmanager
def locked(directory: Path) -> Iterator[IO[bytes]]:
    """An open file that holds the directory until it is closed or its process ends, however that happens.

    The context closes it after an error only: whoever enters it takes it over.

    Raises
    ------
    SparseGraphError
        If another process holds it.

    Notes
    -----
    An advisory lock of the operating system; where there is none (Windows, some network file systems), nothing is
    held and nothing refused.
    """
    file = (directory / LOCK).open("ab")
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise SparseGraphError(f"{directory}: another process writes this run; wait for it or stop it") from None
    except (ImportError, OSError):
        pass
    try:
        yield file
    except BaseException:
        file.close()
        raise
