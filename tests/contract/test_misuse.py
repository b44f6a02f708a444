"""What is passed to the wrong door is told what to pass there, in the words of the door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sparsegraph as sg


@pytest.fixture
def graph() -> sg.LayeredGraph:
    return sg.LayeredGraph.from_matrices([np.eye(3), np.ones((3, 2))])


@pytest.fixture
def path(graph: sg.LayeredGraph, tmp_path: Path) -> Path:
    sg.save(graph, tmp_path / "net.pt")
    return tmp_path / "net.pt"


OF_A_FILE: list[tuple[str, Callable[[Any], Any]]] = [
    ("measured", lambda given: sg.measure(given, "degree")),
    ("measured", sg.measure_all),
    ("measured", lambda given: sg.significance_of(given, "degree", null="er")),
    ("percolated", sg.percolate),
    ("converted", sg.to_networkx),
    ("converted", sg.to_igraph),
    ("taken apart", sg.links),
    ("exported", lambda given: sg.export(given, "net.graphml")),
    ("saved", lambda given: sg.save(given, "net.pt")),
]


@pytest.mark.parametrize(("done", "call"), OF_A_FILE)
def test_a_file_is_no_graph(done: str, call: Callable[[Any], Any], path: Path) -> None:
    with pytest.raises(
        TypeError, match=rf"^a LayeredGraph is {done}, not a \w+Path; sparsegraph.load makes one of a file"
    ):
        call(path)
    with pytest.raises(TypeError, match=f"^a LayeredGraph is {done}, not a Loaded; pass its .graph$"):
        call(sg.load(path))


@pytest.mark.parametrize("call", [sg.open_run, sg.histories, lambda given: sg.follow(given, "degree")])
def test_a_graph_is_no_run(call: Callable[[Any], Any], graph: sg.LayeredGraph) -> None:
    for given in (graph, [graph]) if call is not sg.open_run else (graph,):
        with pytest.raises(
            TypeError, match=r"the path of a run's folder is expected, not a LayeredGraph; sparsegraph\.measure"
        ):
            call(given)


def test_several_names_are_not_one(graph: sg.LayeredGraph) -> None:
    with pytest.raises(TypeError, match="the name of one measure is expected, not a list; measure_all takes several"):
        sg.measure(graph, ["degree"])  # type: ignore[arg-type] # the message is what is tested


def test_names_are_no_settings(path: Path) -> None:
    for given in ("degree", ["degree"]):
        with pytest.raises(TypeError, match=r"settings are a Settings, not a \w+; measures are named: measures=\["):
            sg.analyze(path, given)  # type: ignore[arg-type] # the message is what is tested


def test_a_view_goes_to_a_folder_that_is_there(graph: sg.LayeredGraph, tmp_path: Path) -> None:
    with pytest.raises(sg.SparseGraphError, match=r"there is no folder .*nowhere; make it first"):
        sg.view(graph).save(tmp_path / "nowhere/view.html")
