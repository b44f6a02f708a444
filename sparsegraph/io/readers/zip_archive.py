"""Members of a zip archive, read within bounds: torch checkpoints and .npz files are such archives."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import check_expansion

_LOCAL_HEADER = 30


class ZipArchive:
    """A zip archive by its directory; every read opens the file anew.

    Parameters
    ----------
    path : Path

    Raises
    ------
    LoadError
        If the directory is damaged, a member is encrypted, or two members have one name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.members: dict[str, zipfile.ZipInfo] = {}
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise LoadError(f"a truncated or damaged zip archive ({error}); copy or save it again") from None
        for entry in entries:
            if entry.filename in self.members:
                raise LoadError(f"a zip archive with two members named {entry.filename!r}; save it again")
            if entry.flag_bits & 1:
                raise LoadError("an encrypted zip archive; unpack it first")
            self.members[entry.filename] = entry

    def read(self, name: str, limit: int) -> bytes:
        """All bytes of a member of at most ``limit`` bytes, checked against its CRC."""
        size = self.length(name)
        if size > limit:
            raise LoadError(f"member {name!r} has {size} bytes; at most {limit} are expected")
        with self.path.open("rb") as file:
            return self.read_range(file, name, 0, size)

    def length(self, name: str) -> int:
        """Declared number of bytes of a member, unpacked; checked against what the archive holds for it."""
        entry = self._entry(name)
        check_expansion(name, entry.file_size, entry.compress_size)
        if entry.compress_type == zipfile.ZIP_STORED and entry.file_size > self.size:
            raise LoadError(f"member {name!r} declares {entry.file_size} bytes in a file of {self.size}; copy it again")
        return entry.file_size

    def read_range(self, file: IO[bytes], name: str, start: int, stop: int) -> bytes:
        """Bytes ``start`` to ``stop`` of a member; the CRC is checked when they are all of it."""
        entry = self._entry(name)
        if entry.compress_type != zipfile.ZIP_STORED:
            return self._unpack(name)[start:stop]
        if not 0 <= start <= stop <= self.length(name):
            raise LoadError(f"member {name!r} ends before byte {stop}; the file is damaged: copy or save it again")
        file.seek(self._offset(file, entry) + start)
        data = file.read(stop - start)
        if len(data) != stop - start:
            raise LoadError(f"the file ends inside member {name!r}; it is truncated: copy it again")
        # torch writes a CRC of zero when it is told not to compute them
        if stop - start == entry.file_size and entry.CRC and zlib.crc32(data) != entry.CRC:
            raise LoadError(f"member {name!r} does not match its checksum; the file is damaged: copy it again")
        return data

    def stream(self, name: str) -> IO[bytes]:
        """A member as a file that is unpacked while it is read and checked against its CRC at the end."""
        self.length(name)
        return zipfile.ZipFile(self.path).open(name)

    def _unpack(self, name: str) -> bytes:
        size = self.length(name)
        with zipfile.ZipFile(self.path) as archive, archive.open(name) as member:
            data = member.read(size + 1)
        if len(data) != size:
            raise LoadError(f"member {name!r} does not have the size that it declares; copy or save it again")
        return data

    def _entry(self, name: str) -> zipfile.ZipInfo:
        try:
            return self.members[name]
        except KeyError:
            raise LoadError(f"the archive lacks its member {name!r}; it is incomplete: copy or save it again") from None

    def _offset(self, file: IO[bytes], entry: zipfile.ZipInfo) -> int:
        """Where a member's data begin: after a local header whose length the directory does not tell."""
        file.seek(entry.header_offset)
        header = file.read(_LOCAL_HEADER)
        if len(header) != _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise LoadError(f"member {entry.filename!r} is not where the directory says; copy or save the file again")
        lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        return entry.header_offset + _LOCAL_HEADER + lengths
