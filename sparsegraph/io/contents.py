"""Any checkpoint to named tensors: recognise, read the names and shapes, guard the rest."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import sparse

from sparsegraph.errors import LoadError
from sparsegraph.io.door import refusals, regular_size
from sparsegraph.io.limits import N_TENSORS, check_total
from sparsegraph.io.names import harmless, listed, unique
from sparsegraph.io.readers.formats import HEAD_BYTES, Found, Head, formats, recognise
from sparsegraph.io.runs.layout import damage, final_snapshot, is_run, run_at, snapshot_at
from sparsegraph.io.runs.listing import entries, runs_at
from sparsegraph.io.runs.stopped import behind
from sparsegraph.io.tensor import Contents, StoredTensor

FINAL_SNAPSHOT = "the final snapshot of the run"
"""How the note begins that says which file of a run was read: no warning, but no less to be told."""

_SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.)")


def read_contents(path: str | os.PathLike[str], *, max_memory: int | None = None) -> Contents:
    """Names, shapes and types of everything that a checkpoint holds; values are read later, one tensor at a time.

    The format is recognised by the content, never by the extension.  No code in the file is run.  In names, characters
    that do not print stand as escapes such as ``\\x1b``, and a name that occurs again has a number behind it.

    Parameters
    ----------
    path : path
        A file, a symbolic link to one, a shard index, a directory that holds one index or one checkpoint, or the
        directory of a run, whose final snapshot is read, as a note says; ``RUN@N`` is its snapshot with the number N.
    max_memory : int, optional
        Bytes that one tensor may take once read; larger ones are refused by their ``read``.  Default: no limit
        besides those of :mod:`sparsegraph.io.limits`.

    Returns
    -------
    Contents

    Raises
    ------
    UnsafeFileError
        If the file can be read only by running code stored in it; names what it asked for.
    LoadError
        If it cannot be read for another reason: missing, damaged, of no known format.  ``read`` of a tensor raises
        the same.

    Notes
    -----
    Reads the file once for its SHA-256.
    """
    if not os.fspath(path):
        raise LoadError("an empty path; expected the name of a checkpoint or of a folder")
    with refusals(path):
        file = checkpoint_file(Path(path))
        found = open_file(file)
        if not found.tensors:
            reasons = f" ({listed(found.notes, 3, '; ')})" if found.notes else ""
            raise LoadError(f"{found.format} without a tensor or array of numbers{reasons}; expected weights or masks")
        if len(found.tensors) > N_TENSORS:
            raise LoadError(f"holds {len(found.tensors)} tensors; at most {N_TENSORS} are expected")
        files = found.files or (file,)
        check_total(sum(t.n_bytes for t in found.tensors), sum(f.stat().st_size for f in files))
        digest = _digest(files)
        notes = _of_run(Path(path), file) if is_run(Path(path)) else []
    names = unique(harmless(tensor.name) for tensor in found.tensors)
    named = (replace(tensor, name=name) for tensor, name in zip(found.tensors, names, strict=True))
    tensors = tuple(_guarded(tensor, os.fspath(path), max_memory) for tensor in named)
    told = tuple(harmless(note) for note in (*notes, *found.notes))
    return Contents(found.format, tensors, digest, told, max_memory)


def _of_run(run: Path, file: Path) -> list[str]:
    """Which snapshot stands for a run, and whether the run went on after it."""
    told = [f"{FINAL_SNAPSHOT}: {file.parent.name}/{file.name}", behind(run)]
    return [note for note in told if note]


def checkpoint_file(path: Path) -> Path:
    """The file that a path stands for: itself; of a run the final snapshot, or with ``@N`` that one; of a directory its
    index or checkpoint."""
    run, number = run_at(path)
    if number:
        return snapshot_at(run, number)
    if not path.is_dir():
        return path
    if wrong := damage(path):
        raise LoadError(wrong)
    return final_snapshot(path) if is_run(path) else _only_checkpoint(path)


def open_file(path: Path) -> Found:
    """Recognise one regular file and read its names and shapes, without the door's translation of errors."""
    return recognise(head_of(path)).read(path)


def open_shard(path: Path) -> Found:
    """Recognise and read one file of a set; an index is no shard, so that indices cannot lead to each other.

    Raises
    ------
    LoadError
        If the file is of another format than safetensors or torch.
    """
    head = head_of(path)
    for name in ("safetensors", "torch zip", "torch legacy"):
        if formats[name].recognise(head):
            return formats[name].read(path)
    raise LoadError("neither a safetensors nor a torch file; download or copy it again")


def head_of(path: Path) -> Head:
    """The beginning of a regular file."""
    size = regular_size(path)
    with path.open("rb") as file:
        return Head(path, size, file.read(HEAD_BYTES))


def _only_checkpoint(directory: Path) -> Path:
    """The shard index of a directory, or else the only file in it that is a checkpoint."""
    files = sorted(entry for entry in directory.iterdir() if entry.is_file())
    indices = [file for file in files if file.name.endswith(".index.json")]
    candidates = indices or [file for file in files if is_checkpoint(file)]
    if len(candidates) == 1:
        return candidates[0]
    if not candidates and (runs := [run for entry in entries(directory) for run in runs_at(entry)]):
        names = [harmless(str(run.relative_to(directory))) for run in runs]
        raise LoadError(f"a folder of runs ({listed(names, 4)}); expected one of them: {harmless(str(runs[0]))}")
    kind = "shard indices" if indices else "checkpoints"
    names = [harmless(file.name) for file in candidates]
    some = f" ({listed(names, 4)})" if names else ""
    if names and all(_SHARD.search(name) for name in names):
        raise LoadError(
            f"a directory with {len(names)} shards{some} but without their index (such as {_index_of(names[0])}); "
            "download the index too, or name one of the shards to read it by itself"
        )
    raise LoadError(f"a directory with {len(names)} {kind}{some}; expected one: name the file itself")


def _index_of(shard: str) -> str:
    """Name of the index of a shard: ``model.safetensors.index.json`` of ``model-00001-of-00002.safetensors``."""
    return f"{_SHARD.sub('', shard)}.index.json"


def is_checkpoint(file: Path) -> bool:
    """Whether some reader recognises a file."""
    try:
        recognise(head_of(file))
    except (LoadError, OSError):
        return False
    return True


def _digest(files: tuple[Path, ...]) -> str:
    """SHA-256 of one file; of several, that of their sorted digests, one to a line."""
    digests = []
    for path in files:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


def refuse_too_large(contents: Contents, path: str | os.PathLike[str]) -> None:
    """Refuse contents that are read as a whole and hold a tensor larger than was allowed.

    Raises
    ------
    LoadError
    """
    for tensor in contents.tensors:
        with refusals(f"{os.fspath(path)}, tensor {tensor.name!r}"):
            _refuse_larger(tensor, contents.max_memory)


def _refuse_larger(tensor: StoredTensor, max_memory: int | None) -> None:
    if max_memory is not None and tensor.n_bytes > max_memory:
        raise LoadError(f"takes {tensor.n_bytes} bytes; {max_memory} are allowed: allow more or leave it out")


def _guarded(tensor: StoredTensor, path: str, max_memory: int | None) -> StoredTensor:
    read: Callable[[], np.ndarray | sparse.csr_array] = tensor.read

    def guarded() -> np.ndarray | sparse.csr_array:
        with refusals(f"{path}, tensor {tensor.name!r}"):
            _refuse_larger(tensor, max_memory)
            return read()

    return replace(tensor, read=guarded)
