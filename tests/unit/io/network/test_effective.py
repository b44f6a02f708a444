from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from stored import sparse_weights, tensor

from sparsegraph.errors import LoadError
from sparsegraph.io.network.effective import (
    EXPLICIT,
    NON_ZEROS,
    STORED,
    mask_alone,
    masked,
    plain,
    pruned,
    spectrally_normalised,
    unpacked,
    weight_normalised,
)

WEIGHTS = np.array([[1.0, 0.0, -2.0], [3.0, 4.0, 0.0]], np.float32)
MASK = np.array([[1, 1, 0], [0, 1, 0]], np.float32)


def test_plain_counts_non_zeros() -> None:
    kept = plain(tensor("w", WEIGHTS))
    assert (kept.n_kept, kept.origin) == (4, NON_ZEROS)


def test_stored_zero_of_a_sparse_tensor_is_kept() -> None:
    matrix = sparse.csr_array((np.array([0.0, 1.0]), (np.array([0, 1]), np.array([2, 0]))), shape=(2, 3))
    kept = plain(tensor("w", matrix))
    assert (kept.n_kept, kept.origin) == (2, STORED)


def test_mask_times_weight_and_disagreement_with_numbers() -> None:
    kept = masked(tensor("w", WEIGHTS), tensor("m", MASK))
    assert kept.weights.tolist() == [[1, 0, 0], [0, 4, 0]]
    assert (kept.n_kept, kept.origin) == (3, EXPLICIT)
    # By hand: of 6 weights the mask keeps 3 and 4 are non-zero; -2 and 3 are masked out, the 0 in between is kept.
    (warning,) = kept.warnings
    assert "keeps 50.0 %" in warning
    assert "66.7 % are non-zero" in warning
    assert "2 non-zero weights are masked out" in warning
    assert "1 kept links have weight 0" in warning


def test_an_inverted_mask_is_recognised_and_still_counts() -> None:
    kept = masked(tensor("w", WEIGHTS), tensor("m", WEIGHTS == 0))
    assert (kept.n_kept, kept.origin) == (2, EXPLICIT)  # the two zeros of WEIGHTS
    (warning,) = kept.warnings
    assert "keeps exactly the zeros and looks inverted (1 = removed)" in warning
    assert "store 1 - mask" in warning
    assert "inverted" not in masked(tensor("w", WEIGHTS), tensor("m", MASK)).warnings[0]
    assert "inverted" not in masked(tensor("w", np.zeros((2, 3))), tensor("m", np.ones((2, 3)))).warnings[0]


def test_agreement_is_silent_and_pruning_hides_weights_by_design() -> None:
    assert masked(tensor("w", WEIGHTS * MASK), tensor("m", (WEIGHTS * MASK) != 0)).warnings == ()
    kept = pruned(tensor("w_orig", WEIGHTS), tensor("w_mask", MASK))
    assert kept.warnings == ()
    assert kept.n_kept == 3


def test_mask_alone_has_weights_of_one() -> None:
    kept = mask_alone(tensor("m", MASK))
    assert kept.weights.tolist() == MASK.tolist()
    assert kept.origin == EXPLICIT


def test_weight_norm_equals_torch() -> None:
    import torch

    layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(5, 3))
    state = layer.state_dict()
    g, v = (state[f"parametrizations.weight.original{i}"].numpy() for i in (0, 1))
    kept = weight_normalised(tensor("v", v), tensor("g", g))
    np.testing.assert_allclose(kept.weights, layer.weight.detach().numpy(), rtol=1e-5)


def test_spectral_norm_equals_torch() -> None:
    import torch

    torch.manual_seed(0)
    layer = torch.nn.utils.parametrizations.spectral_norm(torch.nn.Conv2d(2, 3, 3)).eval()
    state = {name: values.numpy() for name, values in layer.state_dict().items()}
    parts = [state[f"parametrizations.weight.{name}"] for name in ("original", "0._u", "0._v")]
    kept = spectrally_normalised(*(tensor("part", part) for part in parts))
    np.testing.assert_allclose(kept.weights, layer.weight.detach().numpy(), rtol=1e-4)


def test_bitmask_is_little_endian_along_the_columns() -> None:
    """compressed-tensors: `numpy.packbits(mask, axis=1, bitorder="little")`, non-zeros row by row."""
    dense = sparse_weights((5, 11), 0.4, 3)
    bits = np.packbits(dense != 0, axis=1, bitorder="little")
    kept = unpacked(tensor("w.compressed", dense[dense != 0]), tensor("w.bitmask", bits), (5, 11))
    np.testing.assert_array_equal(kept.weights, dense)
    with pytest.raises(LoadError, match="damaged"):
        unpacked(tensor("w.compressed", dense[dense != 0][:-1]), tensor("w.bitmask", bits), (5, 11))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_name_the_tensor(bad: float) -> None:
    broken = WEIGHTS.copy()
    broken[1, 1] = bad
    with pytest.raises(LoadError, match=r"fc1\.weight holds 1 NaN or infinite"):
        plain(tensor("fc1.weight", broken))
    with pytest.raises(LoadError, match="m is a mask"):
        mask_alone(tensor("m", broken))


def test_complex_weights_are_refused() -> None:
    with pytest.raises(LoadError, match="real numbers"):
        plain(tensor("z", WEIGHTS.astype(np.complex64)))
