from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from stored import contents, mlp

from sparsegraph.errors import LoadError, UnknownNameError
from sparsegraph.io.network.chain import Chains, chain, chosen_chain, layer_name, select
from sparsegraph.io.network.orientation import orient
from sparsegraph.io.network.pairing import plan


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape, np.float32)


def chains(state: Mapping[str, Any]) -> Chains:
    return chain(orient(plan(contents(state)).matrices, in_line=False)[0])


def names(found: Chains) -> list[list[str]]:
    return [[layer_name(step.oriented.matrix) for step in steps] for steps in found.chains]


def test_pieces_are_named_and_none_is_lost() -> None:
    found = chains({"fc1.weight": ones(5, 8), "fc2.weight": ones(3, 5), "fc3.weight": ones(2, 7)})
    assert names(found) == [["fc1", "fc2"], ["fc3"]]
    assert "2 separate chains" in found.warnings[0]
    assert "fc1 to fc2 (8 -> 3); fc3 (7 -> 2); no link joins them" in found.warnings[0]


def test_heads_on_one_trunk_are_not_said_to_have_shapes_that_do_not_fit() -> None:
    """The second head fits the trunk (32 -> 1), but a chain has one end."""
    found = chains({"trunk.0.weight": ones(32, 10), "head1.weight": ones(4, 32), "head2.weight": ones(1, 32)})
    (warning,) = found.warnings
    assert warning == (
        "the matrices form 2 separate chains: trunk.0 to head1 (10 -> 4); head2 (32 -> 1); no link joins them here, so "
        "that paths, activity and distances do not see what the network adds, concatenates or branches between them"
    )


def test_separate_chains_are_listed_with_their_number() -> None:
    found = chains({f"fc{i}.weight": ones(100 - i, 2 * i + 200) for i in range(11)})
    assert "fc7 (214 -> 93); and 3 more; no link" in found.warnings[0]


RESIDUAL = {
    "torchvision": ["conv1", "layer1.0.conv1", "layer1.0.conv2", "layer1.1.conv1", "fc"],
    "a shortcut with weights": ["conv1", "block.0.conv", "block.0.shortcut.0", "fc"],
    "residual functions": ["conv1", "conv2_x.0.residual_function.0", "conv2_x.0.residual_function.3", "fc"],
    "res blocks": ["stem", "res_block1.conv1", "res_block1.conv2", "fc"],
    "res1": ["stem", "res1.0.0", "res1.1.0", "fc"],
}


@pytest.mark.parametrize("stems", RESIDUAL.values(), ids=RESIDUAL.keys())
def test_residual_blocks_are_told_by_their_names(stems: list[str]) -> None:
    shapes = {stem: (2, 4) if stem == "fc" else (4, 4, 3, 3) for stem in stems} | {stems[0]: (4, 3, 3, 3)}
    found = chains({f"{stem}.weight": ones(*shape) for stem, shape in shapes.items()})
    assert any("look like residual blocks: identity skips store no weights" in warning for warning in found.warnings)
    beside = [steps for steps in names(found) if "shortcut" in steps[0]]
    assert len(found.chains) == 1 + len(beside)


@pytest.mark.parametrize("stem", ["layers.0", "features.0", "layer1.0", "conv2d", "result", "encoder.layer1.conv1"])
def test_plain_names_are_no_residual_blocks(stem: str) -> None:
    found = chains({f"{stem}.weight": ones(4, 4), "out.weight": ones(2, 4)})
    assert not any("residual" in warning for warning in found.warnings)


def test_skip_connections_and_embeddings_stand_beside() -> None:
    found = chains(
        {
            "embedding.weight": ones(9, 4),
            "layer1.0.conv1.weight": ones(4, 4, 3, 3),
            "layer2.0.conv1.weight": ones(8, 4, 3, 3),
            "layer2.0.conv2.weight": ones(8, 8, 3, 3),
            "layer2.0.downsample.0.weight": ones(8, 4, 1, 1),
            "layer2.1.conv1.weight": ones(8, 8, 3, 3),
            "fc.weight": ones(2, 8),
        }
    )
    assert names(found) == [
        ["layer1.0.conv1", "layer2.0.conv1", "layer2.0.conv2", "layer2.1.conv1", "fc"],
        ["embedding"],
        ["layer2.0.downsample.0"],
    ]
    assert "stand alone beside the chain" in found.warnings[0]


@pytest.mark.parametrize("name", ["self_attn.q_proj.weight", "attention.query.weight", "lstm.weight_hh_l0"])
def test_attention_and_recurrent_layers_are_no_chains(name: str) -> None:
    found = chains({name: ones(4, 4), "up.weight": ones(4, 4), "down.weight": ones(4, 4)})
    assert [len(steps) for steps in found.chains] == [1, 1, 1]
    assert "no chain of layers" in found.warnings[0]


def test_depthwise_in_the_middle_of_a_network_has_as_many_groups_as_channels() -> None:
    found = chains({"a1.weight": ones(11, 2, 8), "a2.weight": ones(33, 1, 3), "a3.weight": ones(32, 33, 1)})
    assert [[step.joint.groups for step in steps] for steps in found.chains] == [[1], [33, 1]]
    assert "grouped or depthwise" in found.warnings[1]


@pytest.mark.parametrize(("first", "groups"), [(8, 1), (16, 16)])
def test_one_channel_is_the_input_of_a_second_tower_unless_as_many_channels_were_there(first: int, groups: int) -> None:
    """16 channels out of one each, in a net that begins with one: depthwise where 16 channels were there before."""
    found = chains(
        {"conv1.weight": ones(first, 1, 3, 3), "conv2.weight": ones(4, first, 1, 1), "conv3.weight": ones(16, 1, 3, 3)}
    )
    assert names(found) == [["conv1", "conv2"], ["conv3"]]
    assert found.chains[1][0].joint.groups == groups


def test_chosen_layers() -> None:
    matrices = plan(contents(mlp(8, 5, 3, 2))).matrices
    for chosen in (["fc2", "fc3"], ["fc2.weight", "fc3.weight"]):
        found = select(matrices, chosen)
        assert [matrix.name for matrix in found] == ["fc2.weight", "fc3.weight"]
        assert names(chosen_chain(orient(found, in_line=True)[0])) == [["fc2", "fc3"]]


def test_chosen_layers_that_do_not_fit() -> None:
    found = select(plan(contents(mlp(8, 5, 3, 2))).matrices, ["fc1", "fc3"])
    with pytest.raises(LoadError, match=r"fc1\.weight ends in 5 neurons but fc3\.weight starts from 3"):
        chosen_chain(orient(found, in_line=True)[0])


@pytest.mark.parametrize(("chosen", "words"), [(["fc22"], "did you mean fc2"), (["x"], "known are: fc1, fc2, fc3"),
                                               (["fc1", "fc1"], "once each"), ([], "at least one")])  # fmt: skip
def test_unknown_layers_are_answered_with_near_names(chosen: list[str], words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        select(plan(contents(mlp(8, 5, 3, 2))).matrices, chosen)


@pytest.mark.parametrize(
    ("key", "name"),
    [("fc1.weight", "fc1"), ("state_dict.module.classifier.6.weight", "classifier.6"), ("0.weight", "layer0"),
     ("[2]", "layer2"), ("model_weights/conv2d/conv2d/kernel:0", "conv2d"), ("[0].cov1", "cov1"), ("W_0", "W_0")],
)  # fmt: skip
def test_layer_names(key: str, name: str) -> None:
    assert layer_name(plan(contents({key: ones(3, 2)})).matrices[0]) == name
