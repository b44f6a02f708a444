"""The per-epoch table of a run: one JSON object a line, appended."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from sparsegraph.errors import LoadError
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.door import refusals
from sparsegraph.io.runs.plain_values import from_json, read_bounded, to_json
from sparsegraph.result import frame_of

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 64 * 1024**2


@dataclass(frozen=True, repr=False)
class History(Sequence[Mapping[str, Any]]):
    """One record of plain values an epoch, in order."""

    records: tuple[Mapping[str, Any], ...]

    def __repr__(self) -> str:
        return f"<History: {len(self)} records>"

    def _repr_html_(self) -> str:
        """Course of each number, for notebooks."""
        from sparsegraph.notebook.shown import of_history

        return of_history(self)

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Mapping[str, Any], ...]: ...

    def __getitem__(self, index: int | slice) -> Mapping[str, Any] | tuple[Mapping[str, Any], ...]:
        return self.records[index]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.records)

    def to_frame(self) -> pd.DataFrame:
        """A table with one row a record; what a record lacks is missing in its row."""
        return frame_of(self.records)


def append_record(path: Path, record: Mapping[str, Any]) -> None:
    """Append one record and wait until it is on the disk."""
    with path.open("ab") as file:
        file.write(to_json(record).encode("ascii") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_history(path: Path) -> History:
    """The whole records of a history; a last line that was not written to its end is left out.

    Raises
    ------
    LoadError
        If another line is no record.
    """
    if not path.exists():
        return History(())
    with refusals(path):
        *lines, tail = read_bounded(path, MOST_BYTES).split(b"\n")
        records = [from_json(line, f"line {number}") for number, line in enumerate(lines, 1)]
        if tail:
            # without its line end it is a line that was being written; it counts only if nothing is missing
            with contextlib.suppress(LoadError):
                records.append(from_json(tail, "the last line"))
        return History(tuple(records))


def cut_history(path: Path, n_records: int) -> None:
    """Leave the first records only.

    Raises
    ------
    LoadError
        If there are fewer.
    """
    kept = read_history(path)[:n_records]
    if len(kept) < n_records:
        raise LoadError(f"{path}: {len(kept)} records; the resume file was written after {n_records}: it was cut since")
    with atomic_write(path) as temporary:
        temporary.write_text("".join(f"{to_json(record)}\n" for record in kept), encoding="ascii")
