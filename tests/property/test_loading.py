"""Laws of loading: the same network, however its file is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import contents, mlp

import sparsegraph as sg
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.load import load_contents
from sparsegraph.io.network.pairing import plan


def same(left: LayeredGraph, right: LayeredGraph) -> bool:
    """Same layers and the same stored entries."""
    return left.layers == right.layers and all(
        (a.source, a.target) == (b.source, b.target)
        and np.array_equal(a.weights.indptr, b.weights.indptr)
        and np.array_equal(a.weights.indices, b.weights.indices)
        and np.array_equal(a.weights.data, b.weights.data)
        for a, b in zip(left.blocks, right.blocks, strict=True)
    )


sizes = st.lists(st.integers(2, 9), min_size=2, max_size=13)
wrappers = st.lists(
    st.sampled_from(["state_dict", "model_state_dict", "model", "net", "module", "_orig_mod", "network"]),
    max_size=3,
    unique=True,
)


@settings(max_examples=150, deadline=None)
@given(sizes, wrappers, st.randoms(use_true_random=False), st.booleans(), st.integers(0, 2**16))
def test_order_of_keys_prefixes_and_company_change_nothing(
    sizes: list[int], wrappers: list[str], random: object, has_company: bool, seed: int
) -> None:
    state = mlp(*sizes, seed=seed)
    expected = load_contents(contents(state)).graph
    prefix = "".join(f"{wrapper}." for wrapper in wrappers)
    names = list(state)
    random.shuffle(names)
    wrapped = {f"{prefix}{name}": state[name] for name in names}
    if has_company:
        wrapped["optimizer.state[0].exp_avg"] = state["fc1.weight"]
        wrapped["optimizer_state_dict.state[1].momentum_buffer"] = state["fc1.weight"]
        wrapped["epoch"] = np.array(3)
    assert same(load_contents(contents(wrapped)).graph, expected)


@settings(max_examples=60, deadline=None)
@given(sizes, st.integers(0, 2**16))
def test_torch_and_keras_layouts_are_transposes_of_each_other(sizes: list[int], seed: int) -> None:
    state = mlp(*sizes, seed=seed)
    keras = {name: values.T for name, values in state.items()}
    assert same(load_contents(contents(keras, "channels_last")).graph, load_contents(contents(state)).graph)


@settings(max_examples=60, deadline=None)
@given(sizes, st.sampled_from(["fc{}.weight_mask", "fc{}.mask", "masks.fc{}.weight"]), st.integers(0, 2**16))
def test_a_mask_of_the_non_zeros_changes_nothing(sizes: list[int], pattern: str, seed: int) -> None:
    state = mlp(*sizes, seed=seed)
    masks = {pattern.format(i): (state[f"fc{i}.weight"] != 0).astype(np.float32) for i in range(1, len(sizes))}
    loaded = load_contents(contents({**state, **masks}))
    assert same(loaded.graph, load_contents(contents(state)).graph)
    assert loaded.mask_origin == "explicit masks"
    assert not any("disagree" in warning for warning in loaded.warnings)


@settings(max_examples=40, deadline=None)
@given(strategies.layered_graphs())
def test_save_then_load_is_the_identity(graph: LayeredGraph) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sg.save(graph, Path(folder) / "net.pt")
        assert same(sg.load(Path(folder) / "net.pt").graph, graph)


@settings(max_examples=40, deadline=None)
@given(strategies.layered_graphs())
def test_arrays_exported_and_loaded_are_the_same_links(graph: LayeredGraph) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sg.export(graph, Path(folder) / "net.npz")
        assert same(sg.load(Path(folder) / "net.npz").graph, graph)


words = st.sampled_from(
    ["weight", "bias", "mask", "masks", "weight_orig", "weight_mask", "weight_g", "weight_v", "weight_u", "shape",
     "compressed", "bitmask", "data", "indices", "indptr", "fc1", "fc2", "conv1", "0", "[1]", "model", "state_dict",
     "ema", "optimizer", "attn", "q_proj", "embedding", "downsample", "parametrizations", "original", "original0",
     "original1", "kernel:0", "a/b", "adjacency_matrix", "", "é"]
)  # fmt: skip
any_tensor = st.builds(
    lambda shape, dtype, seed: np.random.default_rng(seed).integers(-1, 3, shape).astype(dtype),
    st.lists(st.integers(0, 4), max_size=6).map(tuple),
    st.sampled_from(["float32", "float64", "float16", "int64", "int8", "uint8", "bool", "complex64"]),
    st.integers(0, 99),
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.lists(words, min_size=1, max_size=3).map(".".join), any_tensor, max_size=6),
    st.sampled_from(["torch", "channels_last", "in_out", "unknown"]),
)
def test_any_names_and_shapes_load_or_are_refused_and_nothing_is_lost(
    state: dict[str, np.ndarray], layout: str
) -> None:
    try:
        loaded = load_contents(contents(state, layout))
    except SparseGraphError as error:
        if "\n" in str(error):
            raise
        return
    skipped = {name for name, _ in loaded.skipped}
    named = {block.name for block in loaded.graph.blocks}
    assert named.isdisjoint(skipped)
    for name in state:
        assert name in skipped or any(name.startswith(block) for block in named) or name in _parts(state, layout)


def _parts(state: dict[str, np.ndarray], layout: str) -> set[str]:
    """Tensors that belong to a matrix that is named after another one (masks, pieces)."""
    planned = plan(contents(state, layout))
    return {decision.tensor.name for decision in planned.decisions if decision.kept}
