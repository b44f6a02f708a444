"""Which modules of a model become layers, what their masks are, and that nothing is left out without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

import sparsegraph
from sparsegraph.errors import SparseGraphError


class Masked(nn.Module):
    """As people write it."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n_out, n_in))
        self.register_buffer("mask", (torch.arange(n_in * n_out) % 5 == 0).reshape(n_out, n_in))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(x, self.weight * self.mask)


class Unmasked(nn.Module):
    """A weight without a mask may be anything."""

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(shape))


def test_masked_layers_of_ones_own_are_layers(tmp_path: Path) -> None:
    model = nn.Sequential(Masked(20, 30), nn.ReLU(), Masked(30, 30), nn.ReLU(), nn.Linear(30, 4))
    graph = sparsegraph.graph_of(model)
    assert [layer.size for layer in graph.layers] == [20, 30, 30, 4]
    assert [block.n_links for block in graph.blocks] == [120, 180, 120]
    assert sparsegraph.graph_of(model, masks={"0": model[0].mask}) == graph
    with sparsegraph.record(model, tmp_path / "run") as recorder:
        recorder.snapshot(epoch=1)
    assert sparsegraph.open_run(tmp_path / "run").final.graph.n_links == 420
    torch.save(model.state_dict(), tmp_path / "model.pt")
    loaded = sparsegraph.load(tmp_path / "model.pt").graph
    assert [block.n_links for block in loaded.blocks] == [120, 180, 120]  # the file and the model are one net


def test_kernels_of_ones_own_are_convolutions() -> None:
    layer = Unmasked(6, 3, 5, 5)
    layer.register_buffer("mask", torch.ones(6, 3, 5, 5))
    (block,) = sparsegraph.graph_of(layer).blocks
    assert (block.weights.shape, block.weights_per_link) == ((3, 6), 25)


def test_a_mask_outside_makes_a_layer_of_a_weight() -> None:
    model = nn.Sequential(Unmasked(30, 20), nn.Linear(30, 4))
    graph = sparsegraph.graph_of(model, masks={"0.weight": torch.eye(30, 20)})
    assert [block.n_links for block in graph.blocks] == [20, 120]


class Bare(nn.Module):
    """A parameter beside a layer."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.ones(20, 30))
        self.out = nn.Linear(30, 4)


LEFT_OUT = {
    "own": (nn.Sequential(Unmasked(30, 20), nn.Linear(30, 4)), r"0\.weight \(30x20, Unmasked\); linear layers"),
    "bare": (Bare(), r"w \(20x30, Bare\)"),
    "transposed": (
        nn.Sequential(nn.ConvTranspose2d(4, 6, 3), nn.Conv2d(6, 2, 3)),
        r"0\.weight \(4x6x3x3, ConvTranspose2d\)",
    ),
    "recurrent": (
        nn.Sequential(nn.Embedding(50, 16), nn.LSTM(16, 32), nn.Linear(32, 50)),
        r"0\.weight \(50x16, Embedding\), 1\.weight_ih_l0 \(128x16, LSTM\), 1\.weight_hh_l0 \(128x32, LSTM\)",
    ),
    "attention": (
        nn.Sequential(nn.MultiheadAttention(8, 2), nn.Linear(8, 2)),
        r"0\.in_proj_weight \(24x8, MultiheadAttention\)",
    ),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_matrices_that_are_in_no_layer_are_told(name: str, tmp_path: Path) -> None:
    model, told = LEFT_OUT[name]
    with pytest.warns(UserWarning, match=f"not part of the graph: {told}"):
        sparsegraph.graph_of(model)
    with pytest.warns(UserWarning, match=f"not part of the graph: {told}"), sparsegraph.record(model, tmp_path / "run"):
        pass


def test_vectors_and_parametrised_weights_are_no_matrices_left_out() -> None:
    model = nn.Sequential(nn.Linear(5, 4), nn.BatchNorm1d(4), nn.Linear(4, 1), nn.PReLU())
    nn.utils.parametrizations.weight_norm(model[0])
    nn.utils.prune.l1_unstructured(model[2], "weight", 0.5)
    nn.utils.prune.l1_unstructured(model[0], "bias", 0.5)  # its mask is none of the weight's
    assert sparsegraph.graph_of(model).n_links == 20 + 2  # warnings are errors in tests


def test_a_mask_is_known_by_its_name_and_shape() -> None:
    mask = torch.eye(40, 50)
    layer = nn.Linear(50, 40)
    layer.register_buffer("sparse_mask", mask)
    layer.register_buffer("mask_scores", torch.ones(40, 50))  # what is learned to choose it is none
    assert sparsegraph.graph_of(layer).n_links == 40
    layer.register_buffer("mask", torch.ones(40, 50))  # the usual name goes first
    assert sparsegraph.graph_of(layer).n_links == 2000


def test_masks_that_contradict_each_other_or_do_not_fit_are_told() -> None:
    layer = nn.Linear(50, 40)
    layer.register_buffer("new_mask", torch.eye(40, 50))
    layer.register_buffer("old_mask", torch.ones(40, 50))
    with pytest.raises(SparseGraphError, match="two masks of its weight, new_mask and old_mask, which differ"):
        sparsegraph.graph_of(layer)
    assert sparsegraph.graph_of(layer, masks={"weight": torch.eye(40, 50)}).n_links == 40
    other = nn.Linear(50, 40)
    other.register_buffer("mask", torch.ones(40))
    with pytest.warns(UserWarning, match=r"are not used: mask \(40, the weight 40x50\)"):
        assert sparsegraph.graph_of(other).n_links == 2000


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
@pytest.mark.filterwarnings("ignore:Sparse invariant checks are implicitly disabled")
def test_sparse_weights_are_read() -> None:
    layer = nn.Linear(5, 4)
    layer.weight = nn.Parameter(torch.eye(4, 5).to_sparse_csr())
    assert sparsegraph.graph_of(layer).n_links == 4


@pytest.mark.filterwarnings("ignore:Lazy modules are a new feature")
def test_weights_without_values_are_refused() -> None:
    with pytest.raises(SparseGraphError, match="on the meta device, without values; load its weights first"):
        sparsegraph.graph_of(nn.Linear(5, 4, device="meta"))
    with pytest.raises(SparseGraphError, match="0 is lazy and has no weights yet; pass a batch through it first"):
        sparsegraph.graph_of(nn.Sequential(nn.LazyLinear(4), nn.Linear(4, 3)))


def test_the_shape_of_the_input_is_that_of_the_first_layer(tmp_path: Path) -> None:
    model = nn.Linear(64, 10)
    with pytest.raises(SparseGraphError, match="input_shape 3x3 has 9 values, but the first layer, Linear, takes 64"):
        sparsegraph.graph_of(model, input_shape=(3, 3))
    wrong = sparsegraph.record(model, tmp_path / "run", input_shape=(3, 3))
    with pytest.raises(SparseGraphError, match="has 9 values"), wrong:
        pass
    assert not (tmp_path / "run").exists()
    assert sparsegraph.graph_of(model, input_shape=(8, 8)).layers[0].shape == (8, 8)


@pytest.mark.parametrize("every", [1.5, 0, "2"])
def test_every_is_a_whole_number(every: object, tmp_path: Path) -> None:
    wrong = sparsegraph.record(nn.Linear(3, 2), tmp_path / "run", every=every)  # type: ignore[arg-type]
    with pytest.raises(SparseGraphError, match="a whole number from 1 is needed"), wrong:
        pass
