"""States of SparseLinear: one weight and one position a link."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stored import contents, sparse_weights

import sparsegraph as sg
from sparsegraph.errors import LoadError
from sparsegraph.graph.mask import Mask
from sparsegraph.io.limits import NEURONS
from sparsegraph.io.load import load_contents
from sparsegraph.io.network.effective import EXPLICIT
from sparsegraph.io.network.pairing import plan


def state(n_source: int, n_target: int, positions: Any, prefix: str = "fc1.") -> dict[str, np.ndarray]:
    """What SparseLinear saves, with weights 1, 2, ..."""
    links = np.asarray(positions, np.int64)
    return {
        f"{prefix}weight": np.arange(1, links.size + 1, dtype=np.float32),
        f"{prefix}bias": np.zeros(n_target, np.float32),
        f"{prefix}positions": links,
        f"{prefix}shape": np.array([n_source, n_target]),
    }


def saved_model(path: Path) -> Any:
    import torch

    from sparsegraph.training.sparse_linear import SparseLinear

    rng = np.random.default_rng(0)
    shape = (64, 100)
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        SparseLinear(*shape, rng.random(shape) < 0.1),
        torch.nn.ReLU(),
        SparseLinear(100, 20, rng.random((100, 20)) < 0.3, bias=False),
        torch.nn.ReLU(),
        torch.nn.Linear(20, 10),
    )
    with torch.no_grad():
        model[0].weight[3] = 0
    torch.save(model.state_dict(), path)
    return model


def test_a_saved_model_loads_as_the_layers_that_it_runs(tmp_path: Path) -> None:
    """The oracle is the model: rows of the identity give its weights."""
    import torch

    model = saved_model(tmp_path / "a.pt")
    loaded = sg.load(tmp_path / "a.pt")
    assert [layer.size for layer in loaded.graph.layers] == [64, 100, 20, 10]
    for block, layer in zip(loaded.graph.blocks, (model[0], model[2], model[4]), strict=True):
        identity = torch.eye(layer.in_features)
        matrix = (layer(identity) - layer(torch.zeros_like(identity))).detach().numpy()
        np.testing.assert_allclose(block.weights.toarray(), matrix, atol=1e-6)
    assert loaded.graph.blocks[0].n_links == model[0].weight.numel()  # the link of weight 0 among them
    assert loaded.mask_origin == "explicit masks (2 of 3 blocks), non-zeros (1 of 3 blocks)"
    assert loaded.warnings == ()
    assert {name for name, _ in loaded.skipped} == {"0.bias", "4.bias"}


def test_inspect_shows_them(tmp_path: Path) -> None:
    model = saved_model(tmp_path / "a.pt")
    found = sg.inspect(tmp_path / "a.pt")
    rows = {row.name: row for row in found.tensors}
    n_links = model[0].weight.numel()
    assert found.chains == ("64 - layer0 100 - layer2 20 - layer4 10",)
    assert (rows["0.weight"].role, rows["0.weight"].n_links) == ("weights", n_links)
    assert rows["0.weight"].density == n_links / 6400
    assert [(rows[f"0.{part}"].role, rows[f"0.{part}"].kept) for part in ("positions", "shape")] == [
        ("mask", True),
        ("part", True),
    ]
    assert found.problem is None


@pytest.mark.parametrize("wrapper", ["model", "whole"])
def test_wrapped_states_and_whole_modules(tmp_path: Path, wrapper: str) -> None:
    import torch

    model = saved_model(tmp_path / "a.pt")
    optimiser = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 64)).sum().backward()
    optimiser.step()
    training = {"state_dict": model.state_dict(), "optimizer": optimiser.state_dict(), "ema": model.state_dict()}
    torch.save(model if wrapper == "whole" else training, tmp_path / "b.pt")
    graph = sg.load(tmp_path / "b.pt").graph
    assert [layer.size for layer in graph.layers] == [64, 100, 20, 10]


def test_a_layer_saved_by_itself_and_one_without_links() -> None:
    alone = load_contents(contents(state(3, 2, [0, 5], prefix=""))).graph
    assert alone.blocks[0].weights.toarray().tolist() == [[1, 0], [0, 0], [0, 2]]
    empty = load_contents(contents(state(3, 2, [])))
    assert empty.graph.n_links == 0
    assert any("no link at all" in warning for warning in empty.warnings)


def test_behind_a_convolution_rows_are_channel_by_channel() -> None:
    """Rows 0 to 3 are the positions of channel 0: torch flattens (channel, height, width)."""
    tensors = {"conv1.weight": sparse_weights((2, 1, 3, 3), 1.0), **state(8, 3, [0, 9, 16], "fc2.")}
    block = load_contents(contents(tensors)).graph.blocks[1]
    assert block.weights.toarray().tolist() == [[3, 0, 0], [0, 3, 0]]  # |1| + |2| at rows 0, 3; |3| at row 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fc1.positions": np.array([5, 0])}, "strictly increasing"),
        ({"fc1.positions": np.array([0, 0])}, "strictly increasing"),
        ({"fc1.positions": np.array([0, 6])}, "positions 0 to 5 only"),
        ({"fc1.positions": np.array([-1, 0])}, "positions 0 to 5 only"),
        ({"fc1.positions": np.array([1])}, "expected a weight for each"),
        ({"fc1.weight": np.array([1, np.nan], np.float32)}, "fc1.weight holds 1 NaN"),
        ({"fc1.shape": np.array([6])}, "two axes"),
        ({"fc1.shape": np.array([np.nan, 2.0])}, "two axes"),
        ({"fc1.shape": np.array([-3, -2])}, "two axes"),
        ({"fc1.shape": np.array([NEURONS, 1])}, "rows and columns"),
    ],
)
def test_lists_that_contradict_themselves_are_refused(changes: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(LoadError, match=message):
        load_contents(contents({**state(3, 2, [0, 5]), **changes}))


def test_one_without_its_shape_is_refused_and_not_left_out() -> None:
    tensors = {**state(3, 2, [0, 5]), "fc2.weight": sparse_weights((4, 2))}
    del tensors["fc1.shape"]
    with pytest.raises(LoadError, match=r"fc1\.weight is a list of links whose shape is not in the file"):
        plan(contents(tensors))


def test_other_positions_are_left_alone() -> None:
    tensors = {"pos.weight": sparse_weights((4, 6)), "pos.positions": np.arange(4), "norm.weight": np.ones(4)}
    assert [matrix.key for matrix in plan(contents(tensors)).matrices] == ["pos.weight"]


def test_the_recipe_says_where_the_mask_comes_from() -> None:
    (matrix,) = plan(contents(state(3, 2, [0, 5]))).matrices
    kept = matrix.read()
    assert (matrix.shape, kept.origin, kept.n_kept) == ((2, 3), EXPLICIT, 2)
    np.testing.assert_array_equal(kept.weights.toarray().T, Mask((3, 2), [0, 5]).to_csr(np.array([1.0, 2])).toarray())
