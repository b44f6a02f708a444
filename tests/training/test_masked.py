"""Masked layers are torch's own with links missing, in anyone's loop."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import conv2d

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.io.load import load
from sparsegraph.training.masked import MaskedConv2d, MaskedLinear, set_mask

LINKS = np.array([[1, 0], [0, 1], [1, 1]], np.bool_)


def test_row_is_source_and_column_is_target() -> None:
    layer = MaskedLinear(3, 2, Mask.from_array(LINKS))
    assert ((layer.weight != 0).numpy() == LINKS.T).all()
    conv = MaskedConv2d(nn.Conv2d(2, 3, (1, 2)), Mask((4, 3), np.array([5])))
    # Position 5 is row 1 (channel 0, x 1) and column 2.
    assert torch.nonzero(conv.weight).tolist() == [[2, 0, 0, 1]]


def test_convolution_and_its_gradients_are_those_of_masked_kernels() -> None:
    generator = torch.Generator().manual_seed(0)
    mask = Mask.from_array(np.random.default_rng(0).random((18, 3)) < 0.4)
    layer = MaskedConv2d(nn.Conv2d(2, 3, 3, stride=2, padding=1, dilation=1), mask)
    images = torch.randn(4, 2, 7, 7, generator=generator, requires_grad=True)
    assert layer.bias is not None
    assert layer.mask is not None
    plain = layer.weight.detach().clone().requires_grad_()
    expected = conv2d(images, plain * layer.mask, layer.bias, stride=2, padding=1)
    torch.testing.assert_close(layer(images), expected)
    ours = torch.autograd.grad((layer(images) ** 2).sum(), [layer.weight, images, layer.bias])
    theirs = torch.autograd.grad((expected**2).sum(), [plain, images, layer.bias])
    for one, two in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, two)


@pytest.mark.parametrize("optimiser", [torch.optim.SGD, torch.optim.AdamW], ids=["SGD", "AdamW"])
def test_absent_weights_stay_zero_under_any_optimiser(optimiser: type[torch.optim.Optimizer]) -> None:
    layer = copy.deepcopy(MaskedLinear(3, 2, Mask.from_array(LINKS)))
    steps = optimiser(layer.parameters(), lr=0.1, weight_decay=0.1)  # type: ignore[call-arg]
    before = layer.weight.detach().clone()
    for _ in range(3):
        steps.zero_grad()
        (layer(torch.ones(5, 3)) ** 2).sum().backward()
        steps.step()
    assert ((layer.weight != 0).numpy() == LINKS.T).all()
    assert not torch.equal(layer.weight, before)


def test_a_mask_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SparseGraphError, match="3 x 2"):
        set_mask(MaskedLinear(3, 2), Mask.from_array(LINKS.T))
    with pytest.raises(SparseGraphError, match="ungrouped"):
        MaskedConv2d(nn.Conv2d(2, 2, 3, groups=2))


def test_states_carry_the_mask_and_are_read_as_checkpoints(tmp_path: Path) -> None:
    layers = nn.Sequential(MaskedLinear(3, 2, Mask.from_array(LINKS)), nn.ReLU(), MaskedLinear(2, 4))
    torch.save(layers.state_dict(), tmp_path / "net.pt")
    again = nn.Sequential(MaskedLinear(3, 2), nn.ReLU(), MaskedLinear(2, 4))
    again.load_state_dict(torch.load(tmp_path / "net.pt"))
    torch.testing.assert_close(again(torch.ones(5, 3)), layers(torch.ones(5, 3)))
    (again(torch.ones(5, 3)) ** 2).sum().backward()
    gradient = again.get_parameter("0.weight").grad
    assert gradient is not None
    assert not gradient[torch.from_numpy(~LINKS.T)].any()
    blocks = load(tmp_path / "net.pt").graph.blocks
    np.testing.assert_array_equal(blocks[0].weights.toarray() != 0, LINKS)
    assert [block.n_links for block in blocks] == [4, 8]
