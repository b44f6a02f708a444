"""Arrays and a description in JSON as an uncompressed or deflated ``.npz`` without pickles."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.door import refusals, regular_size
from sparsegraph.io.limits import HEADER_BYTES, check_total
from sparsegraph.io.names import harmless
from sparsegraph.io.readers.numpy_file import read_npz
from sparsegraph.io.runs.plain_values import from_json, to_json
from sparsegraph.io.tensor import StoredTensor

_HEAD = "head"


def write_archive(
    path: str | os.PathLike[str], head: Mapping[str, Any], arrays: Mapping[str, np.ndarray], *, deflated: bool = False
) -> None:
    """Write arrays of numbers under their names, completely or not at all; equal content gives equal bytes.

    ``head`` is kept as the bytes of its JSON in the array ``head``, with the names of the others in their order under
    ``arrays``; these are members ``0``, ``1``, ..., so that any text can be a name.

    Raises
    ------
    TypeError
        If an array is not of numbers.
    """
    for name, values in arrays.items():
        if values.dtype.kind not in "biuf":
            raise TypeError(f"array {name!r} is of type {values.dtype}; numbers are expected")
    text = to_json({**head, "arrays": list(arrays)}).encode("ascii")
    members = {_HEAD: np.frombuffer(text, np.uint8), **{str(i): a for i, a in enumerate(arrays.values())}}
    with atomic_write(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for member, values in members.items():
            entry = zipfile.ZipInfo(f"{member}.npy")  # without a time of its own: the same bytes whenever it is written
            entry.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
            with archive.open(entry, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(values), allow_pickle=False)


def read_archive(
    path: str | os.PathLike[str], magic: str, version: int
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The description and the arrays of a file of :func:`write_archive`.

    Raises
    ------
    LoadError
        If the file is damaged, its ``format`` is not ``magic``, or its ``format_version`` is above ``version``.
    """
    with refusals(path):
        size = regular_size(Path(path))
        tensors = {tensor.name: tensor for tensor in read_npz(Path(path)).tensors}
        head = description(tuple(tensors.values()))
        if head is None:
            raise LoadError(f"an archive without a description; expected a {magic}")
        del tensors[_HEAD]
        check_format(head, magic, version)
        names = head.pop("arrays", None)
        if not isinstance(names, list) or set(tensors) != {str(i) for i in range(len(names))}:
            raise LoadError("an archive whose arrays are not those that it lists; the file is damaged: copy it again")
        check_total(sum(tensor.n_bytes for tensor in tensors.values()), size)
        return head, {harmless(str(name)): np.asarray(tensors[str(i)].read()) for i, name in enumerate(names)}


def read_description(path: str | os.PathLike[str], magic: str, version: int) -> dict[str, Any]:
    """The description alone of a file of :func:`write_archive`, with the names of its arrays under ``arrays``.

    Raises
    ------
    LoadError
        As :func:`read_archive`; what the arrays hold is not looked at.
    """
    with refusals(path):
        head = description(read_npz(Path(path)).tensors)
        if head is None:
            raise LoadError(f"an archive without a description; expected a {magic}")
        check_format(head, magic, version)
        return head


def description(tensors: Sequence[StoredTensor]) -> dict[str, Any] | None:
    """The JSON in the array ``head``; None where there is no such array."""
    head = next((tensor for tensor in tensors if tensor.name == _HEAD), None)
    if head is None or head.n_bytes > HEADER_BYTES:
        return None
    return from_json(np.asarray(head.read()).tobytes(), "its description")


def check_format(head: Mapping[str, Any], magic: str, version: int) -> None:
    """Refuse what is of another format or of a newer version."""
    found = head.get("format_version")
    if head.get("format") != magic:
        raise LoadError(f"not a {magic}; expected one")
    if type(found) is not int or not 1 <= found <= version:
        raise LoadError(
            f"a {magic} of version {found!r}; versions 1 to {version} are read: install a newer sparsegraph"
        )
