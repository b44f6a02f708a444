from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from stored import sparse_weights, tensor

from sparsegraph.errors import LoadError
from sparsegraph.io.network.channels import links
from sparsegraph.io.network.effective import EXPLICIT, STORED, Kept, Recipe, plain
from sparsegraph.io.network.matrix import Matrix
from sparsegraph.io.network.orientation import Axes, Joint, Oriented


def kept(weights: np.ndarray, mask: np.ndarray | None = None) -> Kept:
    return Kept(weights, weights != 0 if mask is None else mask, EXPLICIT)


def oriented(shape: tuple[int, ...], axes: Axes = "out_in", *, channel_minor: bool = False) -> Oriented:
    read = Recipe(plain, (tensor("w", np.zeros(shape)),))
    return Oriented(Matrix("w", "w", shape, "torch", read), axes, channel_minor)


def test_torch_is_transposed_and_kept_zeros_are_links() -> None:
    weights = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, -1.0]])  # (out, in)
    mask = np.array([[True, True, False], [False, False, True]])
    found = links(kept(weights, mask), oriented((2, 3)))
    assert found.weights.toarray().tolist() == [[0, 0], [2, 0], [0, -1]]
    assert found.weights.nnz == 3
    assert (found.multiplicity, found.weights_per_link) == (None, 1)


def test_sparse_matrix_keeps_its_stored_zeros() -> None:
    matrix = sparse.csr_array((np.array([0.0, 5.0]), (np.array([0, 1]), np.array([2, 0]))), shape=(2, 3))
    found = links(Kept(matrix, np.zeros(0, bool), STORED), oriented((2, 3)))
    assert found.weights.shape == (3, 2)
    assert found.weights.nnz == 2
    assert found.weights[0, 1] == 5


def test_filter_bank_is_the_l1_norm_of_each_kernel() -> None:
    """Two filters over one channel, kernels of 2 x 2, by hand."""
    weights = np.array([[[[1.0, -2.0], [0.0, 0.0]]], [[[0.0, 0.0], [0.0, 0.0]]]])
    mask = np.array([[[[True, True], [True, False]]], [[[False] * 2, [False] * 2]]])
    found = links(kept(weights, mask), oriented((2, 1, 2, 2)))
    assert found.weights.toarray().tolist() == [[3.0, 0.0]]
    assert (found.weights.nnz, found.multiplicity.tolist(), found.weights_per_link) == (1, [3], 4)


def test_kernel_whose_kept_weights_are_all_zero_is_a_link() -> None:
    found = links(kept(np.zeros((1, 1, 3)), np.array([[[False, True, False]]])), oriented((1, 1, 3)))
    assert (found.weights.nnz, found.weights.data.tolist(), found.multiplicity.tolist()) == (1, [0.0], [1])


def test_channels_last_gives_the_same_links() -> None:
    bank = sparse_weights((6, 4, 3, 3), 0.1, 7)
    torch_way = links(kept(bank), oriented((6, 4, 3, 3)))
    last = np.transpose(bank, (2, 3, 1, 0))
    keras_way = links(kept(last), oriented((3, 3, 4, 6), "channels_last"))
    np.testing.assert_allclose(torch_way.weights.toarray(), keras_way.weights.toarray(), rtol=1e-6)
    assert torch_way.multiplicity.tolist() == keras_way.multiplicity.tolist()


def test_grouped_convolution_is_block_diagonal() -> None:
    """Against torch: output channel o of a grouped convolution depends on input channel c only within its group."""
    import torch

    conv = torch.nn.Conv1d(6, 4, 1, groups=2, bias=False)
    weights = conv.weight.detach().numpy()
    found = links(kept(weights), oriented(weights.shape), Joint(groups=2))
    effect = np.stack([conv(torch.eye(6)[:, :, None])[c, :, 0].detach().numpy() for c in range(6)])
    np.testing.assert_allclose(found.weights.toarray(), effect, rtol=1e-6)  # one weight a kernel: signs stay


@pytest.mark.parametrize("channel_minor", [False, True])
def test_matrix_behind_an_image_is_gathered_by_channel(*, channel_minor: bool) -> None:
    """Input i of 2 channels x 3 positions is channel i // 3 in torch (channel-major) and i % 2 in Keras."""
    weights = sparse_weights((6, 5), 0.5, 3)
    found = links(kept(weights), oriented((6, 5), "in_out", channel_minor=channel_minor), Joint(positions=3))
    channel = np.arange(6) % 2 if channel_minor else np.arange(6) // 3
    expected = np.stack([np.abs(weights[channel == c]).sum(axis=0) for c in range(2)])
    counts = np.stack([(weights[channel == c] != 0).sum(axis=0) for c in range(2)])
    np.testing.assert_allclose(found.weights.toarray(), expected, rtol=1e-6)
    assert found.multiplicity.tolist() == counts[counts > 0].tolist()
    assert found.weights_per_link == 3


def test_gathering_keeps_links_of_weight_zero() -> None:
    found = links(kept(np.zeros((4, 1)), np.array([[1], [0], [0], [0]], bool)), oriented((4, 1), "in_out"), Joint(2))
    assert (found.weights.nnz, found.multiplicity.tolist()) == (1, [1])


def test_sparse_filter_banks_are_refused() -> None:
    with pytest.raises(LoadError, match="expected two"):
        links(Kept(sparse.csr_array((2, 2)), np.zeros(0, bool), STORED), oriented((2, 2, 1)))
