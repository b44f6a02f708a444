"""What the objects of a notebook show of themselves."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evolving import snapshots
from graphs import complete, empty, two_paths
from trajectories import trajectory_of

import sparsegraph as sg
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.io.loaded import Loaded, Source
from sparsegraph.io.runs.run import Run
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.report.analysis import Comparison, Settings
from sparsegraph.significance.run import significance_of

HOSTILE = "<img src=x onerror=alert(1)>"


class _Text(HTMLParser):
    """The words of a page, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self._open.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)


def read(shown: Any) -> tuple[str, set[str]]:
    parser = _Text()
    parser.feed(shown._repr_html_())
    parser.close()
    assert parser._open == []
    return " ".join(parser.words), parser.tags


@pytest.fixture
def run(tmp_path: Path) -> Run:
    path = tmp_path / "run"
    config = {"request": {"profile": "set", "data": HOSTILE}, "density": 0.25, "policies": {"start topology": "er"}}
    with RunWriter.create(path, config) as writer:
        for snapshot in snapshots(4):
            writer.topology(snapshot)
            writer.snapshot(snapshot)
            writer.history({"epoch": snapshot.number, "test": {"accuracy": 0.1 * snapshot.number}, "links": [30, 12]})
    return sg.open_run(path)


def test_a_graph_tells_density_and_sparsity_of_the_whole_and_of_each_block() -> None:
    words, tags = read(two_paths())
    # 4 links of 16 and 3 of 8: 7 of 24
    assert "10 neurons, 7 links; density 29.2 %, sparsity 70.8 % (all blocks, readout counted)" in words
    for share in ("25.0 %", "75.0 %", "37.5 %", "62.5 %"):
        assert share in words
    assert "svg" in tags


@pytest.mark.parametrize("graph", [empty(3, 2, 2), complete(3, 2)])
def test_graphs_without_a_link_and_without_a_gap_can_be_shown(graph: LayeredGraph) -> None:
    assert "density 0 %" in read(graph)[0] or "density 100 %" in read(graph)[0]


def test_a_hostile_name_stays_text() -> None:
    first = two_paths()
    layers = (Layer(HOSTILE, 4), *first.layers[1:])
    block = replace(first.blocks[0], name=f"{HOSTILE}.weight")
    graph = LayeredGraph(layers, (block, first.blocks[1]))
    loaded = Loaded(graph, Source(HOSTILE, "0" * 64, "torch zip"), "non-zeros", ((HOSTILE, "a bias"),), (HOSTILE,))
    for shown in (graph, loaded, sg.measure(graph, "sparsity"), sg.measure(graph, "kshell")):
        words, tags = read(shown)
        assert HOSTILE in words
        assert "img" not in tags


def test_loaded_tells_source_mask_origin_skipped_and_warnings() -> None:
    source = Source("net.pt", "ab" * 32, "torch zip")
    words, _ = read(Loaded(two_paths(), source, "explicit masks", (("fc1.bias", "a bias"),), ("a dense readout",)))
    for told in ("net.pt", "torch zip", "explicit masks", "1 tensors", "fc1.bias", "a bias", "a dense readout"):
        assert told in words


def test_a_snapshot_tells_when_it_was_and_what_the_update_did() -> None:
    words, _ = read(snapshots(2)[1])
    for told in ("Snapshot 1", "update 1, epoch 1, step 10", "12 × 8", "removed", "percolated", "regrown"):
        assert told in words
    assert "removed" not in read(snapshots(1)[0])[0]


def test_a_trajectory_reads_nothing_to_show_itself() -> None:
    kept = trajectory_of(snapshots(12))
    shown = replace(kept, load=lambda number: pytest.fail("a snapshot was read"))
    words, _ = read(shown)
    assert "12 snapshots" in words
    assert "0, 1, 2, 3, 4, 5, 6, 7 ... 11" in words


def test_a_run_tells_its_request_and_its_history(run: Run) -> None:
    words, tags = read(run)
    assert f"profile set, data {HOSTILE}" in words
    assert "density" in words
    assert "25.0 %, sparsity 75.0 %" in words
    assert "test.accuracy" in words
    assert "img" not in tags
    assert "svg" in tags
    assert "test.accuracy" in read(run.history)[0]
    assert repr(run.history) == "<History: 4 records>"


def test_a_run_with_a_damaged_history_still_shows_itself(run: Run) -> None:
    (run.path / "history.jsonl").write_text("{\n{}\n")
    assert "history:" in read(run)[0]


def test_significance_shows_observed_beside_the_draws() -> None:
    words, tags = read(significance_of(two_paths(), ["path_length", "kshell"], null="er", n_null=5))
    assert "null model er, 5 draws" in words
    assert "cannot reach 0.05 with fewer than" in words
    assert "svg" in tags


def test_every_measure_shows_itself_within_bounds() -> None:
    rng = np.random.default_rng(0)
    graph = LayeredGraph.from_matrices(
        [rng.normal(size=s) * (rng.random(s) < 0.2) for s in ((16, 30), (30, 20), (20, 4))]
    )
    graph = LayeredGraph((Layer("input", 16, shape=(1, 4, 4)), *graph.layers[1:]), graph.blocks)
    for name in set(MEASURES) - {"functional_activity"}:
        options = {"replicas": 5} if name == "powerlaw" else {}
        result = sg.measure(graph, name, seed=0, **options)
        words, _ = read(result)
        assert type(result).__name__ in words
        assert len(result._repr_html_()) < 60_000


def test_undefined_shows_its_reason() -> None:
    assert "undefined: no links" in read(sg.Undefined("no links"))[0]


def test_a_report_tells_its_verdicts_and_folds_its_results(run: Run) -> None:
    settings = Settings(measures=("sparsity", "kshell", "turnover"), nulls=("er",), n_null=3)
    report = sg.analyze(run.path, settings)
    words, tags = read(report)
    for told in ("Report", "kshell", "1 result over training", "null model er", "raw graph", "seed 0"):
        assert told in words
    assert "details" in tags
    assert "2 checkpoints" in read(Comparison((report, report)))[0]


def test_many_layers_are_cut_and_said_so() -> None:
    layers = tuple(Layer(f"l{i}", 2) for i in range(100))
    eye = np.eye(2)
    graph = LayeredGraph(
        layers,
        tuple(Block(i, i + 1, LayeredGraph.from_matrices([eye]).blocks[0].weights, name=str(i)) for i in range(99)),
    )
    words, _ = read(graph)
    assert "and 70 more" in words
    assert "and 69 more" in words


def test_showing_imports_nothing_heavy() -> None:
    heavy = ["torch", "matplotlib", "igraph", "networkx", "pandas", "numba", "rich", "jinja2"]
    code = (
        "import numpy as np; from sparsegraph.graph.layered import LayeredGraph; "
        "LayeredGraph.from_matrices([np.eye(3)])._repr_html_(); "
        f"import sys; print([m for m in {heavy!r} if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
