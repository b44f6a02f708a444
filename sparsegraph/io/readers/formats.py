"""The file formats: how each is recognised by its content, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.tensor import StoredTensor
from sparsegraph.registry import Registry

HEAD_BYTES = 4096


@dataclass(frozen=True)
class Head:
    """The beginning of a file: all that recognition looks at, besides a zip archive's directory.

    Parameters
    ----------
    path : Path
    size : int
        Bytes in the file.
    start : bytes
        The first 4096 bytes.
    """

    path: Path
    size: int
    start: bytes

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names of the members if this is a zip archive, else nothing."""
        if not self.start.startswith(b"PK\x03\x04"):
            return ()
        from sparsegraph.io.readers.zip_archive import ZipArchive

        return tuple(ZipArchive(self.path).members)


@dataclass(frozen=True)
class Found:
    """What a reader found in a file.

    Parameters
    ----------
    format : str
        As in :class:`~sparsegraph.io.tensor.Contents`.
    tensors : tuple of StoredTensor
    notes : tuple of str
    files : tuple of Path
        The files that were read where they are not the one that was asked for (shards).
    """

    format: str
    tensors: tuple[StoredTensor, ...]
    notes: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Format:
    """A file format.

    Parameters
    ----------
    recognise : callable
        Takes a :class:`Head`; True if the file is of this format.
    read : callable
        Takes the path of a regular file that was recognised; returns :class:`Found`.  Reads names and shapes only.
    rank : int
        Formats of low rank are asked first: 0 for those with an unmistakable beginning.
    """

    recognise: Callable[[Head], bool]
    read: Callable[[Path], Found]
    rank: int = 0


def _fill() -> None:
    import sparsegraph.io.readers.hdf5_file
    import sparsegraph.io.readers.index_file
    import sparsegraph.io.readers.matlab_file
    import sparsegraph.io.readers.numpy_file
    import sparsegraph.io.readers.onnx_file
    import sparsegraph.io.readers.pickle_file
    import sparsegraph.io.readers.run_file
    import sparsegraph.io.readers.safetensors_file
    import sparsegraph.io.readers.torch_file  # noqa: F401


formats: Registry[Format] = Registry("file format", group="sparsegraph.formats", fill=_fill)


def recognise(head: Head) -> Format:
    """The format of a file, by its content.

    Raises
    ------
    LoadError
        If no format claims it; says what the file looks like.
    """
    for candidate in sorted((formats[name] for name in formats), key=lambda f: f.rank):
        if candidate.recognise(head):
            return candidate
    raise LoadError(f"{_looks_like(head)}; known are: {', '.join(formats)}")


_FOREIGN = (
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself: run `git lfs pull`"),
    (b"\x1f\x8b", "compressed by gzip: unpack it first"),
    (b"BZh", "compressed by bzip2: unpack it first"),
    (b"\xfd7zXZ", "compressed by xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstandard: unpack it first"),
    (b"PK\x03\x04", "a zip archive that holds no checkpoint: unpack it first"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"GGUF", "a GGUF file, which is not read: convert it to safetensors"),
    (b"<", "a page of HTML or XML, perhaps a failed download: download the file itself"),
)


def _looks_like(head: Head) -> str:
    for magic, description in _FOREIGN:
        if head.start.startswith(magic):
            return description
    if head.start[257:262] == b"ustar":
        return "a tar archive: unpack it first"
    return f"no checkpoint format that is known (it begins with the bytes {head.start[:8].hex(' ')})"
