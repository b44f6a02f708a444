from __future__ import annotations

from pathlib import Path

import graphs
import numpy as np
import pytest
from scipy import sparse
from stored import contents, mlp, sparse_weights

import sparsegraph as sg
from sparsegraph.errors import AmbiguousChainError, LoadError, UnknownNameError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.load import load_blocks_of, load_contents


def same(left: LayeredGraph, right: LayeredGraph) -> bool:
    """Same layers and blocks, every stored entry and its place included."""
    return left.layers == right.layers and all(
        (a.source, a.target, a.name, a.weights_per_link) == (b.source, b.target, b.name, b.weights_per_link)
        and np.array_equal(a.weights.indptr, b.weights.indptr)
        and np.array_equal(a.weights.indices, b.weights.indices)
        and np.array_equal(a.weights.data, b.weights.data)
        for a, b in zip(left.blocks, right.blocks, strict=True)
    )


def test_mlp_with_its_provenance() -> None:
    state = mlp(8, 5, 3)
    loaded = load_contents(contents(state), "net.pt")
    assert [(layer.name, layer.size, layer.kind) for layer in loaded.graph.layers] == [
        ("input", 8, "neuron"), ("fc1", 5, "neuron"), ("fc2", 3, "neuron")
    ]  # fmt: skip
    np.testing.assert_array_equal(loaded.graph.blocks[0].weights.toarray(), state["fc1.weight"].T)
    assert [block.name for block in loaded.graph.blocks] == ["fc1.weight", "fc2.weight"]
    assert loaded.mask_origin == "non-zeros"
    assert dict(loaded.skipped).keys() == {"fc1.bias", "fc2.bias"}
    assert any("no mask is used" in warning for warning in loaded.warnings)
    assert (loaded.source.path, loaded.source.format) == ("net.pt", "synthetic")


def test_lenet_is_gathered_by_channel() -> None:
    """conv (6, 1, 5, 5), conv (16, 6, 5, 5), fc (10, 256): 16 channels at 16 positions."""
    state = {"conv1.weight": sparse_weights((6, 1, 5, 5)), "conv2.weight": sparse_weights((16, 6, 5, 5))}
    state["fc.weight"] = sparse_weights((10, 256), 0.01)
    graph = load_contents(contents(state)).graph
    assert [(layer.size, layer.kind) for layer in graph.layers] == [
        (1, "channel"), (6, "channel"), (16, "channel"), (10, "neuron")
    ]  # fmt: skip
    assert [block.weights_per_link for block in graph.blocks] == [25, 25, 16]
    for block, name in zip(graph.blocks, state, strict=True):
        assert block.multiplicity.sum() == np.count_nonzero(state[name])


def test_several_chains_in_one_graph_have_unique_layers() -> None:
    loaded = load_contents(
        contents({"a1.weight": np.ones((2, 3)), "a2.weight": np.ones((5, 4)), "input": np.ones((7, 9))})
    )
    assert [layer.name for layer in loaded.graph.layers] == [
        "input",
        "input'",
        "input of a1",
        "a1",
        "input of a2",
        "a2",
    ]
    assert loaded.graph.n_links == 2 * 3 + 5 * 4 + 7 * 9
    assert any("3 separate chains" in warning for warning in loaded.warnings)


def test_mixed_origins_are_counted() -> None:
    state = mlp(8, 5, 3)
    loaded = load_contents(contents({**state, "fc1.mask": state["fc1.weight"] != 0}))
    assert loaded.mask_origin == "explicit masks (1 of 2 blocks), non-zeros (1 of 2 blocks)"
    assert any("no mask is used for fc2.weight" in warning for warning in loaded.warnings)


def test_dense_and_empty_networks_are_told() -> None:
    assert load_contents(contents(mlp(4, 3, 2, density=1.0))).warnings == (
        "no weight is zero and no mask is used: the network is dense",
    )
    empty = load_contents(contents({"fc1.weight": np.zeros((2, 3))}))
    assert "no link at all" in empty.warnings[0]


