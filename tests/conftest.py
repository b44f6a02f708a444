"""Shared fixtures: where the reference data lie, and what may be skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Kernels compile on first use, which no deadline can foresee; examples are the same in every run.
settings.register_profile("sparsegraph", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("sparsegraph")

SHARED = Path(os.environ.get("SPARSEGRAPH_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with oracles, checkpoints and data; skips with a reason where it is missing, except in CI."""
    if not (SHARED / "oracles").is_dir():
        message = f"reference data not found at {SHARED}; set SPARSEGRAPH_SHARED to run this test"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED


@pytest.fixture(scope="session")
def oracles(shared: Path) -> Path:
    return shared / "oracles"


@pytest.fixture(scope="session")
def checkpoints(shared: Path) -> Path:
    return shared / "checkpoints"
