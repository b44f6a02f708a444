"""The documentation is built with warnings as errors, and has a page for every measure, notebook and public name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sparsegraph
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    built = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(built)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return built


def test_every_measure_has_a_page_with_a_picture_and_its_references(site: Path) -> None:
    for name in [*MEASURES, *TRAJECTORY_MEASURES]:
        page = (site / "measures" / f"{name}.html").read_text(encoding="utf-8")
        assert f"{name}.svg" in page
        assert "References" in page
    assert len(list((site / "_images").glob("*.svg"))) >= len(MEASURES)


def test_every_notebook_and_every_public_name_is_there(site: Path) -> None:
    for notebook in (ROOT / "analyses" / "notebooks").glob("*.ipynb"):
        assert (site / "tutorials" / f"{notebook.stem}.html").exists()
    page = (site / "api.html").read_text(encoding="utf-8")
    for name in set(sparsegraph.__all__) - {"__version__"}:
        assert f">{name}<" in page, f"{name} is not on the page of public names"
