"""Where published files may lie, which edition is taken, and what is said where none is complete."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.data.published import Edition, PublishedFile, PublishedSet
from sparsegraph.data.source import Place, Raw
from sparsegraph.errors import DataSetError, MissingDataError

MD5 = {name: hashlib.md5(name.encode()).hexdigest() for name in ("a-idx1", "b-idx1", "old")}


def decode(contents: Mapping[str, np.ndarray]) -> Raw:
    """The names of the files are their contents here; they come back as a note."""
    empty = (np.zeros((1, 1)), np.zeros(1, int))
    return Raw(empty, None, (1, 1, 1), 1, notes=tuple(content.tobytes().decode() for content in contents.values()))


def reader(archive_md5: str = "") -> PublishedSet:
    new = tuple(PublishedFile(name, 6, MD5[name]) for name in ("a-idx1", "b-idx1"))
    old = (PublishedFile("old", None, None),)
    return PublishedSet(
        "Letters",
        (Edition(new, decode, ("letters", "Letters/raw"), "all.zip", archive_md5), Edition(old, decode, ("letters",))),
        "or write them yourself",
    )


def put(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        stem = name.removesuffix(".gz").replace(".idx", "-idx").encode()
        (folder / name).write_bytes(gzip.compress(stem) if name.endswith(".gz") else stem)


@pytest.mark.parametrize("folder", ["letters", "Letters/raw", "."])
@pytest.mark.parametrize("names", [("a-idx1", "b-idx1.gz"), ("a.idx1", "b.idx1.gz")])
def test_layouts(tmp_path: Path, folder: str, names: tuple[str, ...]) -> None:
    put(tmp_path / "there" / folder, *names)
    raw = reader()(Place((tmp_path / "elsewhere", tmp_path / "there"), 0))
    assert raw.notes == ("a-idx1", "b-idx1")
    assert raw.checksum == "MD5 verified"


def test_the_better_edition_first_and_the_other_named_unverified(tmp_path: Path) -> None:
    put(tmp_path, "old")
    raw = reader()(Place((tmp_path,), 0))
    assert (raw.notes, raw.checksum) == (("old",), "sizes verified, no MD5 is published")
    put(tmp_path, "a-idx1", "b-idx1")
    assert reader()(Place((tmp_path,), 0)).notes == ("a-idx1", "b-idx1")


def test_an_archive_is_read_as_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("a-idx1", "b-idx1"):
            archive.writestr(f"gzip/{name}.gz", gzip.compress(name.encode()))
    md5 = hashlib.md5((tmp_path / "all.zip").read_bytes()).hexdigest()
    raw = reader(md5)(Place((tmp_path,), 0))
    assert (raw.notes, raw.checksum) == (("a-idx1", "b-idx1"), "MD5 of all.zip verified")


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError) as missing:
        reader()(Place((tmp_path, tmp_path / "second"), 0))
    message = str(missing.value)
    for part in (str(tmp_path), "second", "a-idx1, b-idx1", "SPARSEGRAPH_DATA", "write them yourself", "'digits'"):
        assert part in message
    assert "\n" not in message
    put(tmp_path / "letters", "a-idx1")
    with pytest.raises(MissingDataError, match=r"missing b-idx1 in .*letters"):
        reader()(Place((tmp_path,), 0))


def test_files_of_another_set(tmp_path: Path) -> None:
    put(tmp_path, "a-idx1", "b-idx1")
    (tmp_path / "b-idx1").write_bytes(b"c-idx1")
    with pytest.raises(DataSetError, match="belongs to another data set"):
        reader()(Place((tmp_path,), 0))
