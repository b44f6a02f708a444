"""VGG-16 with batch normalisation: sparse everywhere, or dense up to a sparse head."""

from __future__ import annotations

from torch import nn

from sparsegraph.training.models.network import GlobalAverage, Network
from sparsegraph.training.models.perceptron import Hidden, fully_connected

_STAGES = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
_SMALLEST = 32


def vgg16(input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
    """Thirteen convolutions and one readout, all of them blocks.

    Parameters
    ----------
    input_shape : (int, int, int)
        Channels, height and width; smaller images are padded with zeros to 32 x 32.
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Not used: there is no hidden layer to choose.

    Notes
    -----
    The form that the cited work uses: no biases before batch normalisation, four max-poolings, and the mean of what is
    left instead of the fifth.

    References
    ----------
    Matab et al., Survival of the Most Connected, section 5.1, after S. Liu et al., The unreasonable effectiveness of
    random pruning, ICLR 2022.
    """
    layers = {**_padding(input_shape), **_convolutions(input_shape[0]), "average": GlobalAverage()}
    layers["fc1"] = nn.Linear(_STAGES[-1][-1], n_classes)
    return Network(layers, input_shape=input_shape)


def vgg16_head(input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
    """Thirteen dense convolutions, flattened, then linear layers; the linear layers are the blocks.

    Parameters
    ----------
    input_shape : (int, int, int)
        Channels, height and width; smaller images are padded with zeros to 32 x 32.  A 32 x 32 image is flattened to
        512 features.
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Hidden layers of the head; 1000 three times, or one or two times the features.

    References
    ----------
    Sulyok, Dynamic Sparse Training: structure and robustness (poster: VGG16-BN; the slides' "VGG1-BN" is a slip);
    Zhang et al., ICLR 2024, Appendix L.1.
    """
    layers = {**_padding(input_shape), **_convolutions(input_shape[0]), "last_pool": nn.MaxPool2d(2)}
    height, width = (max(size, _SMALLEST) // 2 ** len(_STAGES) for size in input_shape[1:])
    head = fully_connected(_STAGES[-1][-1] * height * width, n_classes, hidden)
    blocks = [name for name in head if name.startswith("fc")]
    return Network({**layers, "flatten": nn.Flatten(), **head}, input_shape=input_shape, blocks=blocks)


def _padding(input_shape: tuple[int, ...]) -> dict[str, nn.Module]:
    missing = [max(0, _SMALLEST - size) for size in input_shape[1:]]
    if not any(missing):
        return {}
    top, left = missing[0] // 2, missing[1] // 2
    return {"padding": nn.ZeroPad2d((left, missing[1] - left, top, missing[0] - top))}


def _convolutions(n_channels: int) -> dict[str, nn.Module]:
    layers: dict[str, nn.Module] = {}
    number = 0
    for stage, widths in enumerate(_STAGES, 1):
        for width in widths:
            number += 1
            layers[f"conv{number}"] = nn.Conv2d(n_channels, width, kernel_size=3, padding=1, bias=False)
            layers[f"norm{number}"] = nn.BatchNorm2d(width)
            layers[f"relu{number}"] = nn.ReLU()
            n_channels = width
        if stage < len(_STAGES):
            layers[f"pool{stage}"] = nn.MaxPool2d(2)
    return layers
