"""What a snapshot tells of itself, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sparsegraph.graph.trajectory import Snapshot


def about(snapshot: Snapshot) -> dict[str, Any]:
    """Number, time, and of the run its profile, recipe, seed, data set and test accuracy, where they are there.

    Notes
    -----
    The remarks of a snapshot are free: what is not of the form that ``sparsegraph train`` and ``sparsegraph.record``
    write is left out.  Of a net that was pruned after training, the accuracy is that after pruning.
    """
    meta = snapshot.meta
    data, pruned = meta.get("data"), meta.get("pruned_after")
    told = {
        "number": snapshot.number,
        "epoch": snapshot.epoch,
        "step": snapshot.step,
        "update": snapshot.update,
        "profile": _plain(meta.get("profile"), str),
        "recipe": _plain(meta.get("recipe"), str),
        "seed": _plain(meta.get("seed"), int),
        "data": _plain(data.get("name") if isinstance(data, Mapping) else data, str),
        "test_accuracy": _accuracy(pruned if isinstance(pruned, Mapping) else meta.get("metrics")),
    }
    return {name: value for name, value in told.items() if value is not None}


def _accuracy(metrics: Any) -> float | None:
    if not isinstance(metrics, Mapping):
        return None
    test = metrics.get("test")
    found = test.get("accuracy") if isinstance(test, Mapping) else metrics.get("test_accuracy")
    return found if isinstance(found, float) and 0 <= found <= 1 else None


def _plain(value: Any, kind: type) -> Any:
    return value if type(value) is kind else None
