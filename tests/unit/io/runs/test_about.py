"""What snapshots tell of themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from evolving import snapshots

from sparsegraph.io.runs.about import about

TIMES = {"number": 1, "epoch": 1, "step": 10, "update": 1}


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ({}, {}),
        ({"recipe": "set", "seed": 3, "data": "mine"}, {"recipe": "set", "seed": 3, "data": "mine"}),
        ({"profile": "a", "data": {"name": "digits"}}, {"profile": "a", "data": "digits"}),
        ({"metrics": {"test": {"accuracy": 0.9}}}, {"test_accuracy": 0.9}),
        ({"metrics": {"test_accuracy": 0.8}}, {"test_accuracy": 0.8}),
        (
            {"metrics": {"test": {"accuracy": 0.9}}, "pruned_after": {"test": {"accuracy": 0.7}}},
            {"test_accuracy": 0.7},
        ),
        ({"metrics": {"test": [0.9]}, "seed": "x", "data": [1], "profile": {}}, {}),
        ({"metrics": 3, "data": {"name": 3}, "pruned_after": 1, "seed": True}, {}),
        ({"metrics": {"test_accuracy": 93.0}}, {}),
    ],
)
def test_what_is_there_is_told(meta: dict[str, Any], told: dict[str, Any]) -> None:
    assert about(replace(snapshots(2)[1], meta=meta)) == {**TIMES, **told}
