"""Plain pickles of arrays, masks and tensors, read without running them."""

from __future__ import annotations

import re
from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import PICKLE_BYTES
from sparsegraph.io.pickles.policy import check_calls
from sparsegraph.io.pickles.reader import read_pickle
from sparsegraph.io.readers.formats import Format, Found, Head, formats
from sparsegraph.io.readers.torch_file import nested_storages, tensors_of

_BEGINNING = re.compile(rb"\x80[\x01-\x05]|\([dl(ciIS]|[\]}]q|c[A-Za-z_][\w.]*\n[\w.]+\n")


def _read(path: Path) -> Found:
    size = path.stat().st_size
    if size > PICKLE_BYTES:
        raise LoadError(f"a pickle of {size} bytes; at most {PICKLE_BYTES} are read: save it as .npz or safetensors")
    with path.open("rb") as file:
        described = read_pickle(file, size)
    check_calls(described.calls)
    tensors, notes = tensors_of(described, nested_storages())
    return Found("pickle", tensors, ("pickle: read without running it", *notes))


def _is_pickle(head: Head) -> bool:
    return _BEGINNING.match(head.start) is not None


formats.add("pickle", Format(_is_pickle, _read, rank=1))
