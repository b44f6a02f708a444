"""Blocks in line to a graph: names, channels, breaks."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from evolving import random_mask

import sparsegraph
from sparsegraph.errors import GraphError
from sparsegraph.graph.line import BlockState, Joint, breaks, in_line, joint, skips_among
from sparsegraph.graph.mask import Mask


def dense(name: str, n_source: int, n_target: int) -> BlockState:
    return BlockState(name, Mask.complete((n_source, n_target)))


def conv(name: str, torch_shape: tuple[int, ...], groups: int | None = None) -> BlockState:
    shape = (int(np.prod(torch_shape[1:])), torch_shape[0])
    return BlockState(name, Mask.complete(shape), kind="conv2d", torch_shape=torch_shape, groups=groups)


def test_layers_are_called_input_hidden_output_and_the_input_is_an_image() -> None:
    graph = in_line([dense("a", 12, 8), dense("b", 8, 6), dense("c", 6, 5)], (1, 3, 4))
    assert [layer.name for layer in graph.layers] == ["input", "hidden1", "hidden2", "output"]
    assert graph.layers[0].shape == (1, 3, 4)
    assert [block.name for block in graph.blocks] == ["a", "b", "c"]
    assert in_line([dense("a", 12, 8)], (1, 28, 28)).layers[0].shape is None


def test_a_link_of_weight_zero_is_a_link() -> None:
    block = BlockState("fc", Mask((2, 3), np.array([0, 5])), np.array([0, 2], np.float32))
    weights = in_line([block]).blocks[0].weights
    assert weights.nnz == 2
    assert weights.toarray().tolist() == [[0, 0, 0], [0, 0, 2]]


def test_without_weights_each_link_weighs_one() -> None:
    assert in_line([dense("a", 2, 2)]).blocks[0].weights.data.tolist() == [1, 1, 1, 1]


def test_a_convolutional_net_is_the_graph_that_the_loader_makes_of_its_state_dict(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    shapes = {"conv1": (4, 3, 3, 3), "conv2": (6, 2, 2, 2), "mixed": (5, 6, 1, 1), "fc1": (7, 5 * 4), "fc2": (3, 7)}
    rng = np.random.default_rng(0)
    state, blocks = {}, []
    for name, shape in shapes.items():
        mask = random_mask((int(np.prod(shape[1:])), shape[0]), int(np.prod(shape)) // 3, rng)
        values = rng.normal(size=mask.n_links).astype(np.float32)
        kind = "conv2d" if len(shape) == 4 else "linear"
        blocks.append(BlockState(name, mask, values, kind=kind, torch_shape=shape))
        state[f"{name}.weight"] = torch.from_numpy(mask.to_csr(values).toarray().T.reshape(shape).copy())
    torch.save(state, tmp_path / "state.pt")
    expected, found = sparsegraph.load(tmp_path / "state.pt").graph, in_line(blocks)
    assert [(la.size, la.kind) for la in found.layers] == [(la.size, la.kind) for la in expected.layers]
    for a, b in zip(found.blocks, expected.blocks, strict=True):
        np.testing.assert_allclose(a.weights.toarray(), b.weights.toarray(), rtol=1e-6)
        assert (a.weights_per_link, a.groups, a.n_weights) == (b.weights_per_link, b.groups, b.n_weights)
        if b.multiplicity is not None:
            np.testing.assert_array_equal(a.multiplicity, b.multiplicity)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (dense("a", 3, 4), dense("b", 4, 2), Joint()),
        (dense("a", 3, 4), dense("b", 8, 2), None),
        (conv("a", (4, 1, 3, 3)), dense("b", 36, 2), Joint(positions=9)),
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 2, 3, 3)), Joint(groups=2)),
        (conv("a", (4, 1, 3, 3)), conv("b", (4, 1, 3, 3)), Joint(groups=4)),
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 3, 3, 3)), None),
        # one channel to a group is depthwise only where the number of channels stays: else a second tower fits
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 1, 3, 3)), None),
        # known groups are not guessed: 1 x 1 channels, 2 x 2, 4 x 1, and 1 x 4
        (conv("a", (4, 1, 3, 3)), conv("b", (4, 1, 3, 3), 1), None),
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 2, 3, 3), 1), None),
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 2, 3, 3), 2), Joint(groups=2)),
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 1, 3, 3), 4), Joint(groups=4)),
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 4, 3, 3), 1), Joint()),
        (conv("a", (4, 1, 3, 3)), conv("b", (8, 4, 3, 3), 2), None),
    ],
)
def test_how_one_block_follows_another(left: BlockState, right: BlockState, expected: Joint | None) -> None:
    assert joint(left, right) == expected


def test_known_groups_count_from_the_first_block_on() -> None:
    """4 channels in 2 groups of 2, and 6 channels out: 0 to 2 see 0 and 1, 3 to 5 see 2 and 3."""
    graph = in_line([conv("a", (6, 2, 3, 3), 2), dense("b", 6 * 5, 2)])
    assert [layer.size for layer in graph.layers] == [4, 6, 2]
    assert graph.blocks[0].groups == 2
    nine = 9 * np.ones((2, 3))  # each kernel has nine weights of 1
    assert graph.blocks[0].weights.toarray().tolist() == np.block([[nine, 0 * nine], [0 * nine, nine]]).tolist()


def test_where_sizes_do_not_fit_a_chain_of_its_own_begins() -> None:
    blocks = [dense("a", 3, 4), dense("b", 5, 2)]
    assert breaks(blocks) == [("a", "b")]
    graph = in_line(blocks)
    assert [layer.name for layer in graph.layers] == ["input", "hidden1", "input of b", "output"]
    assert graph.input_layers == (0, 2)


def test_a_skip_connection_lies_beside_the_chain() -> None:
    """4 -> 6 -> 6 with a shortcut 4 -> 6 told after them, then 6 -> 2; it would also fit as the one before the last."""
    blocks = [dense("stem", 3, 4), dense("1.a", 4, 6), dense("1.b", 6, 6), dense("1.shortcut", 4, 6), dense("fc", 6, 2)]
    assert breaks(blocks) == []
    graph = in_line(blocks)
    joined = [(b.name, graph.layers[b.source].name, graph.layers[b.target].name) for b in graph.blocks]
    assert joined == [
        ("stem", "input", "hidden1"), ("1.a", "hidden1", "hidden2"), ("1.b", "hidden2", "hidden3"),
        ("1.shortcut", "input of 1.shortcut", "hidden4"), ("fc", "hidden3", "output"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "beside"),
    [
        # a branch called residual is the main path: the layers before and after it fit each other, and it fits both
        ({"stem": (1, 8), "1.residual.0": (8, 8), "1.residual.2": (8, 8), "fc": (8, 3)}, []),
        ({"stem": (1, 8), "1.residual.0": (8, 16), "1.residual.2": (16, 8), "fc": (8, 3)}, []),
        # a stage that narrows the image, without which nothing follows the layer before it
        ({"conv1": (1, 8), "downsample": (8, 16), "conv2": (16, 16)}, []),
        # shortcuts of two layers, before and after the body of their unit
        (
            {"a": (1, 8), "1.skip.0": (8, 4), "1.skip.1": (4, 16), "1.b": (8, 16), "fc": (16, 2)},
            ["1.skip.0", "1.skip.1"],
        ),
        ({"a": (1, 8), "1.b": (8, 16), "1.shortcut": (8, 16), "fc": (16, 2)}, ["1.shortcut"]),
        ({"a": (8, 8), "b": (8, 8), "shortcut": (8, 8), "c": (8, 2)}, ["shortcut"]),
        # at the ends of the list
        ({"shortcut": (16, 3), "fc1": (16, 4), "fc2": (4, 3)}, ["shortcut"]),
        ({"fc1": (16, 4), "fc2": (4, 3), "shortcut": (16, 3)}, ["shortcut"]),
        ({"body": (4, 8), "shortcut_head.fc": (8, 2)}, []),
        ({"shortcut": (4, 8)}, []),
    ],
)
def test_a_name_makes_no_skip_connection_where_the_shapes_say_otherwise(
    sizes: dict[str, tuple[int, int]], beside: list[str]
) -> None:
    blocks = [dense(name, *shape) for name, shape in sizes.items()]
    graph = in_line(blocks, (blocks[0].n_source,))
    trunk = [block for block in graph.blocks if block.name not in beside]
    assert [block.name for block, first in zip(blocks, skips_among(blocks), strict=True) if first is not None] == beside
    assert breaks(blocks) == []
    assert all(left.target == right.source for left, right in itertools.pairwise(trunk))
    assert [graph.layers[trunk[0].source].name, graph.layers[trunk[-1].target].name] == ["input", "output"]
    others = [block for block in graph.blocks if block.name in beside]
    assert all(left.target == right.source for left, right in itertools.pairwise(others))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": np.ones(3, np.float32)}, "weights of shape"),
        ({"biases": np.ones(3, np.float32)}, "biases of shape"),
        ({"kind": "conv2d"}, "no layer"),
        ({"kind": "pool"}, "no layer"),
        ({"torch_shape": (2, 4)}, "its mask is"),
        ({"cumulative": Mask.complete((4, 2))}, "masks of shapes"),
        ({"groups": 2}, "'linear' .* cannot have 2 groups"),
        ({"groups": 0}, "cannot have 0 groups"),
        ({"kind": "conv1d", "torch_shape": (4, 2, 1), "groups": 3}, "cannot have 3 groups"),
    ],
)
def test_what_does_not_fit_the_mask_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        replace(dense("a", 2, 4), **change)
