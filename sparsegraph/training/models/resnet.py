"""Residual networks: ResNet-50 and ResNet-56, sparse everywhere or dense up to a sparse head."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import nn

from sparsegraph.training.models.network import GlobalAverage, Network
from sparsegraph.training.models.perceptron import Hidden, fully_connected

_SMALL_IMAGE = 64
_EXPANSION = 4


class Residual(nn.Module):
    """ReLU of what a body makes of its input plus the input itself, projected where the shape changes."""

    def __init__(self, body: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images of the body's output shape."""
        return torch.relu(self.body(x) + self.shortcut(x))


def resnet50(input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
    """Fifty layers of bottlenecks and one readout, all of them blocks, projections included.

    Parameters
    ----------
    input_shape : (int, int, int)
        Channels, height and width.
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Not used: there is no hidden layer to choose.

    Notes
    -----
    Images below 64 x 64 meet a 3 x 3 convolution of stride 1 and no pooling first, as is usual for CIFAR; larger ones
    the original 7 x 7 convolution of stride 2 and a pooling.  The papers do not say which they take for CIFAR.  The
    25,502,912 parameters that "Survival of the Most Connected" prints are those of the original with 1000 classes,
    without biases and batch normalisation.

    References
    ----------
    K. He, X. Zhang, S. Ren, J. Sun, Deep residual learning for image recognition, CVPR 2016, Table 1.
    """
    layers = {**_bottlenecks(input_shape), "average": GlobalAverage()}
    return Network({**layers, "fc1": nn.Linear(512 * _EXPANSION, n_classes)}, input_shape=input_shape)


def resnet50_head(input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
    """A dense ResNet-50 whose readout is replaced by four linear layers, the blocks; three of them are to be sparse.

    Parameters
    ----------
    input_shape : (int, int, int)
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Hidden layers of the head; one or two times its 2048 features in the paper.

    References
    ----------
    Zhang et al., ICLR 2024, section 4.1 ("expanded to three") and Appendix L.1 ("from 1 to 4"): read as three sparse
    layers and a readout.
    """
    head = fully_connected(512 * _EXPANSION, n_classes, hidden)
    layers = {**_bottlenecks(input_shape), "average": GlobalAverage(), **head}
    return Network(layers, input_shape=input_shape, blocks=[name for name in head if name.startswith("fc")])


def resnet56(input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
    """Fifty-six layers of 16, 32 and 64 channels for small images, all of them blocks, projections included.

    Parameters
    ----------
    input_shape : (int, int, int)
        Channels, height and width.
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Not used: there is no hidden layer to choose.

    Notes
    -----
    Shortcuts that change shape are 1 x 1 convolutions with batch normalisation; with them the paper's 855,770
    parameters come out for 3 channels and 10 classes.

    References
    ----------
    He et al., CVPR 2016, section 4.2; Matab et al., Survival of the Most Connected, section 5.1.
    """
    layers = _stem(input_shape[0], 16)
    n_channels = 16
    for stage, width in enumerate((16, 32, 64), 1):
        units: list[nn.Module] = []
        for unit in range(9):
            stride = 2 if stage > 1 and unit == 0 else 1
            steps = [(n_channels, width, 3, stride), (width, width, 3, 1)]
            units.append(Residual(_body(steps), _shortcut(n_channels, width, stride)))
            n_channels = width
        layers[f"stage{stage}"] = nn.Sequential(*units)
    layers = {**layers, "average": GlobalAverage(), "fc1": nn.Linear(n_channels, n_classes)}
    return Network(layers, input_shape=input_shape)


def _bottlenecks(input_shape: tuple[int, ...]) -> dict[str, nn.Module]:
    layers = _stem(input_shape[0], 64) if min(input_shape[1:]) < _SMALL_IMAGE else _large_stem(input_shape[0])
    n_channels = 64
    for stage, (width, n_units) in enumerate(zip((64, 128, 256, 512), (3, 4, 6, 3), strict=True), 1):
        units: list[nn.Module] = []
        for unit in range(n_units):
            stride = 2 if stage > 1 and unit == 0 else 1
            wide = width * _EXPANSION
            steps = [(n_channels, width, 1, 1), (width, width, 3, stride), (width, wide, 1, 1)]
            units.append(Residual(_body(steps), _shortcut(n_channels, wide, stride)))
            n_channels = wide
        layers[f"stage{stage}"] = nn.Sequential(*units)
    return layers


def _stem(n_channels: int, width: int) -> dict[str, nn.Module]:
    convolution = nn.Conv2d(n_channels, width, kernel_size=3, padding=1, bias=False)
    return {"conv1": convolution, "norm1": nn.BatchNorm2d(width), "relu1": nn.ReLU()}


def _large_stem(n_channels: int) -> dict[str, nn.Module]:
    convolution = nn.Conv2d(n_channels, 64, kernel_size=7, stride=2, padding=3, bias=False)
    pool = nn.MaxPool2d(3, stride=2, padding=1)
    return {"conv1": convolution, "norm1": nn.BatchNorm2d(64), "relu1": nn.ReLU(), "pool1": pool}


def _body(steps: list[tuple[int, int, int, int]]) -> nn.Module:
    """Convolutions (channels in, channels out, kernel, stride), each normalised, with ReLU between them."""
    layers: dict[str, nn.Module] = {}
    for i, (before, after, kernel, stride) in enumerate(steps, 1):
        layers[f"conv{i}"] = nn.Conv2d(before, after, kernel, stride=stride, padding=kernel // 2, bias=False)
        layers[f"norm{i}"] = nn.BatchNorm2d(after)
        if i < len(steps):
            layers[f"relu{i}"] = nn.ReLU()
    return nn.Sequential(OrderedDict(layers))


def _shortcut(before: int, after: int, stride: int) -> nn.Module:
    if before == after and stride == 1:
        return nn.Identity()
    convolution = nn.Conv2d(before, after, kernel_size=1, stride=stride, bias=False)
    return nn.Sequential(OrderedDict(conv=convolution, norm=nn.BatchNorm2d(after)))
