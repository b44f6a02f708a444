"""Tasks on a Dask cluster: who answers, and a worker that dies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from sparsegraph import cluster
from sparsegraph.cluster import on_cluster
from sparsegraph.errors import SparseGraphError


def half(number: int) -> float:
    """One that cannot be halved raises."""
    if number < 0:
        raise ValueError(f"{number} is below zero")
    return number / 2


def die_once(mark: Path) -> str:
    """End the worker's process the first time."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "there"


def test_every_task_comes_with_its_outcome() -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, processes=False, dashboard_address=":0") as found:
        outcomes = dict(on_cluster(found.scheduler_address, half, [4, -1, 3]))
        assert (outcomes[4].result(), outcomes[3].result()) == (2.0, 1.5)
        with pytest.raises(ValueError, match="-1 is below zero"):
            outcomes[-1].result()
        assert list(on_cluster(found.scheduler_address, half, [])) == []


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(SparseGraphError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        list(on_cluster("tcp://127.0.0.1:9", half, [1]))
    with pytest.raises(SparseGraphError, match="no Dask scheduler answers at nonsense"):
        list(on_cluster("nonsense://here", half, [1]))


def test_a_scheduler_without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as found,
        pytest.raises(SparseGraphError, match="has no worker; start one with dask worker"),
    ):
        list(on_cluster(found.scheduler_address, half, [1]))


def test_the_task_of_a_worker_that_died_is_done_by_another(tmp_path: Path) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as found:
        [(_, outcome)] = on_cluster(found.scheduler_address, die_once, [tmp_path / "mark"])
        assert outcome.result() == "there"
