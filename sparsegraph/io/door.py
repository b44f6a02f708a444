"""The one door through which files come in: whatever a library throws becomes one line for the user."""

from __future__ import annotations

import errno
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sparsegraph.errors import LoadError, SparseGraphError

_MOST_CHARACTERS = 300


@contextmanager
def refusals(what: str | os.PathLike[str]) -> Iterator[None]:
    """Turn every exception of the body into a :class:`LoadError` of one line that starts with ``what``.

    Errors that sparsegraph raises on purpose pass through with ``what`` in front.  Warnings of the libraries are
    silent: what matters of them is in the notes.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except SparseGraphError as error:
        raise type(error)(f"{plain(os.fspath(what))}: {plain(str(error))}") from None
    except Exception as error:
        raise LoadError(f"{plain(os.fspath(what))}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "asks for more memory than there is; the file may be damaged"
    # libraries raise OSError for damage as well, without a code or with EINVAL (a seek to before the beginning)
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        return f"cannot be read ({plain(error.strerror or str(error))}); check the path and its permissions"
    said = f"{type(error).__name__}: {plain(str(error))}"
    return f"damaged or not what it claims to be ({said}); copy or save it again"


def plain(text: str) -> str:
    """``text`` on one line of printable characters, cut to a readable length."""
    line = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return line if len(line) <= _MOST_CHARACTERS else line[: _MOST_CHARACTERS - 3] + "..."


def regular_size(path: Path) -> int:
    """Size in bytes of a regular file (or of the one that a symbolic link leads to); never opens it.

    Raises
    ------
    LoadError
        If it is missing, a pipe, a device or a socket (opening one could wait for ever), a directory, or empty.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        kind = "a symbolic link to nothing" if path.is_symlink() else "no such file"
        raise LoadError(f"{kind}; expected a checkpoint: check the path") from None
    if stat.S_ISDIR(status.st_mode):
        raise LoadError("a directory; expected a file: name one of the files in it")
    if not stat.S_ISREG(status.st_mode):
        raise LoadError("a pipe, socket or device; expected a regular file: copy its content to a file first")
    if status.st_size == 0:
        raise LoadError("empty (0 bytes); expected a checkpoint: copy or save it again")
    return status.st_size
