"""The small convolutional network."""

from __future__ import annotations

from torch import nn

from sparsegraph.training.models.network import GlobalAverage, Network
from sparsegraph.training.models.perceptron import Hidden

_CHANNELS = (32, 64, 128)


def convnet(input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
    """Three 3 x 3 convolutions of 32, 64 and 128 channels with max-pooling between, global average, readout.

    Parameters
    ----------
    input_shape : (int, int, int)
        Channels, height and width, at least 18 each way.
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Not used: there is no hidden layer to choose.

    Notes
    -----
    Convolutions have biases and no padding, and there is no batch normalisation: so the paper's 94,538 parameters for
    3 x 32 x 32 images and 10 classes come out (896 + 18,496 + 73,856 + 1,290).

    References
    ----------
    Matab et al., Survival of the Most Connected, Table 5.
    """
    layers: dict[str, nn.Module] = {}
    before = input_shape[0]
    for i, after in enumerate(_CHANNELS, 1):
        layers[f"conv{i}"] = nn.Conv2d(before, after, kernel_size=3)
        layers[f"relu{i}"] = nn.ReLU()
        if i < len(_CHANNELS):
            layers[f"pool{i}"] = nn.MaxPool2d(2)
        before = after
    layers["average"] = GlobalAverage()
    layers["fc1"] = nn.Linear(before, n_classes)
    return Network(layers, input_shape=input_shape)
