"""The multilayer perceptron, and the chain of linear layers that ends other networks."""

from __future__ import annotations

import itertools
import math
from typing import Literal

from torch import nn

from sparsegraph.errors import SparseGraphError
from sparsegraph.training.models.network import Network

Hidden = tuple[int, ...] | Literal["1x", "2x"]

_FACTORS = {"1x": 1, "2x": 2}
_DEPTH = 3


def mlp(input_shape: tuple[int, ...], n_classes: int, hidden: Hidden) -> Network:
    """Linear layers with ReLU between them; the last is the readout.

    Parameters
    ----------
    input_shape : tuple of int
        Of a sample; more than one axis is flattened.
    n_classes : int
    hidden : tuple of int or {"1x", "2x"}
        Neurons of each hidden layer; "1x" and "2x" are three layers of one or two times the inputs.

    References
    ----------
    Matab et al., Survival of the Most Connected, Table 5 (3072-1024-512-10); Zhang et al., ICLR 2024, section 4.1.
    """
    n_inputs = math.prod(input_shape)
    return Network(fully_connected(n_inputs, n_classes, hidden), input_shape=(n_inputs,))


def fully_connected(n_inputs: int, n_classes: int, hidden: Hidden) -> dict[str, nn.Module]:
    """Layers ``fc1``, ``relu1``, ... of a chain; the last linear layer, the readout, has no ReLU."""
    sizes = (n_inputs, *hidden_sizes(n_inputs, hidden), n_classes)
    layers: dict[str, nn.Module] = {}
    for i, (n_source, n_target) in enumerate(itertools.pairwise(sizes), 1):
        layers[f"fc{i}"] = nn.Linear(n_source, n_target)
        if i < len(sizes) - 1:
            layers[f"relu{i}"] = nn.ReLU()
    return layers


def hidden_sizes(n_inputs: int, hidden: Hidden) -> tuple[int, ...]:
    """Neurons of each hidden layer.

    Raises
    ------
    SparseGraphError
        If it is neither "1x", "2x" nor positive numbers.

    Examples
    --------
    >>> hidden_sizes(512, "2x")
    (1024, 1024, 1024)
    """
    if isinstance(hidden, str):
        if hidden not in _FACTORS:
            raise SparseGraphError(f"hidden layers {hidden!r}: sizes, '1x' or '2x' are expected")
        return (_FACTORS[hidden] * n_inputs,) * _DEPTH
    if any(size < 1 for size in hidden):
        raise SparseGraphError(f"hidden layers of {hidden} neurons: at least 1 each is expected")
    return hidden
