"""SparseLinear is a masked dense layer, in anyone's model."""

from __future__ import annotations

import copy
import io

import numpy as np
import pytest
import torch

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.training.link_products import product_by_links, product_by_matrix
from sparsegraph.training.sparse_linear import SparseLinear

SHAPE = (12, 9)


def a_mask(seed: int = 0, n_links: int = 30, shape: tuple[int, int] = SHAPE) -> Mask:
    rng = np.random.default_rng(seed)
    return Mask(shape, np.sort(rng.choice(shape[0] * shape[1], n_links, replace=False)))


def a_layer(mask: Mask | None = None, **options: bool) -> SparseLinear:
    mask = mask or a_mask()
    return SparseLinear(*mask.shape, mask, generator=torch.Generator().manual_seed(0), **options)


def some_inputs(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def as_dense(layer: SparseLinear) -> torch.nn.Linear:
    """torch's own layer with the same weights, and 0 elsewhere."""
    dense = torch.nn.Linear(layer.in_features, layer.out_features, layer.bias is not None).to(layer.weight.dtype)
    with torch.no_grad():
        weights = layer.mask.to_csr(layer.weight.detach().numpy()).toarray()
        dense.weight.copy_(torch.from_numpy(weights.T))
        if layer.bias is not None:
            dense.bias.copy_(layer.bias)
    return dense


@pytest.mark.parametrize("kind", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("batch", [0, 1, 31, 32, 33, 128])
def test_outputs_and_gradients_are_those_of_a_masked_dense_layer(batch: int, kind: torch.dtype) -> None:
    layer = a_layer().to(kind)
    dense = as_dense(layer)
    x = some_inputs(batch, 12).to(kind).requires_grad_()
    x_dense = x.detach().clone().requires_grad_()
    torch.testing.assert_close(layer(x), dense(x_dense), rtol=1e-6, atol=1e-6)
    (layer(x) ** 3).sum().backward()
    (dense(x_dense) ** 3).sum().backward()
    masked = dense.weight.grad.T.reshape(-1)[layer.positions]
    for ours, theirs in [(x.grad, x_dense.grad), (layer.weight.grad, masked), (layer.bias.grad, dense.bias.grad)]:
        largest = float(theirs.abs().max()) if theirs.numel() else 0.0
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6 * max(largest, 1.0))


@pytest.mark.parametrize("product", [product_by_links, product_by_matrix])
def test_torch_products_pass_gradcheck(product: object) -> None:
    layer, x = a_layer().double(), some_inputs(4, 12).double().requires_grad_()
    weight = layer.weight.detach().clone().requires_grad_()
    assert callable(product)
    assert torch.autograd.gradcheck(lambda a, w: product(a, w, layer.positions, SHAPE), (x, weight))


def test_layer_passes_gradcheck() -> None:
    layer, x = a_layer().double(), some_inputs(2, 3, 12).double().requires_grad_()
    assert torch.autograd.gradcheck(layer, (x,))


def test_vector_kernels_pass_gradcheck() -> None:
    """In float32, hence loose: the product is linear in each argument, so a large step has no error of its own."""
    layer, x = a_layer(), some_inputs(5, 12).requires_grad_()
    with pytest.warns(UserWarning, match="not a double precision"):
        assert torch.autograd.gradcheck(layer, (x,), eps=0.5, atol=1e-4, rtol=1e-4)


def test_the_path_of_other_devices_is_right() -> None:
    """No such device here: the same code on the CPU."""
    layer, x = a_layer(), some_inputs(40, 12)
    outputs = product_by_matrix(x, layer.weight, layer.positions, SHAPE) + layer.bias
    torch.testing.assert_close(outputs, layer(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", [(12,), (3, 12), (2, 3, 12), (2, 2, 16, 12)])
def test_any_leading_dimensions(shape: tuple[int, ...]) -> None:
    layer, x = a_layer(), some_inputs(*shape)
    outputs = layer(x)
    assert outputs.shape == (*shape[:-1], 9)
    torch.testing.assert_close(outputs, as_dense(layer)(x), rtol=1e-5, atol=1e-6)


def test_inputs_of_any_strides() -> None:
    layer = a_layer()
    wide = some_inputs(64, 24)
    for x in (wide[:, ::2], wide[::2, :12], wide.t()[:12, :32].t(), wide[0, :12].expand(40, 12)):
        torch.testing.assert_close(layer(x), as_dense(layer)(x), rtol=1e-5, atol=1e-6)


def test_a_chain_learns_as_the_dense_one_under_torch_optimisers() -> None:
    masks = [a_mask(0, 30), a_mask(1, 20, (9, 5))]
    layers = [a_layer(mask) for mask in masks]
    sparse = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1])
    dense = torch.nn.Sequential(as_dense(layers[0]), torch.nn.ReLU(), as_dense(layers[1]))
    ours = torch.optim.Adam(sparse.parameters(), 0.01)
    theirs = torch.optim.Adam(dense.parameters(), 0.01)
    present = [torch.from_numpy(mask.to_array().T) for mask in masks]
    x, labels = some_inputs(40, 12), torch.arange(40) % 5
    for _ in range(10):
        for model, optimiser in ((sparse, ours), (dense, theirs)):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(model(x), labels).backward()
            optimiser.step()
        with torch.no_grad():
            for linear, mask in zip((dense[0], dense[2]), present, strict=True):
                linear.weight.mul_(mask)
    torch.testing.assert_close(sparse(x), dense(x), rtol=1e-4, atol=1e-5)


def test_whole_tiles_pass_between_layers_without_a_copy() -> None:
    layer = a_layer()
    outputs = torch.relu(layer(some_inputs(64, 12)))
    assert outputs.t().is_contiguous()


def test_no_gradient_is_made_that_nobody_wants() -> None:
    layer, x = a_layer(), some_inputs(32, 12)
    with torch.no_grad():
        assert not layer(x).requires_grad
    layer(x).sum().backward()
    assert x.grad is None
    assert layer.weight.grad is not None
    layer.weight.requires_grad_(False)
    layer.bias.requires_grad_(False)
    layer.weight.grad = None
    layer(x.requires_grad_()).sum().backward()
    assert layer.weight.grad is None
    torch.testing.assert_close(x.grad, as_dense(layer).weight.sum(0).expand(32, 12))


def test_masks_of_all_forms() -> None:
    mask = a_mask()
    for form in (mask, mask.to_array(), torch.from_numpy(mask.to_array())):
        layer = SparseLinear(12, 9, form, bias=False)
        np.testing.assert_array_equal(layer.mask.positions, mask.positions)
        assert layer.bias is None
        torch.testing.assert_close(layer(some_inputs(3, 12)), as_dense(layer)(some_inputs(3, 12)))
    with pytest.raises(DataError, match="row = source"):
        SparseLinear(12, 9, mask.to_array().T)
    with pytest.raises(DataError, match="12 features"):
        a_layer()(some_inputs(3, 9))


def test_a_mask_that_is_none_is_refused() -> None:
    drawn = torch.rand(12, 9)
    for forgotten in (drawn, drawn.numpy(), np.full((12, 9), np.nan), 2 * np.eye(12, 9)):
        with pytest.raises(DataError, match="other than 0 and 1"):
            SparseLinear(12, 9, forgotten)
    for empty in (np.zeros((12, 9), bool), torch.zeros(12, 9), Mask(SHAPE, [])):
        with pytest.raises(DataError, match="no link at all"):
            SparseLinear(12, 9, empty)
    with pytest.raises(DataError, match="row = source"):
        SparseLinear(12, 9, np.ones(108))
    with pytest.raises(DataError, match="other than 0 and 1"):
        a_layer().rewire(drawn, torch.zeros(108))
    for kind in (torch.bool, torch.int8, torch.bfloat16, torch.float64):
        numbers = torch.from_numpy(a_mask().to_array()).to(kind)
        np.testing.assert_array_equal(SparseLinear(12, 9, numbers).positions, a_mask().positions)


def test_a_layer_that_lost_its_links_gives_its_bias() -> None:
    layer = a_layer()
    layer.rewire(Mask(SHAPE, []), np.zeros(0))
    outputs = layer(some_inputs(5, 12))
    torch.testing.assert_close(outputs, layer.bias.expand(5, 9))
    outputs.sum().backward()
    assert layer.weight.grad.shape == (0,)


def test_state_is_saved_and_loaded_mask_included() -> None:
    layer, x = a_layer(), some_inputs(5, 12)
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    other = a_layer(a_mask(seed=7, n_links=41))
    other(x)
    other.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(other(x), layer(x))
    with pytest.raises(RuntimeError, match="Missing key"):
        other.load_state_dict({"weight": layer.weight, "bias": layer.bias})


def test_a_state_of_before_the_shape_was_kept_is_loaded_and_one_of_another_shape_refused() -> None:
    layer, x = a_layer(), some_inputs(5, 12)
    state = layer.state_dict()
    assert state["shape"].tolist() == [12, 9]
    older = {key: values for key, values in state.items() if key != "shape"}
    other = a_layer(a_mask(seed=7))
    other.load_state_dict(older)
    assert torch.equal(other(x), layer(x))
    assert "shape" not in older
    with pytest.raises(DataError, match=r"a layer of \(12, 9\), and this one is of \(9, 12\)"):
        a_layer(a_mask(shape=(9, 12))).load_state_dict(state)


def test_copies_and_pickles_are_layers_of_their_own() -> None:
    layer, x = a_layer(), some_inputs(5, 12)
    before = layer(x).detach()
    file = io.BytesIO()
    torch.save(layer, file)
    file.seek(0)
    for other in (copy.deepcopy(layer), torch.load(file, weights_only=False)):
        assert torch.equal(other(x), before)
        with torch.no_grad():
            other.weight.zero_()
        assert torch.equal(layer(x), before)


def test_rewired_links_are_used_at_once() -> None:
    layer, x = a_layer(), some_inputs(5, 12)
    layer(x).sum().backward()
    parameter, mask = layer.weight, a_mask(seed=3, n_links=17)
    layer.rewire(mask, np.arange(17.0))
    assert layer.weight is parameter
    assert layer.weight.grad is None
    expected = x @ torch.from_numpy(mask.to_csr(np.arange(17.0)).toarray()).float() + layer.bias
    torch.testing.assert_close(layer(x), expected, rtol=1e-5, atol=1e-5)
    with pytest.raises(DataError, match="17 links need"):
        layer.rewire(mask, np.zeros(3))


def test_autocast_leaves_it_in_its_own_precision() -> None:
    layer, x = a_layer(), some_inputs(32, 12)
    with torch.autocast("cpu", torch.bfloat16):
        half = torch.nn.Linear(12, 12)(x)
        assert half.dtype == torch.bfloat16
        outputs = layer(half)
    assert outputs.dtype == torch.float32
    torch.testing.assert_close(outputs, layer(half.float()))


def test_start_values_are_torchs_law_on_the_links_there_are() -> None:
    """torch.nn.Linear draws uniformly up to 1 / sqrt(fan-in); the mean fan-in here is 100."""
    layer = SparseLinear(1000, 50, a_mask(0, 5000, (1000, 50)), generator=torch.Generator().manual_seed(0))
    weights = layer.weight.detach()
    assert 0.0999 < float(weights.abs().max()) <= 0.1
    assert float(weights.std()) == pytest.approx(0.1 / np.sqrt(3), rel=0.03)


def test_it_cannot_be_differentiated_twice_and_says_so() -> None:
    layer, x = a_layer(), some_inputs(32, 12).requires_grad_()
    (gradient,) = torch.autograd.grad(layer(x).square().sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        gradient.sum().backward()


def test_inputs_that_are_changed_in_place_are_noticed() -> None:
    layer = SparseLinear(4, 3, np.ones((4, 3), np.bool_))
    x = torch.ones(32, 4)
    y = layer(x).sum()
    x += 1
    with pytest.raises(RuntimeError, match="inplace operation"):
        y.backward()
