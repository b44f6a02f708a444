"""The file: escaped, complete or not there, and refused before any work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sparsegraph as sg
from sparsegraph.errors import SparseGraphError
from sparsegraph.report.analysis import Settings
from sparsegraph.report.html import write
from sparsegraph.report.html.build import page_of
from sparsegraph.report.html.gather import Choices
from sparsegraph.report.html.page import Page, Section, Words
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.write import html_of, write_report

HOSTILE = "</script><img src=x onerror=alert(1)>"
FEW = Choices(Settings(("sparsity", "activity", "kshell"), options={}), quick=True)


def test_every_word_is_escaped(net: Subject) -> None:
    source = replace(net.report.source, path=HOSTILE, format=HOSTILE)
    report = replace(net.report, source=source, warnings=(HOSTILE,), skipped=((HOSTILE, HOSTILE),))
    text = html_of(page_of([replace(net, name=HOSTILE, report=report, why_no_robustness=HOSTILE)]))
    assert HOSTILE not in text
    assert "<img src=x" not in text
    assert text.count("&lt;img src=x onerror=alert(1)&gt;") >= 6


def test_words_that_look_like_a_template_are_words() -> None:
    text = html_of(Page("{{ 7 * 7 }}", 1, (Section("a", "{% raw %}", "", (Words("{{ page }}"),)),)))
    assert "{{ 7 * 7 }}" in text
    assert "{{ page }}" in text


def test_only_the_scripts_of_the_page_may_run_and_nothing_is_fetched(run_page: Page) -> None:
    text = html_of(run_page)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe-inline" not in policy[1].partition("script-src")[2].partition(";")[0]
    fetched = re.findall(r'\b(?:src|href)="(?!data:|#)([^"]*)"', re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL))
    assert fetched == []
    names = re.findall(r'\sid="([^"]+)"', text)
    assert len(names) == len(set(names))


def test_the_same_net_gives_the_same_file(net_path: Path, tmp_path: Path) -> None:
    first, second = (write_report(net_path, tmp_path / f"{name}.html", FEW).read_bytes() for name in "ab")
    assert first == second


@pytest.mark.parametrize("name", ["report.pdf", "nowhere/report.html"])
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    name: str, net_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "gathered", lambda *told, **more: pytest.fail("work was done"))
    with pytest.raises(SparseGraphError):
        write_report(net_path, tmp_path / name)


def test_a_failure_leaves_the_old_file(net_path: Path, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    place.write_text("old", encoding="utf-8")
    with pytest.raises(SparseGraphError, match=r"missing\.pt"):
        write_report([net_path, tmp_path / "missing.pt"], place, FEW)
    assert place.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_no_path_and_findings_without_a_run_are_refused(net_path: Path, tmp_path: Path) -> None:
    with pytest.raises(SparseGraphError, match="at least one"):
        write_report([], tmp_path / "report.html")
    with pytest.raises(SparseGraphError, match="no run"):
        write_report(net_path, tmp_path / "report.html", replace(FEW, judged=True))


def test_progress_is_told_by_net(net_path: Path, tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    progress: Callable[[str, str], None] = lambda name, step: told.append((name, step))  # noqa: E731
    write_report(net_path, tmp_path / "report.html", FEW, progress=progress)
    assert ("net.pt", "reading the file") in told


def test_nets_without_links_or_hidden_layers_have_a_page(tmp_path: Path) -> None:
    for i, matrices in enumerate(([np.zeros((3, 2))], [np.eye(2), np.zeros((2, 2))], [np.ones((1, 1))])):
        path = tmp_path / f"net{i}.pt"
        sg.save(sg.LayeredGraph.from_matrices(matrices), path)
        text = write_report(path, tmp_path / f"{i}.html", Choices(n_null=2)).read_text(encoding="utf-8")
        assert 'id="downloads"' in text
