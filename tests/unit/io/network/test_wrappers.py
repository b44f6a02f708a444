from __future__ import annotations

import numpy as np
import pytest
from stored import tensor

from sparsegraph.io.network.wrappers import bare, unwrap

MATRIX = np.ones((2, 2), np.float32)


def keys(*names: str) -> list[tuple[str, str]]:
    return [(named.key, named.group) for named in unwrap([tensor(name, MATRIX) for name in names])]


@pytest.mark.parametrize(
    "prefix",
    ["", "state_dict.", "model_state_dict.", "model.", "net.", "module.", "_orig_mod.", "state_dict.module.",
     "model._orig_mod.module.", "checkpoint.", "_fsdp_wrapped_module."],
)  # fmt: skip
def test_wrappers_around_everything_are_stripped(prefix: str) -> None:
    expected = (
        ["fc1.weight", "fc2.weight"] if prefix != "checkpoint." else ["checkpoint.fc1.weight", "checkpoint.fc2.weight"]
    )
    assert [key for key, _ in keys(f"{prefix}fc1.weight", f"{prefix}fc2.weight")] == expected


def test_a_word_that_wraps_only_a_part_is_a_name() -> None:
    assert keys("model.0.weight", "head.weight") == [("model.0.weight", "model"), ("head.weight", "model")]


def test_optimiser_state_is_told_from_the_model() -> None:
    assert keys("state_dict.fc1.weight", "optimizer.state[0].exp_avg") == [
        ("fc1.weight", "model"),
        ("optimizer.state.[0].exp_avg", "optimiser"),
    ]


def test_one_of_several_copies_is_taken() -> None:
    found = unwrap([tensor(name, MATRIX) for name in ("ema.fc1.weight", "model.fc1.weight", "state_dict.fc1.weight")])
    assert [named.group for named in found] == ["copy", "copy", "model"]
    assert "'state_dict' was taken" in found[0].why


def test_siblings_with_equal_names_are_no_copies() -> None:
    assert {group for _, group in keys("encoder.fc.weight", "decoder.fc.weight")} == {"model"}


@pytest.mark.parametrize("container", ["masks", "mask", "mask_dict"])
def test_container_of_masks(container: str) -> None:
    found = keys("state_dict.module.fc1.weight", f"{container}.module.fc1.weight")
    assert found == [("fc1.weight", "model"), ("module.fc1.weight", "masks")]
    assert bare(found[1][0]) == found[0][0]


def test_a_module_called_mask_is_no_container_of_masks() -> None:
    assert keys("backbone.conv.weight", "mask.conv.weight")[1] == ("mask.conv.weight", "model")


def test_list_of_masks_of_rigl() -> None:
    assert keys("state_dict.fc1.weight", "pruner.backward_masks[3]")[1] == ("[3]", "masks")


def test_hdf5_paths_and_tensorflow_suffix() -> None:
    assert keys("model_weights/dense/dense/kernel:0") == [("dense.dense.kernel", "model")]
