"""Our own checkpoint: save then load is the identity."""

from __future__ import annotations

from pathlib import Path

import graphs
import numpy as np
import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from scipy import sparse

from sparsegraph.errors import LoadError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.io.contents import read_contents
from sparsegraph.io.native import load_native, read_own_graph, save

torch = pytest.importorskip("torch")


def assert_equal(left: LayeredGraph, right: LayeredGraph) -> None:
    assert left.layers == right.layers
    assert left.couplings == right.couplings
    for a, b in zip(left.blocks, right.blocks, strict=True):
        assert (a.source, a.target, a.name, a.weights_per_link) == (b.source, b.target, b.name, b.weights_per_link)
        assert a.weights.dtype == b.weights.dtype
        for part in ("indptr", "indices", "data"):
            np.testing.assert_array_equal(getattr(a.weights, part), getattr(b.weights, part))
        assert (a.multiplicity is None) == (b.multiplicity is None)
        if a.multiplicity is not None:
            np.testing.assert_array_equal(a.multiplicity, b.multiplicity)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(strategies.layered_graphs())
def test_save_then_load_is_the_identity(tmp_path: Path, graph: LayeredGraph) -> None:
    save(graph, tmp_path / "graph.pt")
    assert_equal(load_native(tmp_path / "graph.pt")[0], graph)


def everything() -> LayeredGraph:
    """Stored zeros, float32, channels, multiplicity, shapes, a skip connection and couplings."""
    first = sparse.csr_array((np.array([0.0, -1.5], np.float32), [1, 0], [0, 1, 2]), shape=(2, 4))
    skip = sparse.csr_array((np.array([3.0]), [2], [0, 1, 1]), shape=(2, 4))
    layers = (Layer("in", 2, "channel"), Layer("a", 4, "neuron", (1, 2, 2)), Layer("b", 4))
    blocks = (Block(0, 1, first, np.array([7, 25]), 25, "conv.weight"), Block(0, 2, skip, name="skip"))
    return LayeredGraph(layers, blocks, ((1, 2),))


def test_everything_is_kept(tmp_path: Path) -> None:
    meta = {"seed": 1, "method": ("set", 0.3), "notes": [None, True, {"a": "b"}]}
    save(everything(), tmp_path / "graph.pt", meta=meta)
    graph, loaded_meta = load_native(tmp_path / "graph.pt")
    assert_equal(graph, everything())
    assert graph.blocks[0].weights.nnz == 2  # one of them is a stored zero
    assert loaded_meta == meta


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support:UserWarning")
def test_torch_opens_it_and_finds_the_documented_keys(tmp_path: Path) -> None:
    save(graphs.two_paths(), tmp_path / "graph.pt")
    content = torch.load(tmp_path / "graph.pt", weights_only=True)
    assert content["format"] == "sparsegraph-checkpoint"
    assert content["format_version"] == 1
    block = content["blocks"][0]
    matrix = torch.sparse_csr_tensor(
        block["indptr"], block["indices"].long(), block["values"], (4, 4), check_invariants=True
    )
    np.testing.assert_array_equal(matrix.to_dense().numpy(), graphs.two_paths().blocks[0].weights.toarray())


def test_names_and_meta_that_steer_a_terminal_come_back_harmless(tmp_path: Path) -> None:
    weights = sparse.csr_array(np.ones((2, 2)))
    graph = LayeredGraph((Layer("in\x1b[2J", 2), Layer("out", 2)), (Block(0, 1, weights, name="fc\r.weight"),))
    save(graph, tmp_path / "graph.pt", meta={"no\nte": ["\u202e", {"a": "\t"}]})
    loaded, meta = load_native(tmp_path / "graph.pt")
    assert loaded.layers[0].name == r"in\x1b[2J"
    assert loaded.blocks[0].name == r"fc\r.weight"
    assert meta == {r"no\nte": [r"\u202e", {"a": r"\t"}]}


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.pt", "b.pt"):
        save(everything(), tmp_path / name)
    assert (tmp_path / "a.pt").read_bytes() == (tmp_path / "b.pt").read_bytes()


def test_contents_say_that_it_is_ours(tmp_path: Path) -> None:
    save(graphs.two_paths(), tmp_path / "graph.pt")
    contents = read_contents(tmp_path / "graph.pt")
    assert contents.format == "sparsegraph checkpoint, version 1"
    assert read_own_graph(contents, tmp_path / "graph.pt") is not None
    torch.save({"w": torch.ones(2)}, tmp_path / "other.pt")
    assert read_own_graph(read_contents(tmp_path / "other.pt"), tmp_path / "other.pt") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format_version": 2}, "newer sparsegraph"),
        ({"format_version": "x"}, "version 'x'"),
        ({"format": "another"}, "not a sparsegraph checkpoint"),
        ({"layers": []}, "damaged"),
        ({"blocks": [{}]}, "damaged"),
        ({"couplings": [[0, 1, 2]]}, "coupled layers"),
    ],
)
def test_a_wrong_file_is_refused(change: dict[str, object], message: str, tmp_path: Path) -> None:
    save(graphs.two_paths(), tmp_path / "graph.pt")
    content = torch.load(tmp_path / "graph.pt", weights_only=True)
    torch.save({**content, **change}, tmp_path / "graph.pt")
    with pytest.raises((LoadError, Exception), match=message) as caught:
        load_native(tmp_path / "graph.pt")
    assert type(caught.value).__module__ == "sparsegraph.errors"


@pytest.mark.parametrize("meta", [{"a": np.ones(2)}, {"a": object()}, {1: {2}}, {"a": np.float64(1.0)}])
def test_meta_holds_plain_values_only(meta: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="plain values"):
        save(graphs.two_paths(), tmp_path / "graph.pt", meta=meta)
    assert list(tmp_path.iterdir()) == []
