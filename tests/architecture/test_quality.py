"""Linter, formatter and type checker, as pre-commit runs them."""

from __future__ import annotations

import ast
import re
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


def test_no_docstring_holds_the_seam_of_a_string_wrapped_by_machine() -> None:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    files = [path for folder in FOLDERS for path in (TOP / folder).rglob("*.py")]
    texts = [
        (path.name, ast.get_docstring(node) or "")
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    ]
    assert [(name, text) for name, text in texts if re.search(r'"\s*\n\s*"', text)] == []
