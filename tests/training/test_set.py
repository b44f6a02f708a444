"""The SET loop: sparse gradients are right, links are conserved, learning happens."""

from __future__ import annotations

import numpy as np
import torch

from sparsegraph.data.digits import load_digits
from sparsegraph.rng import rng_for
from sparsegraph.training.loop import EpochRecord, SetRecipe, train
from sparsegraph.training.sparse_linear import SparseLinear


def test_sparse_gradients_equal_masked_dense_ones() -> None:
    rng = np.random.default_rng(0)
    positions = np.sort(rng.choice(12, 5, replace=False)).astype(np.int64)
    layer = SparseLinear((3, 4), positions, rng.normal(size=5)).double()
    x = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
    dense = torch.zeros(12, dtype=torch.float64)
    dense[positions] = layer.weights.detach()
    dense = dense.reshape(3, 4).requires_grad_()
    torch.testing.assert_close(layer(x), x @ dense)
    (layer(x) ** 2).sum().backward()
    ours, x_ours = layer.weights.grad, x.grad.clone()
    x.grad = None
    ((x @ dense) ** 2).sum().backward()
    torch.testing.assert_close(ours, dense.grad.reshape(-1)[positions])
    torch.testing.assert_close(x_ours, x.grad)


def test_set_conserves_links_learns_and_repeats() -> None:
    digits = load_digits(rng=rng_for(0, "digits"))
    recipe = SetRecipe((64, 80, 80, 10), density=0.1, epochs=4)
    records: list[EpochRecord] = []
    graph = train(recipe, (digits.train, digits.test), seed=1, on_epoch=records.append)
    again = train(recipe, (digits.train, digits.test), seed=1, on_epoch=lambda record: None)
    assert [block.n_links for block in graph.blocks] == [512, 640, 800]
    assert [r.epoch for r in records] == [1, 2, 3, 4]
    assert records[-1].test_accuracy > 0.8
    for one, two in zip(graph.blocks, again.blocks, strict=True):
        np.testing.assert_array_equal(one.weights.toarray(), two.weights.toarray())
