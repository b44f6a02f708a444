"""MATLAB's files: what is common to the versions, and the door to each.

Read by our own code: SciPy's reader runs into segmentation faults on damaged files of version 5.
"""

from __future__ import annotations

from pathlib import Path

from sparsegraph.errors import LoadError
from sparsegraph.io.readers.formats import Format, Found, Head, formats
from sparsegraph.io.readers.matlab4 import looks_like_4, variables_4
from sparsegraph.io.readers.matlab5 import variables_5
from sparsegraph.io.tensor import Layout, StoredTensor


def _read(path: Path) -> Found:
    with path.open("rb") as file:
        start = file.read(128)
    if start.startswith(b"MATLAB 7.3"):
        raise LoadError("a MATLAB 7.3 file, which is HDF5 inside; save it with save('-v7', ...)")
    is_5 = start.startswith(b"MATLAB 5.0") or start[126:128] in (b"IM", b"MI")
    variables, notes = variables_5(path) if is_5 else variables_4(path)
    tensors = tuple(StoredTensor(v.name, v.shape, v.dtype, _layout(v.name), v.read, v.n_bytes) for v in variables)
    return Found("MATLAB 5" if is_5 else "MATLAB 4", tensors, notes)


def _layout(name: str) -> Layout:
    """The Cannistraci-Hebb training code writes ``adjacency_matrix`` from source to target."""
    return "in_out" if name == "adjacency_matrix" else "unknown"


def _is_matlab(head: Head) -> bool:
    return head.start.startswith(b"MATLAB ") or head.start[124:128] in (b"\x00\x01IM", b"\x01\x00MI")


formats.add("MATLAB", Format(_is_matlab, _read))
formats.add("MATLAB 4", Format(looks_like_4, _read, rank=2))
