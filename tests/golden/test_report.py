"""A small checkpoint's whole report, reviewed when it changes.

After a change that is meant, run with SPARSEGRAPH_UPDATE_GOLDEN=1 and read the difference before committing it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from graphs import golden_net

from sparsegraph.io.native import save
from sparsegraph.report.analysis import Report, Settings, analyze
from sparsegraph.report.document import to_document
from sparsegraph.report.outputs import page_text

HERE = Path(__file__).parent
UPDATE = bool(os.environ.get("SPARSEGRAPH_UPDATE_GOLDEN"))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("golden") / "golden.pt"
    save(golden_net(), path)
    return analyze(path, Settings(seed=3))


def test_the_document(report: Report) -> None:
    made = json.loads(json.dumps(to_document(report)))
    made["checkpoint"].update(path="golden.pt", sha256="0" * 64)
    made["sparsegraph"] = ""
    golden = HERE / "report.json"
    if UPDATE:
        golden.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    _same(made, json.loads(golden.read_text(encoding="utf-8")), "document")


def test_the_page(report: Report) -> None:
    text = page_text(report).replace(report.source.path, "golden.pt")
    golden = HERE / "report.txt"
    if UPDATE:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def _same(made: Any, golden: Any, where: str) -> None:
    """Equal in structure and words; numbers to 1e-6, for other processors round differently."""
    if isinstance(golden, dict):
        assert made.keys() == golden.keys(), where
        for key in golden:
            _same(made[key], golden[key], f"{where}.{key}")
    elif isinstance(golden, list):
        assert len(made) == len(golden), where
        for i, pair in enumerate(zip(made, golden, strict=True)):
            _same(*pair, f"{where}.{i}")
    elif isinstance(golden, float):
        assert made == pytest.approx(golden, rel=1e-6, abs=1e-12), where
    else:
        assert made == golden, where
