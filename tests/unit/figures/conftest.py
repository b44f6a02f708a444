"""Material of runs that only tell what they learned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.figures.material import Material
from sparsegraph.io.runs.writer import RunWriter

Told = tuple[str, int, list[float], dict[str, Any]]
"""Profile, seed, accuracy of each epoch, and what was asked for besides."""


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., Material]:
    """Material of runs from their test accuracies, on MNIST."""

    def make(*runs: Told) -> Material:
        paths = []
        for profile, seed, accuracies, changes in runs:
            path = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
            asked = {"profile": profile, "seed": seed, **changes}
            with RunWriter.create(path, {"data": {"name": "mnist"}, "request": asked}) as writer:
                for epoch, accuracy in enumerate(accuracies, 1):
                    anp = {"whole": accuracy / 2, "layers": []}
                    writer.history({"epoch": epoch, "test": {"accuracy": accuracy}, "anp": anp})
            paths.append(path)
        return Material(cohorts_of(paths))

    return make
