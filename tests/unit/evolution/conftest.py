"""Small runs to follow, and a cache of their own for each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evolving import snapshots

from sparsegraph.io.runs.writer import RunWriter


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where numbers are cached: in the test's own folder and nowhere else."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(folder))
    return folder / "numbers"


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a run of the net 12-8-5: every snapshot as a topology snapshot, every third with weights too."""

    def write(name: str = "run", n: int = 7, seed: int = 0) -> Path:
        path = tmp_path / name
        with RunWriter.create(path, {"recipe": "random", "seed": seed}) as writer:
            for snapshot in snapshots(n, seed):
                writer.topology(snapshot)
                if snapshot.number % 3 == 0:
                    writer.snapshot(snapshot)
        return path

    return write
