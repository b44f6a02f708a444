"""Linter, formatter and type checker, as pre-commit runs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
FOLDERS = ["sparsegraph", "tests", "benchmarks", "analyses", "docs"]


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", *FOLDERS], ["ruff", "format", "--check", *FOLDERS], ["mypy"]],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_the_code_is_clean(command: list[str]) -> None:
    answer = subprocess.run([sys.executable, "-m", *command], cwd=TOP, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