def test_layers_by_name() -> None:
    loaded = load_contents(contents(mlp(8, 5, 3, 2)), "net.pt", layers=["fc2", "fc3"])
    assert [layer.size for layer in loaded.graph.layers] == [5, 3, 2]
    assert ("fc1.weight", "not among the layers asked for") in loaded.skipped
    with pytest.raises(UnknownNameError, match=r"^net\.pt: .*did you mean fc2"):
        load_contents(contents(mlp(8, 5, 3, 2)), "net.pt", layers=["fc22"])


def test_ambiguity_is_resolved_by_layers() -> None:
    state = {"alpha": sparse_weights((6, 6), seed=1), "beta": sparse_weights((6, 6), seed=2)}
    with pytest.raises(AmbiguousChainError, match="--layers"):
        load_contents(contents(state))
    loaded = load_contents(contents(state), layers=["beta", "alpha"])
    assert [block.name for block in loaded.graph.blocks] == ["beta", "alpha"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "holds no tensors"),
        ({"b": np.ones(3), "s": np.array(1.0)}, r"no weight matrix among 2 tensors: b \(3,\) float64: .*inspect f"),
        ({"inputLayerConnections": np.array([[3, 52], [4, 9]])}, "history of degrees"),
        ({"counts": np.array([[3, 52], [4, 9]])}, "counts, indices or packed codes, not weights"),
        ({"fc1.weight": np.full((2, 2), np.nan)}, r"fc1\.weight holds 4 NaN"),
        ({"fc1.weight": np.ones((2, 2)), "fc2.weight": np.ones((2, 2), complex)}, r"fc2\.weight: .*complex128"),
    ],
)  # fmt: skip
def test_refusals_name_the_file_and_the_reason(state: dict[str, np.ndarray], words: str) -> None:
    with pytest.raises(LoadError, match=words) as caught:
        load_contents(contents(state), "f")
    assert str(caught.value).startswith("f: ")
    assert "\n" not in str(caught.value)


def test_blocks_one_by_one_for_what_does_not_chain() -> None:
    state = {
        "model.embed_tokens.weight": sparse_weights((50, 8)),
        "model.layers.0.self_attn.q_proj.weight": sparse_weights((8, 8)),
        "model.layers.0.mlp.up_proj.weight": sparse_weights((32, 8)),
        "model.layers.0.input_layernorm.weight": np.ones(8),
    }
    blocks = list(load_blocks_of(contents(state), "shard"))
    assert [block.graph.blocks[0].name for block in blocks] == list(state)[:3]
    assert [block.graph.blocks[0].weights.shape for block in blocks] == [(50, 8), (8, 8), (8, 32)]
    assert all(len(block.graph.layers) == 2 for block in blocks)
    chained = load_contents(contents(state), "shard")
    assert chained.graph.n_links == sum(block.graph.n_links for block in blocks)
    assert any("stands alone" in warning for warning in chained.warnings)


def test_blocks_are_read_one_at_a_time() -> None:
    from sparsegraph.io.tensor import Contents, StoredTensor

    reads: list[str] = []

    def stored(name: str) -> StoredTensor:
        def read() -> np.ndarray:
            reads.append(name)
            return np.full((2, 3), 0.5, np.float32)

        return StoredTensor(name, (2, 3), "float32", "torch", read)

    blocks = load_blocks_of(Contents("synthetic", (stored("a.weight"), stored("b.weight")), ""), "")
    next(blocks)
    assert set(reads) == {"a.weight"}


