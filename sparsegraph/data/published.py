"""Data sets in the files of their makers: which files, where they may lie, how they are recognised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sparsegraph.data.contents import archive_contents, file_content
from sparsegraph.data.source import Place, Raw
from sparsegraph.errors import MissingDataError


@dataclass(frozen=True)
class PublishedFile:
    """One file: its name unpacked, its size in bytes (None if not known), its MD5 (None if nobody published one).

    The file may lie packed with gzip beside that name; size and MD5 are those of what is inside.
    """

    name: str
    size: int | None
    md5: str | None


@dataclass(frozen=True)
class Edition:
    """One form in which a data set is published.

    Parameters
    ----------
    files : tuple of PublishedFile
        All are needed.
    decode : callable
        From the contents, bytes by name, to a :class:`Raw`.
    folders : tuple of str
        Folders under a data folder in which they may lie; the data folder itself comes last.
    archive, archive_md5 : str
        A .zip or .tar.gz that holds them all, read as it is; empty if there is none.
    """

    files: tuple[PublishedFile, ...]
    decode: Callable[[Mapping[str, np.ndarray]], Raw]
    folders: tuple[str, ...]
    archive: str = ""
    archive_md5: str = ""


@dataclass(frozen=True)
class PublishedSet:
    """Reader of a data set that exists in one or more editions; an object to call, see :class:`Source`.

    Parameters
    ----------
    title : str
        Name to print.
    editions : tuple of Edition
        The best first.
    obtain : str
        What to do without the files, the last part of the message.
    """

    title: str
    editions: tuple[Edition, ...]
    obtain: str

    def __call__(self, place: Place) -> Raw:
        """Read the first complete edition that lies in one of the folders of ``place``.

        Raises
        ------
        MissingDataError
            If there is none.
        DataSetError
            If a file is damaged or is not the published one.
        """
        incomplete: list[str] = []
        for root in place.roots:
            for edition in self.editions:
                for folder in (*(root / name for name in edition.folders), root):
                    paths = {file.name: _beside(folder, file.name) for file in edition.files}
                    there = {name: path for name, path in paths.items() if path is not None}
                    if len(there) == len(edition.files):
                        return self._from_files(edition, there)
                    if edition.archive and (folder / edition.archive).is_file():
                        return self._from_archive(edition, folder / edition.archive)
                    if there:
                        incomplete.append(f"{', '.join(sorted(set(paths) - set(there)))} in {folder}")
        raise MissingDataError(self._missing(place, incomplete))

    def _from_files(self, edition: Edition, paths: Mapping[str, Path]) -> Raw:
        contents = {file.name: file_content(paths[file.name], file.size, file.md5) for file in edition.files}
        known = all(file.md5 for file in edition.files)
        return replace(
            edition.decode(contents), checksum="MD5 verified" if known else "sizes verified, no MD5 is published"
        )

    def _from_archive(self, edition: Edition, path: Path) -> Raw:
        contents = archive_contents(path, edition.archive_md5, {file.name: file.size for file in edition.files})
        return replace(edition.decode(contents), checksum=f"MD5 of {path.name} verified")

    def _missing(self, place: Place, incomplete: list[str]) -> str:
        roots = " or ".join(str(root) for root in place.roots)
        best = self.editions[0]
        found = f"missing {'; missing '.join(incomplete)}" if incomplete else f"not found in {roots}"
        return (
            f"{self.title}: {found}; expected {', '.join(file.name for file in best.files)} (packed as .gz or not) in "
            f"FOLDER/{best.folders[0]}, FOLDER being given by --data-dir (folder=) or named by SPARSEGRAPH_DATA; "
            f"{self.obtain}; 'digits' and 'synthetic' need no files"
        )


def _beside(folder: Path, name: str) -> Path | None:
    """The file of that name, packed or not; some copies write a dot before "idx" where the makers have a hyphen."""
    names = (name, f"{name}.gz", name.replace("-idx", ".idx"), f"{name.replace('-idx', '.idx')}.gz")
    return next((folder / each for each in names if (folder / each).is_file()), None)
