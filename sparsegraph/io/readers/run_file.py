"""The ``.npz`` files of a run directory: told from other archives of arrays by the description in them."""

from __future__ import annotations

from pathlib import Path

from sparsegraph.errors import LoadError, SparseGraphError
from sparsegraph.io.door import refusals
from sparsegraph.io.readers.formats import Format, Found, Head, formats
from sparsegraph.io.readers.numpy_file import read_npz
from sparsegraph.io.runs.archive import check_format, description
from sparsegraph.io.runs.resume_file import MAGIC as RESUME
from sparsegraph.io.runs.topology_file import MAGIC as TOPOLOGY
from sparsegraph.io.runs.topology_file import VERSION

TOPOLOGY_SNAPSHOT = "sparsegraph topology"
"""Beginning of the format of a topology snapshot."""


def _is_of_run(head: Head) -> bool:
    if "head.npy" not in head.members:
        return False
    try:
        with refusals(head.path):
            found = description(read_npz(head.path).tensors)
    except SparseGraphError:
        return False
    return found is not None and found.get("format") in (RESUME, TOPOLOGY)


def _read(path: Path) -> Found:
    found = read_npz(path)
    head = description(found.tensors)
    if head is None or head.get("format") == RESUME:
        raise LoadError(
            "the resume file of a run, which is the state of its trainer and no checkpoint: analyze the run's folder, "
            "or open it with sparsegraph.open_run"
        )
    check_format(head, TOPOLOGY, VERSION)
    return Found(f"{TOPOLOGY_SNAPSHOT}, version {head['format_version']}", found.tensors, (_NOTE,))


_NOTE = "a topology snapshot of a run holds no weights: each link has weight 1"
formats.add("file of a run", Format(_is_of_run, _read))