def test_own_checkpoint_loads_to_the_saved_graph(tmp_path: Path) -> None:
    graph = graphs.two_paths()
    sg.save(graph, tmp_path / "net.pt")
    loaded = sg.load(tmp_path / "net.pt")
    assert same(loaded.graph, graph)
    assert loaded.mask_origin == "stored entries"
    blocks = list(sg.load_blocks(tmp_path / "net.pt"))
    assert [block.graph.n_links for block in blocks] == [block.n_links for block in graph.blocks]
    assert len(list(sg.load_blocks(tmp_path / "net.pt", layers=[graph.blocks[1].name]))) == 1
    with pytest.raises(UnknownNameError, match="no block named 'x'"):
        list(sg.load_blocks(tmp_path / "net.pt", layers=["x"]))
    with pytest.raises(LoadError, match="leave layers out"):
        sg.load(tmp_path / "net.pt", layers=["a"])


def test_torch_file_end_to_end(tmp_path: Path) -> None:
    import torch
    from torch.nn.utils import prune

    net = torch.nn.Sequential(torch.nn.Linear(9, 6), torch.nn.ReLU(), torch.nn.Linear(6, 4))
    for layer in (net[0], net[2]):
        prune.random_unstructured(layer, "weight", amount=0.5)
    torch.save(
        {"epoch": 3, "model_state_dict": {f"module.{k}": v for k, v in net.state_dict().items()}}, tmp_path / "c.pt"
    )
    loaded = sg.load(tmp_path / "c.pt")
    assert loaded.mask_origin == "explicit masks"
    for block, layer in zip(loaded.graph.blocks, (net[0], net[2]), strict=True):
        np.testing.assert_array_equal(block.weights.toarray(), layer.weight.detach().numpy().T)


def test_scipy_file_end_to_end(tmp_path: Path) -> None:
    matrix = sparse.random_array((7, 4), density=0.4, rng=np.random.default_rng(0), format="csr")
    sparse.save_npz(tmp_path / "w.npz", matrix)
    loaded = sg.load(tmp_path / "w.npz")
    assert loaded.mask_origin == "stored entries"
    np.testing.assert_array_equal(loaded.graph.blocks[0].weights.toarray(), matrix.toarray())


def test_one_dense_matrix_among_others_is_no_dense_network() -> None:
    """By itself a matrix says nothing of the file, and shards of many matrices get no sentence for each of them."""
    state = {"fc1.weight": sparse_weights((6, 9)), "fc2.weight": sparse_weights((4, 6), 1.0)}
    warnings = [block.warnings for block in load_blocks_of(contents(state))]
    assert ["no mask is used" in " ".join(said) for said in warnings] == [True, False]
    empty = {"fc1.weight": sparse_weights((6, 9)), "fc2.weight": np.zeros((4, 6), np.float32)}
    said = [warning for block in load_blocks_of(contents(empty)) for warning in block.warnings]
    assert not any("dense" in word or "no link at all" in word for word in (*warnings[1], *said))


def test_long_lists_say_how_many_more() -> None:
    state = mlp(*range(30, 8, -1))
    state["fc1.mask"] = state["fc1.weight"] != 0
    (warning,) = load_contents(contents(state)).warnings
    # 21 matrices, one of them with a mask: 20 without, of which 6 are named
    assert "no mask is used for fc2.weight, fc3.weight" in warning
    assert "fc7.weight, and 14 more: links" in warning


def test_layers_are_chosen_by_the_names_that_are_shown(tmp_path: Path) -> None:
    import torch

    names = ["a\n\x1b[31m0.weight", "b\u202e.weight"]
    state = {name: torch.from_numpy(sparse_weights((6, 6), seed=i)) for i, name in enumerate(names)}
    torch.save(state, tmp_path / "net.pt")
    shown = [row.name for row in sg.inspect(tmp_path / "net.pt").tensors]
    assert shown == [r"a\n\x1b[31m0.weight", r"b\u202e.weight"]
    loaded = sg.load(tmp_path / "net.pt", layers=list(reversed(shown)))
    assert [block.name for block in loaded.graph.blocks] == list(reversed(shown))
    said = [*loaded.warnings, *(layer.name for layer in loaded.graph.layers), *sg.inspect(tmp_path / "net.pt").chains]
    assert all(text.isprintable() for text in said)
