from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from stored import contents

from sparsegraph.io.network.orientation import Joint, Oriented, joint, orient
from sparsegraph.io.network.pairing import plan
from sparsegraph.io.tensor import Layout


def oriented(state: Mapping[str, Any], layout: Layout = "torch") -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    found, warnings = orient(plan(contents(state, layout)).matrices, in_line=False)
    return [(one.n_source, one.n_target) for one in found], warnings


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape, np.float32)


def one(name: str, shape: tuple[int, ...], layout: Layout = "torch") -> Oriented:
    return orient(plan(contents({name: ones(*shape)}, layout)).matrices, in_line=True)[0][0]


def test_torch_is_out_in() -> None:
    assert oriented({"fc1.weight": ones(3, 7), "fc1.bias": ones(3)}) == ([(7, 3)], ())
    assert oriented({"conv.weight": ones(6, 2, 5, 5)}) == ([(2, 6)], ())


def test_keras_is_in_out_with_the_kernel_first() -> None:
    assert oriented({"dense.kernel": ones(7, 3)}, "channels_last") == ([(7, 3)], ())
    assert oriented({"conv2d.kernel": ones(5, 5, 2, 6)}, "channels_last") == ([(2, 6)], ())


def test_bias_settles_it_with_a_warning() -> None:
    """GPT-2 keeps torch names but stores (in, out); its square matrices follow the others."""
    sizes, warnings = oriented(
        {"c_fc.weight": ones(4, 16), "c_fc.bias": ones(16), "c_proj.weight": ones(4, 4), "c_proj.bias": ones(4)}
    )
    assert sizes == [(4, 16), (4, 4)]
    assert len(warnings) == 1
    assert "the bias has one value for each output" in warnings[0]


def test_transposed_convolution_is_told_by_its_bias() -> None:
    assert oriented({"up.weight": ones(8, 3, 2, 2), "up.bias": ones(3)})[0] == [(8, 3)]


def test_kernels_of_flax_are_in_out() -> None:
    """Flax writes (in, out) into safetensors, where torch would write (out, in); square ones follow the name."""
    state = {"Dense_0.kernel": ones(20, 20), "Dense_0.bias": ones(20), "Dense_1.kernel": ones(20, 20)}
    found, warnings = orient(plan(contents(state, "torch")).matrices, in_line=False)
    assert [one.axes for one in found] == ["in_out", "in_out"]
    assert "nothing but the name kernel" in warnings[0]
    sizes, warnings = oriented({"Dense_0.kernel": ones(30, 20), "Dense_1.kernel": ones(20, 10)})
    assert sizes == [(30, 20), (20, 10)]
    assert oriented({"a.kernel": ones(20, 30), "b.kernel": ones(10, 20)})[0] == [(30, 20), (20, 10)]
    assert oriented({"Conv_0.kernel": ones(3, 3, 1, 8), "Dense_0.kernel": ones(8, 10)})[0] == [(1, 8), (8, 10)]


def test_weights_that_fit_better_the_other_way_round_are_told_and_not_turned() -> None:
    sizes, warnings = oriented({"fc1.weight": ones(30, 20), "fc2.weight": ones(20, 10)})
    assert sizes == [(20, 30), (10, 20)]
    assert "more neighbours would fit as (in, out): if the file stores them so, transpose them" in warnings[0]
    assert oriented({"fc1.weight": ones(20, 30), "fc2.weight": ones(10, 20)}) == ([(30, 20), (20, 10)], ())


def test_numpy_names_in_a_torch_file() -> None:
    assert oriented({"W_0": ones(8, 5), "b_0": ones(5), "W_1": ones(5, 2), "b_1": ones(2)})[0] == [(8, 5), (5, 2)]


@pytest.mark.parametrize("layout", ["unknown", "torch"])
def test_layout_by_how_neighbours_fit(layout: Layout) -> None:
    assert oriented({"W1": ones(8, 5), "W2": ones(5, 2)}, layout)[0] == [(8, 5), (5, 2)]
    assert oriented({"W1": ones(5, 8), "W2": ones(2, 5)}, layout)[0] == [(8, 5), (5, 2)]


def test_unknown_layout_without_evidence_is_in_out_and_says_so() -> None:
    sizes, warnings = oriented({"matrix": ones(8, 5)}, "unknown")
    assert sizes == [(8, 5)]
    assert "does not say which axis is the input" in warnings[0]


def test_unknown_filters_by_the_place_of_the_kernel() -> None:
    assert oriented({"c": ones(5, 5, 1, 20)}, "unknown")[0] == [(1, 20)]
    assert oriented({"c": ones(20, 1, 5, 5)}, "unknown")[0] == [(1, 20)]


def test_embedding_goes_from_tokens_to_vectors() -> None:
    assert oriented({"embedding.weight": ones(100, 8)}) == ([(100, 8)], ())


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((5, 9), (3, 5), Joint()),
        ((5, 9), (3, 10), None),  # neurons have no positions
        ((16, 6, 5, 5), (120, 400), Joint(positions=25)),
        ((16, 6, 5, 5), (120, 401), None),
        ((16, 6, 5, 5), (32, 16, 3, 3), Joint()),
        ((16, 6, 5, 5), (32, 4, 3, 3), Joint(groups=4)),
        ((16, 6, 5, 5), (16, 1, 3, 3), Joint(groups=16)),
        ((16, 6, 5, 5), (48, 1, 3, 3), None),  # depthwise only where channels stay
        ((16, 6, 5, 5), (30, 4, 3, 3), None),  # 4 groups do not divide 30
    ],
)
def test_joint(left: tuple[int, ...], right: tuple[int, ...], expected: Joint | None) -> None:
    """By hand from torch's shapes: (out, in) and (out, in / groups, *kernel)."""
    assert joint(one("a.weight", left), one("b.weight", right)) == expected
