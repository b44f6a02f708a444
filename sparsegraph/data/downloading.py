"""Files from the makers' servers: only when asked, complete or not at all, recognised by their published checksum."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sparsegraph import __version__
from sparsegraph.data.places import data_folders
from sparsegraph.data.source import DATASETS, Download, Source
from sparsegraph.errors import DataSetError

Progress = Callable[[str, int, int | None], None]
"""Called with the name of the file, the bytes so far and the bytes in all (None if the server does not say)."""

CHUNK = 1 << 18

MOST_BYTES = 1 << 30
"""No file of ours is larger; a server that sends more is not the one we mean."""


def download(
    name: str | Source,
    *,
    folder: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    timeout: float = 30.0,
) -> tuple[Path, ...]:
    """Fetch the files of a data set that are not there yet.

    Parameters
    ----------
    name : str or Source
        The data set.
    folder : path, optional
        Data folder; by default that in ``SPARSEGRAPH_DATA``, else the user's cache.
    progress : callable, optional
        See :data:`Progress`.
    timeout : float
        Seconds without an answer after which the next mirror is tried.

    Returns
    -------
    tuple of Path
        The files, all there and with the published MD5.

    Raises
    ------
    DataSetError
        If the set is offered nowhere, no mirror answers, or what they send is not the published file; no part of a file
        is left.

    Notes
    -----
    A file appears under its name only after its checksum was found right (temporary file, then rename).
    """
    source = name if isinstance(name, Source) else DATASETS[name]
    if not source.downloads:
        raise DataSetError(f"{source.title} is not offered for download; see its documentation for where to get it")
    root = data_folders(folder)[0]
    return tuple(_fetched(wanted, root, progress, timeout) for wanted in source.downloads)


def _fetched(wanted: Download, root: Path, progress: Progress | None, timeout: float) -> Path:
    target = root / wanted.folder / wanted.name
    if target.is_file():
        with target.open("rb") as file:
            if hashlib.file_digest(file, _md5).hexdigest() == wanted.md5:
                return target
    from http.client import HTTPException

    failures = []
    for url in wanted.urls:
        try:
            _fetch(url, target, wanted.md5, progress, timeout)
            return target
        except (OSError, HTTPException, ValueError, DataSetError) as error:
            failures.append(f"{url}: {error}")
    raise DataSetError(
        f"{wanted.name} could not be downloaded ({'; '.join(failures)}); try again, or get it elsewhere and put it "
        f"into {target.parent}"
    )


def _fetch(url: str, target: Path, md5: str, progress: Progress | None, timeout: float) -> None:
    """One file from one server, into a temporary file that takes its name at the end."""
    from urllib.request import Request, urlopen

    if not url.startswith(("https://", "http://")):
        raise ValueError("not a web address")
    target.parent.mkdir(parents=True, exist_ok=True)
    request = Request(url, headers={"User-Agent": f"sparsegraph/{__version__}"})
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, urlopen(request, timeout=timeout) as answer:
            length = answer.headers.get("Content-Length", "")
            found = _copied(answer, file, lambda n: progress and progress(target.name, n, _count(length)))
            file.flush()
            os.fsync(file.fileno())
        if found != md5:
            raise DataSetError(f"what came has MD5 {found}; expected {md5}")
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _copied(answer: BinaryIO, file: BinaryIO, tell: Callable[[int], object]) -> str:
    """Copy piece by piece; MD5 of all."""
    digest, done = _md5(), 0
    while chunk := answer.read(CHUNK):
        done += len(chunk)
        if done > MOST_BYTES:
            raise DataSetError(f"more than {MOST_BYTES} bytes came; expected a smaller file")
        digest.update(chunk)
        file.write(chunk)
        tell(done)
    return digest.hexdigest()


def _count(length: str) -> int | None:
    return int(length) if length.isdigit() else None


def _md5() -> hashlib._Hash:
    return hashlib.md5(usedforsecurity=False)
