"""Published files are recognised by size and checksum, packed or not, and never unpacked beyond their size."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from sparsegraph.data.contents import archive_contents, file_content
from sparsegraph.errors import DataSetError

CONTENT = b"first and last"
MD5 = hashlib.md5(CONTENT).hexdigest()


def md5_of(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(CONTENT))
    return path


def test_plain_and_packed_hold_the_same(plain: Path, packed: Path) -> None:
    assert file_content(plain, len(CONTENT), MD5).tobytes() == CONTENT
    assert file_content(plain, None, MD5).tobytes() == CONTENT
    assert file_content(packed, len(CONTENT), MD5).tobytes() == CONTENT
    assert file_content(packed, len(CONTENT), None).tobytes() == CONTENT


@pytest.mark.parametrize(
    ("size", "md5", "message"),
    [
        (len(CONTENT) + 1, MD5, "ends after 14 bytes; expected 15"),
        (len(CONTENT) - 1, MD5, "goes on after 13 bytes"),
        (len(CONTENT), MD5[::-1], "not the expected checksum"),
        (1 << 40, MD5, "expected at most"),
    ],
)
def test_other_sizes_and_checksums(plain: Path, packed: Path, size: int, md5: str, message: str) -> None:
    for path in (plain, packed):
        with pytest.raises(DataSetError, match=message):
            file_content(path, size, md5)


def test_a_gzip_bomb_is_left_packed(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(64 << 20)))
    tracemalloc.start()
    with pytest.raises(DataSetError, match="goes on after 100 bytes"):
        file_content(path, 100, None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_a_damaged_gzip_file(packed: Path) -> None:
    stored = bytearray(packed.read_bytes())
    stored[12] ^= 0xFF
    packed.write_bytes(stored)
    with pytest.raises(DataSetError, match=r"cannot be read|ends after|expected checksum"):
        file_content(packed, len(CONTENT), MD5)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def taped(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("link-to/file"))
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_archives(tmp_path: Path) -> None:
    members = {"set/other": b"x", "set/b.gz": gzip.compress(CONTENT), "set/a": b"abc"}
    for path in (zipped(tmp_path / "set.zip", members), taped(tmp_path / "set.tar.gz", members)):
        found = archive_contents(path, md5_of(path), {"a": None, "b": len(CONTENT)})
        assert {name: content.tobytes() for name, content in found.items()} == {"a": b"abc", "b": CONTENT}
        with pytest.raises(DataSetError, match="holds no c, d"):
            archive_contents(path, md5_of(path), {"a": 3, "c": 1, "d": None})
        with pytest.raises(DataSetError, match="not the expected checksum"):
            archive_contents(path, MD5, {"a": 3})
        with pytest.raises(DataSetError, match="goes on"):
            archive_contents(path, md5_of(path), {"a": 2})


@pytest.mark.parametrize("name", ["set.zip", "set.tar.gz"])
def test_what_is_no_archive(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CONTENT)
    with pytest.raises(DataSetError, match="cannot be read"):
        archive_contents(path, MD5, {"a": 1})
