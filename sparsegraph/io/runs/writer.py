"""Writes the directory of one run; the layout is written down in ``docs/runs.md``."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs import layout
from sparsegraph.io.runs.background import Background
from sparsegraph.io.runs.config_file import Config, contrast, difference, read_config, write_config
from sparsegraph.io.runs.history_file import append_record, cut_history
from sparsegraph.io.runs.lock import LOCK, locked
from sparsegraph.io.runs.plain_values import to_plain
from sparsegraph.io.runs.resume_file import ResumePoint, Written, read_resume, write_resume
from sparsegraph.io.runs.snapshot_file import write_snapshot
from sparsegraph.io.runs.topology_file import KEY_EVERY, TopologyReader, without_weights, write_topology

_log = logging.getLogger(__name__)


class RunWriter:
    """Writes the files of a run in order on a thread of its own; each is there completely or not at all.

    Made by :meth:`create` or :meth:`continue_`; a context manager.  Arrays are copied when they are handed over, so
    that training may go on at once.  An error of the disk is raised by the next call.
    """

    def __init__(self, directory: Path, held: IO[bytes], written: Written, base: Snapshot | None = None) -> None:
        self.directory = directory
        self._held = held
        self._written = written
        self._base = base
        self._background = Background(str(directory))

    @classmethod
    def create(
        cls,
        directory: str | os.PathLike[str],
        configuration: Mapping[str, Any],
        environment: Mapping[str, Any] | None = None,
    ) -> Self:
        """Begin a run in a new or empty directory.

        Parameters
        ----------
        directory : path
        configuration : mapping
            All that decides the run's results: plain values.
        environment : mapping, optional
            What is good to know besides (versions, commit, time); not compared when a run is continued.

        Raises
        ------
        SparseGraphError
            If the directory is not empty; where it holds a run, says in what the configurations differ.
        """
        place, config = Path(directory), Config(to_plain(configuration), to_plain(environment or {}))
        _make(place)
        with locked(place) as held:
            if not _is_unused(place):
                raise SparseGraphError(f"{place}: {_occupied(place, config)}")
            for kind in layout.SUFFIX:
                _make(place / kind)
            write_config(place, config)
            return cls(place, held, Written())

    @classmethod
    def continue_(
        cls,
        directory: str | os.PathLike[str],
        configuration: Mapping[str, Any],
        environment: Mapping[str, Any] | None = None,
    ) -> tuple[Self, ResumePoint | None]:
        """Go on with a run: what is newer than its resume file is removed.

        Returns
        -------
        writer : RunWriter
        point : ResumePoint or None
            None if the run ended before the first one: begin at the beginning.

        Raises
        ------
        SparseGraphError
            If there is no run, its configuration is another (says which key), or its files are damaged.
        """
        place = Path(directory)
        if not layout.is_run(place):
            word = layout.damage(place) or "no run to continue; begin one without --resume (resume=True)"
            raise SparseGraphError(f"{place}: {word}")
        with locked(place) as held:
            old, new = read_config(place), Config(to_plain(configuration), to_plain(environment or {}))
            if changed := contrast(old, new):
                why = ", as a run of another length has other schedules" if "epochs is" in changed else ""
                raise SparseGraphError(f"{place}: a run with {changed}; use another folder for it{why}")
            if old.environment != new.environment:
                _log.info(
                    "%s: continued in another environment: %s", place, difference(old.environment, new.environment)
                )
            point = read_resume(place)
            if point is None and layout.n_records(place) > 1:  # one may come before the first resume file
                raise SparseGraphError(
                    f"{place}: the run has done epochs and its {layout.RESUME} is gone, so it cannot go on: put it "
                    "back, or train in another folder; what the run holds is left as it is"
                )
            written = point.written if point else Written()
            _cut(place, written)
            base = None if written.topology is None else TopologyReader(place)(written.topology)
            return cls(place, held, written, base), point

    def snapshot(self, snapshot: Snapshot) -> None:
        """Write ``snapshots/<number>.pt``; numbers must not fall, and an equal one replaces the file."""
        if snapshot.number != self._written.snapshot:
            self._check_rise("snapshot", self._written.snapshot, snapshot.number)
        owned = _owned(snapshot)
        path = layout.numbered(self.directory, layout.SNAPSHOTS, snapshot.number)
        self._background.submit(partial(write_snapshot, owned, path))
        self._written = replace(self._written, snapshot=snapshot.number)

    def drop_snapshots(self, first: int) -> None:
        """Remove the snapshots from this number on, so that they can be written again."""
        self.flush()
        numbers = layout.numbers_in(self.directory, layout.SNAPSHOTS)
        for number in numbers:
            if number >= first:
                layout.numbered(self.directory, layout.SNAPSHOTS, number).unlink()
        self._written = replace(self._written, snapshot=max((n for n in numbers if n < first), default=None))

    def topology(self, snapshot: Snapshot) -> None:
        """Write ``topology/<number>.npz``: masks and events only, weights are left out; numbers must rise."""
        self._check_rise("topology snapshot", self._written.topology, snapshot.number)
        bare = without_weights(snapshot)
        is_key = self._written.topologies % KEY_EVERY == 0
        self._background.submit(partial(write_topology, bare, self.directory, None if is_key else self._base))
        self._base = bare
        n = self._written.topologies + 1
        self._written = replace(self._written, topology=snapshot.number, topologies=n)

    def history(self, record: Mapping[str, Any]) -> None:
        """Append one record of plain values; NaN and infinity become None."""
        path = self.directory / layout.HISTORY
        self._background.submit(partial(append_record, path, to_plain(record)))
        self._written = replace(self._written, records=self._written.records + 1)

    def resume(self, arrays: Mapping[str, np.ndarray], meta: Mapping[str, Any]) -> None:
        """Replace the resume file: from here the run can go on.

        Parameters
        ----------
        arrays : mapping
            Name -> array of numbers; copied.
        meta : mapping
            Plain values; integers of any size (states of random generators).
        """
        copies = {name: np.array(values) for name, values in arrays.items()}
        point = ResumePoint(copies, to_plain(meta), self._written)
        self._background.submit(partial(write_resume, self.directory, point))

    def flush(self) -> None:
        """Wait until everything is on the disk."""
        self._background.flush()

    def close(self) -> None:
        """Write what waits and end; raises what went wrong."""
        try:
            self._background.close()
        finally:
            self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self.close()
            return
        try:
            self.close()
        except SparseGraphError as second:
            if second is not error and str(second) != str(error):
                error.add_note(str(second))

    def _check_rise(self, what: str, last: int | None, number: int) -> None:
        if last is not None and number <= last:
            raise SparseGraphError(f"{self.directory}: {what} {number} after {last}; numbers must rise")


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SparseGraphError(f"{directory}: no folder can be made here ({error.strerror}); choose another") from None


def _is_unused(place: Path) -> bool:
    """Whether a directory holds nothing but what a writer killed at its very beginning leaves."""
    for entry in place.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            if entry.name not in layout.SUFFIX or any(entry.iterdir()):
                return False
        elif entry.name != LOCK and not (entry.name.startswith(f".{layout.CONFIG}.") and entry.suffix == ".part"):
            return False
    return True


def _occupied(place: Path, config: Config) -> str:
    if not layout.is_run(place):
        return layout.damage(place) or "holds other files; choose a new or an empty folder for a run"
    old = read_config(place)
    if "recorded" in old.configuration and "recorded" in config.configuration:
        return "holds a recorded loop already, and none can go on; choose another folder, or remove this one first"
    if changed := contrast(old, config):
        return f"holds a run with {changed}; choose another folder"
    return "holds this run already; train goes on with it (--resume, resume=True)"


def _owned(snapshot: Snapshot) -> Snapshot:
    """A copy that nobody else writes to."""
    blocks = tuple(
        replace(
            block,
            weights=None if block.weights is None else np.array(block.weights, np.float32),
            biases=None if block.biases is None else np.array(block.biases, np.float32),
        )
        for block in snapshot.blocks
    )
    extra = {name: np.array(values) for name, values in snapshot.extra.items()}
    return replace(snapshot, blocks=blocks, meta=to_plain(snapshot.meta), extra=extra)


def _cut(place: Path, written: Written) -> None:
    """Remove what is newer than the resume file, and what a killed writer left half-written."""
    for kind, last in ((layout.SNAPSHOTS, written.snapshot), (layout.TOPOLOGY, written.topology)):
        for number in layout.numbers_in(place, kind):
            if last is None or number > last:
                layout.numbered(place, kind, number).unlink()
        _make(place / kind)
    for folder in (place, *(place / kind for kind in layout.SUFFIX)):
        for leftover in folder.glob(".*.part"):
            leftover.unlink()
    cut_history(place / layout.HISTORY, written.records)
