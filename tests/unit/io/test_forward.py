"""Checkpoints to links and biases, or a reason why not."""

from __future__ import annotations

from pathlib import Path

import graphs
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from sparsegraph.errors import LoadError
from sparsegraph.io.forward import load_forward
from sparsegraph.io.native import save
from sparsegraph.perturb.network import Network


def saved(content: object, folder: Path) -> Path:
    path = folder / "net.pt"
    torch.save(content, path)
    return path


def outputs(path: Path, images: np.ndarray) -> np.ndarray:
    """What the net of a file answers, by matrix products with the graph and biases that were read."""
    forward = load_forward(path)
    layer = images
    for index, (block, biases) in enumerate(zip(forward.loaded.graph.blocks, forward.biases, strict=True)):
        layer = np.maximum(layer, 0) if index else layer
        layer = layer @ block.weights.toarray() + (0 if biases is None else biases)
    return layer


def a_model() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 5, bias=False), nn.ReLU(), nn.Linear(5, 3))


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_state_dict_answers_as_its_model(tmp_path: Path, *, wrapped: bool) -> None:
    model, images = a_model(), np.random.default_rng(0).normal(size=(20, 6)).astype(np.float32)
    state = model.state_dict()
    path = saved({"state_dict": state, "epoch": 3} if wrapped else state, tmp_path)
    assert [biases is None for biases in load_forward(path).biases] == [False, True, False]
    expected = model(torch.tensor(images)).detach().numpy()
    np.testing.assert_allclose(outputs(path, images), expected, atol=1e-6)


def test_pruned_layers_answer_as_their_model(tmp_path: Path) -> None:
    model, images = a_model(), np.random.default_rng(0).normal(size=(20, 6)).astype(np.float32)
    prune.l1_unstructured(model[0], "weight", amount=0.5)
    expected = model(torch.tensor(images)).detach().numpy()
    np.testing.assert_allclose(outputs(saved(model.state_dict(), tmp_path), images), expected, atol=1e-6)


def test_keras_names_and_axes(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    matrix, biases = np.arange(6.0).reshape(2, 3), np.array([1.0, 2.0, 3.0])
    np.savez(path, W_0=matrix, b_0=biases[None])
    assert np.array_equal(outputs(path, np.eye(2)), matrix + biases)


def test_masked_biases_and_normalisation_are_refused_by_name(tmp_path: Path) -> None:
    model = a_model()
    prune.l1_unstructured(model[0], "bias", amount=0.5)
    with pytest.raises(LoadError, match=r"0\.bias_mask"):
        load_forward(saved(model.state_dict(), tmp_path))
    normalised = nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 3))
    with pytest.raises(LoadError, match=r"1\.weight .*multilayer perceptrons"):
        load_forward(saved(normalised.state_dict(), tmp_path))


def test_masks_alone_and_graphs_without_biases_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "masks.npz"
    np.savez(path, fc1_mask=np.eye(4, dtype=bool), fc2_mask=np.eye(4, dtype=bool))
    with pytest.raises(LoadError, match="masks only"):
        load_forward(path)
    save(graphs.two_paths(), tmp_path / "graph.pt")
    with pytest.raises(LoadError, match="without biases"):
        load_forward(tmp_path / "graph.pt")


def test_biases_that_are_none_are_refused(tmp_path: Path) -> None:
    state = {"fc1.weight": torch.ones(3, 4), "fc1.bias": torch.full((3,), float("nan"))}
    with pytest.raises(LoadError, match=r"fc1\.bias holds NaN"):
        load_forward(saved(state, tmp_path))
    state["fc1.bias"] = torch.ones(2)
    with pytest.raises(LoadError, match=r"fc1\.bias .* no bias for 3 neurons"):
        load_forward(saved(state, tmp_path))


def test_optimiser_state_beside_the_model_does_no_harm(tmp_path: Path) -> None:
    model = a_model()
    optimiser = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 6)).sum().backward()
    optimiser.step()
    path = saved({"model": model.state_dict(), "optimizer": optimiser.state_dict()}, tmp_path)
    expected = model(torch.eye(6)).detach().numpy()
    np.testing.assert_allclose(outputs(path, np.eye(6)), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "least"),
    [("bingo_mlp_pruned.pth", 0.95), ("mlp_512_256_l1_50.pth", 0.97), ("lth_fc1_mnist_8_model_lt.pth.tar", 0.97)],
)
def test_nets_of_others_recognise_digits(checkpoints: Path, shared: Path, name: str, least: float) -> None:
    """Trained on MNIST by their authors, who tell no accuracy; a bias or axis in the wrong place would show at once."""
    from sparsegraph.data import load_data

    data = load_data("mnist", folder=shared / "data")
    forward = load_forward(checkpoints / name)
    network = Network(forward.loaded.graph, forward.biases)
    assert network.accuracy(data.test.images[:2000], data.test.labels[:2000]) > least - 0.03
