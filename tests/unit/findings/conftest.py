"""Runs with a made-up history, so that the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from evolving import snapshots

from sparsegraph.io.runs.writer import RunWriter

Trained = Callable[..., Path]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where numbers are cached: in the test's own folder and nowhere else."""
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    """Writes a run as the trainer would: its profile, data and seed, and an accuracy for each epoch."""

    def write(
        profile: str,
        accuracies: Sequence[float],
        *,
        seed: int = 0,
        data: str = "mnist",
        n_snapshots: int = 0,
        asked: int | None = None,
        **options: Any,
    ) -> Path:
        changes = {name: value for name, value in options.items() if name != "anp"}
        words = [profile, data, *(f"{name}={value}" for name, value in changes.items())]
        path = tmp_path / "runs" / "_".join([*words, str(len(accuracies)), str(seed)])
        path.parent.mkdir(exist_ok=True)
        request = {"profile": profile, "seed": seed, "data": data, **changes}
        epochs = len(accuracies) if asked is None else asked
        config = {"profile": {"name": profile, "epochs": epochs}, "data": {"name": data}, "seed": seed}
        with RunWriter.create(path, {**config, "request": request}) as writer:
            for snapshot in snapshots(n_snapshots, seed) if n_snapshots else ():
                writer.topology(snapshot)
            for epoch, accuracy in enumerate(accuracies, 1):
                shares = options.get("anp", [1.0] * len(accuracies))
                record = {"epoch": epoch, "step": 10 * epoch, "test": {"accuracy": accuracy}}
                writer.history({**record, "anp": {"whole": shares[epoch - 1]}})
        return path

    return write
