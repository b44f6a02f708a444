"""The torch files that sparsegraph itself writes: recognised by their ``format``, read without torch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sparsegraph.errors import LoadError
from sparsegraph.io.contents import checkpoint_file
from sparsegraph.io.door import regular_size
from sparsegraph.io.names import harmless
from sparsegraph.io.pickles.nodes import Call, Pairs
from sparsegraph.io.pickles.policy import check_calls
from sparsegraph.io.readers.torch_tensors import StorageOf, tensor_from
from sparsegraph.io.tensor import StoredTensor

CHECKPOINT = "sparsegraph-checkpoint"
SNAPSHOT = "sparsegraph-snapshot"

VERSIONS = {CHECKPOINT: 1, SNAPSHOT: 1}
"""Newest version of each format; it rises with every change that an older reader would misunderstand."""

_DEEPEST = 32


def format_name(root: Any) -> str | None:
    """Name and version of our format if a described pickle is of one, else None.

    Raises
    ------
    LoadError
        If the version is newer than is known.
    """
    magic = root.get("format") if isinstance(root, Pairs) else None
    if not isinstance(magic, str) or magic not in VERSIONS:
        return None
    version, name = root.get("format_version"), in_words(magic)
    if type(version) is not int or not 1 <= version <= VERSIONS[magic]:
        raise LoadError(
            f"a {name} of version {version!r}; versions 1 to {VERSIONS[magic]} are read: install a newer sparsegraph"
        )
    return f"{name}, version {version}"


def in_words(magic: str) -> str:
    """``sparsegraph checkpoint`` of ``sparsegraph-checkpoint``."""
    return magic.replace("-", " ")


def read_own(path: str | os.PathLike[str], magic: str) -> dict[str, Any]:
    """Dictionaries, lists, plain values and arrays of a file of our own; texts are made harmless.

    Raises
    ------
    LoadError
        If the file is of another format, or of a newer version.
    """
    from sparsegraph.io.readers.torch_file import open_zip

    place = checkpoint_file(Path(path))
    regular_size(place)
    file = open_zip(place)
    check_calls(file.described.calls)
    root = file.described.root
    if format_name(root) is None or root.get("format") != magic:
        raise LoadError(f"a torch file, but not a {in_words(magic)}; use sparsegraph.load instead")
    content: dict[str, Any] = _plain(root, file.storage_of)
    return content


def _plain(node: Any, storage_of: StorageOf, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise LoadError(f"a file nested more than {_DEEPEST} deep; it is damaged: save it again")
    if isinstance(node, Pairs):
        pairs = [(key, value) for key, value in node.pairs if isinstance(key, bool | int | float | str | None)]
        return {_plain(key, storage_of): _plain(value, storage_of, depth + 1) for key, value in pairs}
    if isinstance(node, list | tuple):
        return type(node)(_plain(value, storage_of, depth + 1) for value in node)
    if isinstance(node, Call):
        tensor = tensor_from("tensor", node, storage_of)
        if not isinstance(tensor, StoredTensor):
            raise LoadError(f"a file with a {node.target.path} in it; plain values and tensors are expected")
        return tensor.read()
    return harmless(node) if isinstance(node, str) else node
