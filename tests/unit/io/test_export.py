from __future__ import annotations

import csv
from pathlib import Path

import graphs
import numpy as np
import pytest
from scipy import sparse

import sparsegraph as sg
from sparsegraph.errors import LoadError, UnknownNameError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.projections import links, neuron_names


@pytest.fixture
def graph() -> LayeredGraph:
    """Markup in names, a weight of 0 and numbers that decimal notation would round."""
    layers = (Layer('a<&>"', 3), Layer("b", 2), Layer("c\td", 2))
    first = np.array([[0.1, 0.0], [1 / 3, -2.5e-8], [0.0, 0.0]])
    second = np.array([[7.0, 0.0], [0.0, 1e300]])
    made = LayeredGraph.from_matrices([first, second])
    weights = made.blocks[0].weights.copy()
    weights.data = np.array([0.1, 0.0, -2.5e-8])
    return LayeredGraph(layers, (Block(0, 1, weights, name="x"), Block(1, 2, made.blocks[1].weights, name="y")))


def test_graphml_is_what_networkx_and_igraph_read(graph: LayeredGraph, tmp_path: Path) -> None:
    import igraph
    import networkx

    sg.export(graph, tmp_path / "g.graphml")
    source, target, weight = links(graph)
    read = networkx.read_graphml(tmp_path / "g.graphml")
    assert read.is_directed()
    assert [read.nodes[f"n{i}"]["index"] for i in range(7)] == [0, 1, 2, 0, 1, 0, 1]
    assert [read.nodes[f"n{i}"]["layer"] for i in (0, 3, 5)] == ['a<&>"', "b", "c?d"]
    assert {(u, v): data["weight"] for u, v, data in read.edges(data=True)} == {
        (f"n{s}", f"n{t}"): w for s, t, w in zip(source, target, weight, strict=True)
    }
    other = igraph.Graph.Read_GraphML(str(tmp_path / "g.graphml"))
    assert other.is_directed()
    assert other.get_edgelist() == list(zip(source.tolist(), target.tolist(), strict=True))
    assert other.es["weight"] == weight.tolist()
    assert other.vs["name"][:5] == neuron_names(graph)[:5]


@pytest.mark.parametrize(("suffix", "delimiter"), [(".tsv", "\t"), (".csv", ",")])
def test_edge_list(graph: LayeredGraph, tmp_path: Path, suffix: str, delimiter: str) -> None:
    sg.export(graph, tmp_path / f"g{suffix}")
    with (tmp_path / f"g{suffix}").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    names = neuron_names(graph)
    source, target, weight = links(graph)
    assert list(rows[0]) == ["source", "target", "source_layer", "target_layer", "weight"]
    assert [row["source"] for row in rows] == [names[i] for i in source]
    assert [row["target"] for row in rows] == [names[i] for i in target]
    assert [float(row["weight"]) for row in rows] == weight.tolist()
    assert {row["target_layer"] for row in rows} == {"b", "c\td"}


def test_many_rows_are_written_in_pieces(tmp_path: Path) -> None:
    graph = graphs.erdos_renyi((10_000, 7), 0.01)
    sg.export(graph, tmp_path / "g.tsv")
    assert len((tmp_path / "g.tsv").read_text().splitlines()) == 1 + graph.n_links


@pytest.mark.parametrize("suffix", [".npz", ".pt"])
def test_arrays_and_checkpoint_load_to_the_same_links(tmp_path: Path, suffix: str) -> None:
    graph = graphs.erdos_renyi((12, 12, 12, 9, 5, 5, 5, 5, 5, 5, 5, 5, 5), 0.3)
    sg.export(graph, tmp_path / f"g{suffix}")
    loaded = sg.load(tmp_path / f"g{suffix}").graph
    assert loaded.layers == graph.layers
    assert len(loaded.blocks) == len(graph.blocks)
    for one, other in zip(loaded.blocks, graph.blocks, strict=True):
        assert (one.weights != other.weights).nnz == 0
        assert one.n_links == other.n_links


def test_stored_zeros_survive_the_arrays(graph: LayeredGraph, tmp_path: Path) -> None:
    sg.export(graph, tmp_path / "g.npz")
    loaded = sg.load(tmp_path / "g.npz")
    assert loaded.graph.n_links == graph.n_links == 5
    assert loaded.mask_origin == "stored entries"


def test_arrays_come_back_with_their_names_and_without_complaint(graph: LayeredGraph, tmp_path: Path) -> None:
    """A skip connection, names that are no chain of numbers, and a block without a name."""
    skip = sparse.csr_array(np.eye(3, 2))
    written = LayeredGraph(graph.layers, (*graph.blocks, Block(0, 2, skip)))
    sg.export(written, tmp_path / "g.npz")
    loaded = sg.load(tmp_path / "g.npz")
    assert [layer.name for layer in loaded.graph.layers] == ['a<&>"', "b", r"c\td"]
    assert [(block.source, block.target, block.name) for block in loaded.graph.blocks] == [
        (0, 1, "x"), (0, 2, ""), (1, 2, "y")
    ]  # fmt: skip
    assert (loaded.warnings, loaded.skipped, loaded.source.format) == ((), (), "sparsegraph arrays")
    found = sg.inspect(tmp_path / "g.npz")
    assert [row.name for row in found.tensors] == ["x", "", "y"]
    assert (found.warnings, found.n_links, found.problem) == ((), written.n_links, None)
    with pytest.raises(LoadError, match="leave layers out"):
        sg.load(tmp_path / "g.npz", layers=["x"])


@pytest.mark.parametrize(
    "change",
    [
        {"layer_names": np.array(["a", "b"])},
        {"layer_names": np.ones(3)},
        {"block_names": np.array([["x"], ["y"]])},
        {"block_sources": np.array([0, -1])},
        {"block_targets": np.array([1, 7])},
        {"layer_sizes": np.array([3.0, 2.0, 2.0])},
        {"layer_sizes": np.array([4, 2, 2])},
        {"[0].b.indptr": np.array([0, 9, 9, 9])},
        {"[0].b.data": np.full(3, np.nan)},
    ],
    ids=lambda change: "-".join(change),
)
def test_damaged_arrays_are_refused_in_one_line(
    graph: LayeredGraph, tmp_path: Path, change: dict[str, np.ndarray]
) -> None:
    sg.export(graph, tmp_path / "g.npz")
    with np.load(tmp_path / "g.npz") as stored:
        arrays = {**stored, **change}
    np.savez(tmp_path / "g.npz", **arrays)
    with pytest.raises(LoadError) as caught:
        sg.load(tmp_path / "g.npz")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("suffix", [".npz", ".pt"])
def test_a_folder_with_an_export_stands_for_it(graph: LayeredGraph, tmp_path: Path, suffix: str) -> None:
    sg.export(graph, tmp_path / f"g{suffix}")
    assert sg.load(tmp_path).graph.n_links == graph.n_links
    assert sg.inspect(tmp_path).n_links == graph.n_links


def test_unknown_suffix(graph: LayeredGraph, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"suffix '\.gexf'; use \.graphml, \.tsv"):
        sg.export(graph, tmp_path / "g.gexf")
    assert list(tmp_path.iterdir()) == []
