"""Bytes of published files, recognised by size and checksum before anything reads them."""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np

from sparsegraph.errors import DataSetError

LARGEST = 1 << 29
"""Bytes beyond any published file here whose size is not in our tables; the largest one has 188 MB."""

DAMAGE = (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile, NotImplementedError)
"""What the readers of the standard library raise on damaged files."""


def file_content(path: Path, size: int | None, md5: str | None) -> np.ndarray:
    """What a file holds, unpacked if its name ends in .gz: bytes of the known size with the expected MD5.

    Parameters
    ----------
    path : Path
        The file.
    size : int or None
        Bytes that it must hold; None takes them from the file itself, which is then not packed.
    md5 : str or None
        MD5 of the content; None if none is known.

    Raises
    ------
    DataSetError
        If the file cannot be read, has another size or another checksum.
    """
    with _damage_named(path), path.open("rb") as file:
        if size is None:
            size = os.fstat(file.fileno()).st_size
        content = _exactly(gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file, size, str(path))
    if md5 is not None and hashlib.md5(content.data, usedforsecurity=False).hexdigest() != md5:
        raise DataSetError(
            f"{path} has not the expected checksum (MD5 {md5}): it is damaged or belongs to another data set; get it "
            "again, give each data set a folder of its own, or save your own variant as .npz and load that by its path"
        )
    return content


def archive_contents(path: Path, md5: str, sizes: Mapping[str, int | None]) -> dict[str, np.ndarray]:
    """Contents of the named members of a .zip or .tar.gz with the expected MD5; nothing is written to the disk.

    Members are found by the last part of their name; those that end in .gz are unpacked.

    Raises
    ------
    DataSetError
        If the archive cannot be read, has another checksum, or lacks a member.
    """
    found: dict[str, np.ndarray] = {}
    with _damage_named(path):
        with path.open("rb") as file:
            if hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() != md5:
                raise DataSetError(f"{path} has not the expected checksum (MD5 {md5}): get it again")
        for name, length, stream in _members(path):
            stem = name.removesuffix(".gz")
            if stem in sizes and stem not in found:
                unpacked = gzip.GzipFile(fileobj=stream) if name != stem else stream
                size = sizes[stem]
                found[stem] = _exactly(unpacked, length if size is None else size, f"{path}: {name}")
            if len(found) == len(sizes):
                break
    if missing := sorted(set(sizes) - set(found)):
        raise DataSetError(f"{path} holds no {', '.join(missing)}: get it again")
    return found


def _members(path: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and content of the files in an archive, in its own order: a .tar.gz can only be read forward."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    yield PurePosixPath(entry.filename).name, entry.file_size, stream
        return
    with tarfile.open(path, "r:gz") as tape:
        for member in tape:
            extracted = tape.extractfile(member) if member.isreg() else None
            if extracted is not None:
                with extracted:
                    yield PurePosixPath(member.name).name, member.size, extracted


def _exactly(stream: IO[bytes] | gzip.GzipFile, size: int, name: str) -> np.ndarray:
    """The whole stream as bytes, which must be ``size`` of them; never reads more than one beyond."""
    if size > LARGEST:
        raise DataSetError(f"{name} is {size} bytes long; expected at most {LARGEST}: get the file again")
    content = np.empty(size, np.uint8)
    view, done = content.data, 0
    while done < size:
        n_read = stream.readinto(view[done:])  # type: ignore[union-attr]
        if not n_read:
            raise DataSetError(f"{name} ends after {done} bytes; expected {size}: get the file again")
        done += n_read
    if stream.read(1):
        raise DataSetError(f"{name} goes on after {size} bytes, where it should end: get the file again")
    return content


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise DataSetError(f"{path} cannot be read ({error}): get the file again") from None
