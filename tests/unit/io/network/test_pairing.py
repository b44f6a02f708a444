"""Files with exactly the keys that each library writes, as its code says (see the table of formats in the wild)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from stored import contents, mlp, sparse_weights

from sparsegraph.errors import LoadError
from sparsegraph.io.network.effective import EXPLICIT, NON_ZEROS
from sparsegraph.io.network.pairing import Plan, plan

DENSE = sparse_weights((4, 6), 1.0, 1)
MASK = (np.arange(24).reshape(4, 6) % 3 == 0).astype(np.float32)  # 8 of 24
SQUARE = sparse_weights((5, 4), 1.0, 2)
SQUARE_MASK = (np.arange(20).reshape(5, 4) % 4 == 0).astype(np.float32)  # 5 of 20


def kept(planned: Plan) -> dict[str, tuple[int, str]]:
    found = {}
    for matrix in planned.matrices:
        one = matrix.read()
        found[matrix.key] = (one.n_kept, one.origin)
    return found


def test_torch_prune() -> None:
    """torch.nn.utils.prune: X.weight_orig, X.weight_mask, also for biases."""
    import torch
    from torch.nn.utils import prune

    net = torch.nn.Sequential(torch.nn.Linear(6, 4), torch.nn.ReLU(), torch.nn.Linear(4, 5))
    prune.l1_unstructured(net[0], "weight", amount=16)
    prune.l1_unstructured(net[0], "bias", amount=2)
    planned = plan(contents({name: values.numpy() for name, values in net.state_dict().items()}))
    assert kept(planned) == {"0.weight": (8, EXPLICIT), "2.weight": (20, NON_ZEROS)}
    assert planned.warnings == ()
    assert {d.tensor.name for d in planned.decisions if d.kept} == {"0.weight_orig", "0.weight_mask", "2.weight"}
    assert planned.matrices[0].bias == 4


MASKED: dict[str, dict[str, Any]] = {
    "mask buffer beside the weight (MaskedLinear)": {"fc1.weight": DENSE * MASK, "fc1.mask": MASK},
    "weight_mask beside the weight": {"fc1.weight": DENSE * MASK, "fc1.weight_mask": MASK.astype(bool)},
    "mask_ in front": {"fc1": DENSE * MASK, "mask_fc1": MASK},
    "dict of masks by parameter (fantastic_weights)": {
        "state_dict.fc1.weight": DENSE * MASK,
        "optimizer.state[0].momentum_buffer": DENSE,
        "masks.fc1.weight": MASK,
    },
    "dict of masks, key mask, with module. (ImageNet)": {
        "state_dict.module.fc1.weight": DENSE * MASK,
        "mask.module.fc1.weight": MASK,
    },
    "masks without the suffix .weight": {"fc1.weight": DENSE * MASK, "masks.fc1": MASK},
    "ao.pruning with its mask": {
        "fc1.parametrizations.weight.original": DENSE,
        "fc1.parametrizations.weight.0.mask": MASK,
    },
    "a lone mask, by shape": {"W_0": DENSE * MASK, "mask": MASK, "W_1": SQUARE},
    "compressed-tensors": {
        "fc1.weight.shape": np.array([4, 6]),
        "fc1.weight.compressed": (DENSE * MASK)[MASK != 0],
        "fc1.weight.bitmask": np.packbits(MASK != 0, axis=1, bitorder="little"),
        "fc1.weight.row_offsets": np.arange(4),
    },
}


@pytest.mark.parametrize("state", MASKED.values(), ids=MASKED.keys())
def test_explicit_masks(state: dict[str, Any]) -> None:
    found = list(kept(plan(contents(state))).values())
    assert found[0] == (8, EXPLICIT)
    assert len(found) == (2 if "W_1" in state else 1)


def test_two_of_four_of_compressed_tensors() -> None:
    """2:4: compressed (rows, columns / 2), same bitmask."""
    mask = np.tile([1, 0, 0, 1], (4, 2)).astype(bool)
    dense = sparse_weights((4, 8), 1.0, 5) * mask
    state = {"w.shape": [4, 8], "w.compressed": dense[mask].reshape(4, 4), "w.bitmask": np.packbits(mask, 1, "little")}
    planned = plan(contents(state))
    np.testing.assert_array_equal(planned.matrices[0].read().weights, dense)
    assert planned.matrices[0].name == "w"


def test_rigl_list_of_masks_goes_by_order_and_none_is_dense() -> None:
    """rigl-torch: pruner.backward_masks = [None, tensor]; None is not in the file."""
    state = {
        "state_dict.conv1.weight": DENSE,
        "state_dict.conv1.bias": np.ones(4),
        "state_dict.fc.weight": SQUARE * SQUARE_MASK,
        "optimizer.state[0].momentum_buffer": DENSE,
        "pruner.backward_masks[1]": SQUARE_MASK.astype(bool),
    }
    planned = plan(contents(state))
    assert kept(planned) == {"conv1.weight": (24, NON_ZEROS), "fc.weight": (5, EXPLICIT)}
    assert any("have no names" in warning for warning in planned.warnings)


def test_list_of_masks_that_does_not_fit_is_left_out_with_a_warning() -> None:
    planned = plan(
        contents({"fc1.weight": DENSE, "fc2.weight": SQUARE, "masks[0]": SQUARE_MASK[:2], "masks[1]": MASK[:1]})
    )
    assert [origin for _, origin in kept(planned).values()] == [NON_ZEROS, NON_ZEROS]
    assert any("left out: masks[0], masks[1]" in warning for warning in planned.warnings)


@pytest.mark.parametrize(
    "state",
    [
        {"masks.fc1.weight": MASK, "masks.fc2.weight": SQUARE_MASK},
        {"[0]": MASK, "[1]": SQUARE_MASK},
        {"[0].fc1": MASK != 0, "[0].fc2": SQUARE_MASK != 0, "[1].fc1": np.ones(4, bool), "[1].fc2": np.ones(5, bool)},
        {"adjacency_matrix": MASK, "second.adjacency_matrix": SQUARE_MASK},
    ],
    ids=["dict", "list of floats", "pair of weight and bias masks", "MATLAB"],
)
def test_files_of_masks_only(state: dict[str, Any]) -> None:
    planned = plan(contents(state, "unknown"))
    assert list(kept(planned).values()) == [(8, EXPLICIT), (5, EXPLICIT)]
    assert planned.warnings == ("masks only, no weights in the file: each link has weight 1",)
    assert [decision.role for decision in planned.decisions][:2] == ["mask", "mask"]


@pytest.mark.parametrize(
    "state",
    [
        {"[0]": MASK, "[1]": SQUARE * SQUARE_MASK},
        {"[0]": MASK, "[1]": -SQUARE_MASK},
        {"fc1.weight": np.ones((4, 6)), "fc2.weight": np.ones((5, 4))},
        {"fc1.weight": np.zeros((4, 6)), "fc2.weight": np.zeros((5, 4))},
    ],
    ids=["one has weights", "minus one", "all ones", "all zeros"],
)
def test_other_numbers_are_weights(state: dict[str, Any]) -> None:
    planned = plan(contents(state))
    assert {origin for _, origin in kept(planned).values()} == {NON_ZEROS}
    assert planned.warnings == ()


@pytest.mark.parametrize(
    "state",
    [
        {"fc1.weight_orig": DENSE * MASK, "fc1.weight_u": np.ones(4), "fc1.weight_v": np.ones(6)},
        {"fc1.weight_orig": DENSE * MASK, "fc1.weight_u": np.ones(4)},
        {"fc1.weight_g": np.ones((4, 1)), "fc1.weight_v": DENSE * MASK},
        {
            "fc1.parametrizations.weight.original0": np.ones((4, 1)),
            "fc1.parametrizations.weight.original1": DENSE * MASK,
        },
        {"fc1.parametrizations.weight.original": DENSE * MASK},
    ],
    ids=["spectral norm", "old spectral norm", "weight norm", "weight norm, parametrised", "ao.pruning"],
)
def test_reparametrisations_are_no_masks(state: dict[str, Any]) -> None:
    planned = plan(contents(state))
    assert kept(planned) == {"fc1.weight": (8, NON_ZEROS)}
    assert all(decision.kept for decision in planned.decisions)


def test_every_tensor_has_a_decision_and_a_reason() -> None:
    state = {**mlp(6, 4, 3), "bn.running_mean": np.ones(4), "steps": np.array(3), "optimizer.state[0].exp_avg": DENSE}
    planned = plan(contents(state))
    assert [decision.tensor.name for decision in planned.decisions] == list(state)
    assert all(decision.why for decision in planned.decisions)


def test_shape_of_a_compressed_matrix_must_have_two_axes() -> None:
    with pytest.raises(LoadError, match="two axes"):
        plan(contents({"w.shape": [4], "w.compressed": DENSE, "w.bitmask": np.ones((4, 1), np.uint8)}))


def test_a_transposed_mask_is_named() -> None:
    state = {
        "fc1.weight": np.ones((20, 30), np.float32),
        "fc1.mask": np.eye(30, 20, dtype=np.float32),
        "fc2.weight": np.ones((10, 20), np.float32),
    }
    (warning,) = plan(contents(state)).warnings
    assert "the shape of fc1.mask is that of a weight transposed: transpose the mask" in warning
