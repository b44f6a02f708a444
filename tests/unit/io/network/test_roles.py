from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from stored import tensor

from sparsegraph.io.network.roles import Entry, classify
from sparsegraph.io.network.wrappers import unwrap

FLOATS = np.ones((3, 4), np.float32)


def entry(name: str, values: Any) -> Entry:
    return classify(unwrap([tensor(name, values)])[0])


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("fc1.weight", FLOATS, "weights"),
        ("conv1.weight", np.ones((3, 4, 5, 5)), "filters"),
        ("conv.weight", np.ones((3, 4, 5)), "filters"),
        ("tok_embeddings.weight", FLOATS, "embedding"),
        ("transformer.wte.weight", FLOATS, "embedding"),
        ("fc1.bias", np.ones(3), "bias"),
        ("fc1.bias_orig", np.ones(3), "bias"),
        ("b1", np.ones((1, 64)), "bias"),
        ("bn1.running_mean", np.ones(3), "normalisation"),
        ("bn1.weight", np.ones(3), "normalisation"),
        ("bn1.num_batches_tracked", np.array(7), "scalar"),
        ("fc1.weight_mask", FLOATS, "mask"),
        ("fc1.mask", FLOATS, "mask"),
        ("adjacency_matrix", FLOATS, "mask"),
        ("anything", np.ones((2, 2), np.bool_), "mask"),
        ("anything", np.array([[0, 1], [1, 1]], np.uint8), "mask"),
        ("attn.bias", np.ones((1, 1, 8, 8), np.bool_), "buffer"),
        ("layers.0.attn_mask", np.ones((4, 4)), "buffer"),
        ("fc1.mask_scores", FLOATS, "buffer"),
        ("pos_embed", np.ones((1, 7, 8)), "buffer"),
        ("optimizer.state[0].exp_avg", FLOATS, "optimiser"),
        ("fc1.weight_orig", FLOATS, "part"),
        ("fc1.parametrizations.weight.original", FLOATS, "part"),
        ("codes", np.array([[0, 7], [1, 255]], np.uint8), "counts"),
        ("signed", np.array([[0, -1], [1, 1]], np.int64), "weights"),
        ("quantised", np.array([[-128, 3], [90, 1]], np.int8), "weights"),
        ("zeros.weight", np.ones((0, 4)), "vector"),
        ("six", np.ones((1, 1, 1, 1, 1, 2)), "buffer"),
        ("z.weight", np.ones((2, 2), np.complex64), "unsupported"),
    ],
)
def test_role(name: str, values: Any, role: str) -> None:

    assert entry(name, values).role == role
    assert entry(name, values).why


def test_history_of_degrees_is_named() -> None:
    """SET writes `inputLayerConnections` (epochs, inputs): counts of links, as its README says."""
    found = entry("inputLayerConnections", np.array([[3, 52], [10, 20], [4, 9]]))
    assert found.role == "counts"
    assert "history of degrees" in found.why
    assert "3 epochs" in found.why
