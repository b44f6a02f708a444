"""A report keeps numbers, not matrices."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from graphs import complete, erdos_renyi

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.native import save
from sparsegraph.report.analysis import Settings, analyze
from sparsegraph.report.outline import outline


def n_graphs() -> int:
    gc.collect()
    return sum(type(thing) is LayeredGraph for thing in gc.get_objects())


def test_no_graph_outlives_its_analysis(tmp_path: Path) -> None:
    save(erdos_renyi((30, 40, 40, 10), 0.2), tmp_path / "net.pt")
    before = n_graphs()
    report = analyze(tmp_path / "net.pt", Settings(scope="block", measures=("sparsity", "degree", "kshell")))
    assert len(report.parts) == 3
    assert n_graphs() == before


def test_the_outline_in_words() -> None:
    assert outline(complete(2, 3, 4)).in_words() == "2-3-4: 9 neurons, 18 links"
    assert outline(complete(*[1] * 14)).in_words() == "1-1-1-1-1-...-1-1-1-1-1: 14 neurons, 13 links"


def test_the_progress_names_each_step(tmp_path: Path) -> None:
    save(complete(2, 3, 4), tmp_path / "net.pt")
    told: list[str] = []
    analyze(tmp_path / "net.pt", Settings(measures=("kshell", "sparsity")), progress=told.append)
    assert told == ["reading the file", "sparsity", "kshell"]


def test_choices_by_name_are_settings(tmp_path: Path) -> None:
    save(complete(2, 3, 4), tmp_path / "net.pt")
    report = analyze(tmp_path / "net.pt", measures=["kshell"], percolated=True)
    assert report.settings == Settings(measures=("kshell",), percolated=True)
    assert analyze(tmp_path / "net.pt", Settings(seed=3), measures=["kshell"]).settings.seed == 3
    with pytest.raises(TypeError, match="measure"):
        analyze(tmp_path / "net.pt", measure=["kshell"])
