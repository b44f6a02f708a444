"""Tiles of images, and circuits without what makes no difference; whole nets are in tests/unit/perturb."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.kernels.forward import Circuit, absolute_sums, count_correct, reduced, tiles_of
from sparsegraph.kernels.vector_rows import WIDTH, aligned_rows


@pytest.mark.parametrize("n_images", [1, WIDTH - 1, WIDTH, WIDTH + 1, 3 * WIDTH])
def test_tiles_hold_every_value_once_and_zeros_behind(n_images: int) -> None:
    images = np.random.default_rng(0).normal(size=(n_images, 5)).astype(np.float32)
    tiles = tiles_of(images)
    columns = np.concatenate(list(tiles), axis=1)
    assert np.array_equal(columns[:, :n_images].T, images)
    assert not columns[:, n_images:].any()


def chain() -> Circuit:
    """Input - a - b - output with weights 2, 3, 1, and c - output with weight 5; c has the bias 1 and no input.

    Targets a, b, c, output: a is the first layer, b and c the second, output the last.
    """
    in_ptr = np.array([0, 1, 2, 2, 4], np.uint32)
    source_of, weights = np.array([0, 0, 1, 2], np.uint32), np.array([2.0, 3.0, 1.0, 5.0], np.float32)
    return Circuit(in_ptr, source_of, weights, np.array([0.0, 0.0, 1.0, 0.0], np.float32), 1, 1)


def test_constants_go_into_biases() -> None:
    copy = reduced(chain(), np.ones(4, np.bool_), chain().weights)
    assert copy.biases.tolist() == [0, 0, 1, 5]
    assert copy.weights.tolist() == [2, 3, 1]
    assert np.diff(copy.in_ptr).tolist() == [1, 1, 0, 1]


def test_neurons_that_no_output_needs_lose_their_links() -> None:
    kept = np.array([True, True, False, True])  # b - output is gone, and so a and b are for nothing
    copy = reduced(chain(), kept, chain().weights)
    assert copy.weights.size == 0
    assert copy.biases.tolist() == [0, 0, 1, 5]


def test_a_negative_constant_is_cut_off_by_relu() -> None:
    circuit = chain()._replace(biases=np.array([0, 0, -1, 0], np.float32))
    assert reduced(circuit, np.ones(4, np.bool_), circuit.weights).biases[3] == 0


def test_sums_count_samples_and_no_padding() -> None:
    images = np.array([[1.0], [-1.0], [2.0]], np.float32)
    sums = absolute_sums(chain(), tiles_of(images), 3, aligned_rows(4))
    assert sums.tolist() == [6.0, 18.0, 3.0, 18.0 + 15.0]


def test_the_first_of_equal_outputs_wins_and_padding_is_not_judged() -> None:
    two = Circuit(
        np.zeros(3, np.uint32), np.zeros(0, np.uint32), np.zeros(0, np.float32), np.zeros(2, np.float32), 2, 2
    )
    labels = np.array([0, 0, 1], np.int64)
    assert count_correct(two, tiles_of(np.ones((3, 1), np.float32)), labels, aligned_rows(2)) == 2
