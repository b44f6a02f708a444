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
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.load import load_contents


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
    random.shuffle(names)  # type: ignore[attr-defined]
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
