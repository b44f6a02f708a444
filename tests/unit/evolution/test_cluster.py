"""Following on a Dask cluster: the same numbers, and what may go wrong on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution import cluster
from sparsegraph.evolution.follow import follow

Written = Callable[..., Path]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler in this process with one worker of two threads."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0") as found:
        yield found.scheduler_address


def test_a_cluster_finds_what_one_process_finds(address: str, written: Written) -> None:
    runs = [written("a", 9, 0), written("b", 9, 1)]
    names, options = ["powerlaw", "rank", "kendall"], {"replicas": 20}
    here = follow(runs, names, cache=False, options=options)
    there = follow(runs, names, cache=False, options=options, scheduler=address)
    pd.testing.assert_frame_equal(here, there)


def test_what_a_cluster_measured_is_cached_here(
    address: str, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = written()
    told: list[tuple[int, int]] = []
    first = follow(run, "degree", scheduler=address, progress=lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 7), (7, 7))
    monkeypatch.setattr(cluster, "measure_part", None)
    pd.testing.assert_frame_equal(follow(run, "degree", scheduler=address), first)
    pd.testing.assert_frame_equal(follow(run, "degree"), first)


def test_other_code_is_refused(address: str, written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    run = written(n=2)
    with monkeypatch.context() as patch:
        codes = iter(["ours", "theirs", "theirs"])
        patch.setattr(cluster, "code_behind", lambda measure: next(codes, "theirs"))
        with pytest.raises(SparseGraphError, match="a worker has other code for degree; install the same versions"):
            follow(run, "degree", scheduler=address)
    assert len(follow(run, "degree", scheduler=address)) == 6


def test_a_run_that_a_worker_does_not_see_is_named(
    address: str, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = written(n=2)
    given = cluster.on_cluster

    def elsewhere(*words: object, **keywords: object) -> object:
        shutil.rmtree(run)
        return given(*words, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(cluster, "on_cluster", elsewhere)
    with pytest.raises(SparseGraphError, match=r"no such folder.*\(so says a worker: it must see the runs"):
        follow(run, "degree", scheduler=address)


def test_an_error_that_is_none_of_ours_is_one_line(
    address: str, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(part: object) -> None:
        raise RuntimeError("no memory\nat all")

    monkeypatch.setattr(cluster, "measure_part", broken)
    with pytest.raises(SparseGraphError, match=r"no worker could measure it \(RuntimeError: no memory\)"):
        follow(written(n=2), "degree", scheduler=address)
