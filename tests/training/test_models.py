"""The networks of the papers have the parameters that their papers print."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.training.models.catalogue import MODELS, outline
from sparsegraph.training.models.network import Network, block_shapes, n_parameters
from sparsegraph.training.models.start import start

CIFAR = (3, 32, 32)


def n_weights(network: Network) -> int:
    """Weights of convolutions and linear layers: no biases, no batch normalisation."""
    return sum(block.shape[0] * block.shape[1] for block in block_shapes(network))


def test_mlp_has_the_parameters_of_the_paper() -> None:
    # "Survival of the Most Connected", Table 5: 3072-1024-512-10.
    network = outline("mlp", CIFAR, 10, (1024, 512))
    assert n_parameters(network) == 3_676_682
    assert [block.name for block in block_shapes(network)] == ["fc1", "fc2", "fc3"]
    # 5 % of the weights, biases left out: requirements, acceptance checks without training.
    assert round(0.05 * n_weights(network)) == 183_757


def test_convnet_has_the_parameters_of_the_paper() -> None:
    # "Survival of the Most Connected", Table 5.
    network = outline("convnet", CIFAR, 10)
    assert n_parameters(network) == 94_538
    assert block_shapes(network)[1].kernel == (32, 64, 3, 3)


def test_resnet56_has_the_parameters_of_the_paper() -> None:
    # "Survival of the Most Connected", section 5.1.
    network = outline("resnet56", CIFAR, 10)
    assert n_parameters(network) == 855_770
    # 1 + 3 x 9 x 2 convolutions and the readout, He et al. 2016; two projections more.
    assert len(network.blocks) == 56 + 2


def test_resnet50_has_the_parameters_of_the_papers() -> None:
    network = outline("resnet50", (3, 224, 224), 1000)
    # torchvision's documentation: 25,557,032 parameters with batch normalisation and the readout's bias.
    assert n_parameters(network) == 25_557_032
    # "Survival of the Most Connected", section 5.1: weights alone.
    assert n_weights(network) == 25_502_912
    assert len(network.blocks) == 50 + 4


def test_vgg16_counts() -> None:
    # 3x3 kernels of the widths of Simonyan & Zisserman's configuration D; two values a channel from normalisation.
    widths = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    kernels = sum(9 * a * b for a, b in itertools.pairwise(widths))
    features = kernels + 2 * sum(widths[1:])
    # torchvision's vgg16_bn features have 14,723,136 parameters, 4,224 of them biases that are left out here.
    assert features == 14_723_136 - sum(widths[1:])
    assert n_parameters(outline("vgg16", CIFAR, 10)) == features + 512 * 10 + 10
    head = outline("vgg16-head", CIFAR, 10, (1000, 1000, 1000))
    assert [block.shape for block in block_shapes(head)] == [(512, 1000), (1000, 1000), (1000, 1000), (1000, 10)]
    assert n_parameters(head) == features + 512 * 1000 + 2 * 1000**2 + 1000 * 10 + 3010


def test_heads_scale_with_their_features() -> None:
    shapes = [block.shape for block in block_shapes(outline("vgg16-head", CIFAR, 100, "2x"))]
    assert shapes == [(512, 1024), (1024, 1024), (1024, 1024), (1024, 100)]
    shapes = [block.shape for block in block_shapes(outline("resnet50-head", CIFAR, 100, "1x"))]
    assert shapes == [(2048, 2048)] * 3 + [(2048, 100)]


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32)], ids=["28", "32"])
@pytest.mark.parametrize("name", ["mlp", "convnet", "vgg16-head", "resnet56"])
def test_every_model_answers_images(name: str, shape: tuple[int, ...]) -> None:
    network = start(outline(name, shape, 7, (20,)), rng=np.random.default_rng(0))
    images = torch.zeros(2, *network.input_shape)
    assert network(images).shape == (2, 7)


def test_an_unknown_model_is_named_with_its_neighbours() -> None:
    with pytest.raises(UnknownNameError, match="convnet"):
        outline("conv-net", CIFAR, 10)
    assert len(MODELS) >= 7


def test_hidden_layers_that_make_no_sense() -> None:
    with pytest.raises(SparseGraphError, match="at least 1"):
        outline("mlp", (4,), 2, (3, 0))
    with pytest.raises(SparseGraphError, match="'3x'"):
        outline("mlp", (4,), 2, "3x")  # type: ignore[arg-type]
