"""Kernels of sparse training: matrix products, one small net by hand, and themselves as plain Python."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from sparsegraph.kernels import vector_rows
from sparsegraph.kernels.descent import Moments, Rule, descend
from sparsegraph.kernels.mlp import (
    Net,
    Plan,
    Samples,
    Trail,
    add_batch_gradient,
    evaluate_samples,
    train_batches,
)
from sparsegraph.kernels.sparse_layers import (
    LinkIndex,
    Parameters,
    first_layer_gradients,
    index_links,
    layer_gradients,
    layer_outputs,
)
from sparsegraph.kernels.vector_rows import WIDTH, aligned_rows

N_SOURCES, N_TARGETS, N_LINKS = 17, 11, 60


@numba.njit
def every_operation(rows: np.ndarray, out: np.ndarray, scale: float, row: int) -> float:
    left, right = vector_rows.load(rows, row, 0), vector_rows.load(rows, row + 1, 3)
    vector_rows.store(out, 0, 0, vector_rows.spread(scale))
    vector_rows.store(out, 1, 2, vector_rows.add_scaled(left, scale, right))
    vector_rows.store(out, 2, 0, vector_rows.positive_part(left))
    vector_rows.store(out, 3, 0, vector_rows.where_positive(left, right))
    return vector_rows.dot(left, right)


def a_layer(seed: int = 0) -> tuple[np.ndarray, np.ndarray, LinkIndex]:
    rng = np.random.default_rng(seed)
    positions = np.sort(rng.choice(N_SOURCES * N_TARGETS, N_LINKS, replace=False))
    source, target = np.divmod(positions, N_TARGETS)
    return source, target, index_links(source, target, N_SOURCES, N_TARGETS)


def random_rows(n_rows: int, n_columns: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n_rows, n_columns)).astype(np.float32)


@pytest.mark.parametrize("special", [0.0, np.nan, np.inf, -np.inf])
def test_operations_on_rows_are_their_plain_definitions(special: float) -> None:
    rows = random_rows(4, WIDTH + 5, seed=1)
    rows[2, 4] = special
    compiled, plain = np.zeros((4, WIDTH + 5), np.float32), np.zeros((4, WIDTH + 5), np.float32)
    with np.errstate(invalid="ignore"):
        expected = every_operation.py_func(rows, plain, 0.7, 1)
    answer = every_operation(rows, compiled, 0.7, 1)
    np.testing.assert_allclose(compiled, plain, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(answer, expected, rtol=1e-5)
    np.testing.assert_array_equal(compiled[2], plain[2])
    np.testing.assert_array_equal(compiled[3], plain[3])


def test_rows_are_aligned_to_cache_lines() -> None:
    for n_rows in (1, 2, 1000):
        rows = aligned_rows(n_rows)
        assert rows.shape == (n_rows, WIDTH)
        assert rows.ctypes.data % 64 == 0
        assert not rows.any()


def test_links_are_found_from_both_ends() -> None:
    source, target, index = a_layer()
    assert {array.dtype for array in index} == {np.dtype(np.uint32)}
    np.testing.assert_array_equal(np.repeat(np.arange(N_SOURCES), np.diff(index.out_ptr.astype(int))), source)
    np.testing.assert_array_equal(index.target_of, target)
    np.testing.assert_array_equal(
        np.repeat(np.arange(N_TARGETS), np.diff(index.in_ptr.astype(int))), target[index.link_of]
    )
    np.testing.assert_array_equal(index.source_of, source[index.link_of])
    assert sorted(index.link_of) == list(range(N_LINKS))


@pytest.mark.parametrize("n_tiles", [0, 1, 3])
def test_layer_kernels_are_matrix_products(n_tiles: int) -> None:
    source, target, index = a_layer()
    values, biases = random_rows(1, N_LINKS, 2)[0], random_rows(1, N_TARGETS, 3)[0]
    inputs, signals = random_rows(N_SOURCES, n_tiles * WIDTH, 4), random_rows(N_TARGETS, n_tiles * WIDTH, 5)
    matrix = np.zeros((N_SOURCES, N_TARGETS), np.float32)
    matrix[source, target] = values
    np.testing.assert_allclose(
        layer_outputs(index, values, biases, inputs), matrix.T @ inputs + biases[:, None], rtol=1e-4, atol=1e-5
    )
    gradients = layer_gradients(index, values, inputs, signals)
    np.testing.assert_allclose(gradients.inputs, matrix @ signals, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(gradients.weights, (inputs @ signals.T)[source, target], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(gradients.biases, signals.sum(1), rtol=1e-4, atol=1e-4)
    first = first_layer_gradients(index, inputs, signals)
    np.testing.assert_array_equal(first.weights, gradients.weights)
    np.testing.assert_array_equal(first.biases, gradients.biases)
    assert first.inputs.size == 0


def a_net() -> tuple[Net, Parameters, Samples]:
    """2 inputs, one hidden neuron with weights 1 and 2 and bias -1, 2 outputs with weights 1 and -1."""
    source, target = np.array([0, 1, 2, 2]), np.array([2, 2, 3, 4])
    has_bias = np.array([False, False, True, True, True])
    net = Net(index_links(source, target, 5, 5), 2, 2, has_bias)
    values = np.array([1, 2, 1, -1, 0, 0, -1, 0, 0], np.float32)
    images = np.array([[1, 1], [1, 0], [-1, 0]], np.float32)
    return net, Parameters(values, np.zeros_like(values)), Samples(images, np.array([1, 0, 0]), np.arange(3))


def test_a_net_by_hand() -> None:
    """Hidden activities are 2, 0 and 0 (1 - 1 = 0 counts as off); outputs (2, -2), (0, 0), (0, 0); labels 1, 0, 0."""
    net, parameters, samples = a_net()
    rows, trail = aligned_rows(5), Trail(np.zeros((5, WIDTH), np.float32), np.zeros((5, WIDTH), np.float32), 0)
    loss, n_correct = add_batch_gradient(net, parameters, samples, rows, trail)
    share = 1 / (1 + math.exp(-4))
    assert loss == pytest.approx(-math.log(1 - share) + 2 * math.log(2), rel=1e-6)
    assert n_correct == 2  # the first of equal outputs is taken
    np.testing.assert_array_equal(trail.activities[2, :4], [2, 0, 0, 0])
    to_hidden = 2 * share / 3  # (share - (-1) * share) / 3, only where the hidden neuron is on
    from_hidden = 2 * share / 3
    bias = (share - 0.5 - 0.5) / 3
    expected = [to_hidden, to_hidden, from_hidden, -from_hidden, 0, 0, to_hidden, bias, -bias]
    np.testing.assert_allclose(parameters.gradient, expected, rtol=1e-5, atol=1e-7)
    assert evaluate_samples(net, parameters.values, samples, rows) == (pytest.approx(loss), n_correct)


def test_a_net_that_is_sure_sends_back_no_subnormal_numbers() -> None:
    """The outputs are h and -h: the odds against class 0 are exp(2 h), from 1e17 to 1e49."""
    net, parameters, _ = a_net()
    hidden = np.arange(20, 57)
    images = np.column_stack([hidden + 1, np.zeros_like(hidden)]).astype(np.float32)
    rows = aligned_rows(5)
    for start in range(0, len(hidden), WIDTH):
        order = np.arange(start, min(start + WIDTH, len(hidden)))
        trail = Trail(np.zeros((5, WIDTH), np.float32), np.zeros((5, WIDTH), np.float32), 0)
        sure = Samples(images, np.zeros(len(hidden), np.int64), order)
        add_batch_gradient(net, parameters, sure, rows, trail)
        expected = np.where(hidden[order] < 24, np.exp(-2.0 * hidden[order]), 0)
        np.testing.assert_allclose(trail.signals[4, : len(order)] * len(order), expected, rtol=1e-5)
    assert (np.abs(parameters.gradient)[parameters.gradient != 0] > np.finfo(np.float32).tiny).all()


def all_kernels() -> dict[str, np.ndarray]:
    """Whatever kernels make of a layer and of a few batches, one short and one of two tiles."""
    _, _, index = a_layer()
    values, inputs, signals = (
        random_rows(n, m, seed)
        for n, m, seed in ((1, N_LINKS, 2), (N_SOURCES, 2 * WIDTH, 4), (N_TARGETS, 2 * WIDTH, 5))
    )
    found = layer_gradients(index, values[0], inputs, signals)._asdict()
    found["outputs"] = layer_outputs(index, values[0], np.ones(N_TARGETS, np.float32), inputs)
    net, _, samples = a_net()
    samples = samples._replace(order=np.arange(100) % 3)
    for name, rule in {"momentum": (False, False), "nesterov": (False, True), "adam": (True, False)}.items():
        parameters = a_net()[1]
        moments = Moments(np.zeros_like(parameters.values), np.zeros_like(parameters.values))
        plan = Plan(40, np.array([0.1, 0.05, 0.1], np.float32), Rule(*rule, 0.9, 0.99, 1e-8, 0.01), 0)
        tally = train_batches(net, parameters, moments, samples, plan, aligned_rows(5))
        found |= {name: parameters.values, f"{name} tally": np.array(tally)}
    return found


def test_compiled_kernels_are_the_plain_python_that_they_are_written_in(tmp_path: Path) -> None:
    """With numba switched off everything runs as plain numpy loops: the reference, and the fallback."""
    file = tmp_path / "plain.npz"
    program = f"import numpy, test_mlp; numpy.savez({str(file)!r}, **test_mlp.all_kernels())"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(Path(__file__).parent)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    with np.load(file) as plain:
        for name, ours in all_kernels().items():
            np.testing.assert_allclose(ours, plain[name], rtol=1e-4, atol=1e-5, err_msg=name)


def test_adams_first_step_is_the_rate_in_the_direction_of_the_gradient() -> None:
    """Kingma and Ba, Algorithm 1: both means, corrected, are g and g squared after one step."""
    values, gradient = np.zeros(3, np.float32), np.array([3, -0.5, 0], np.float32)
    moments = Moments(np.zeros(3, np.float32), np.zeros(3, np.float32))
    descend(values, gradient, moments, Rule(True, False, 0.9, 0.999, 1e-8, 0.0), 0.01, 1)
    np.testing.assert_allclose(values, [-0.01, 0.01, 0], rtol=1e-5)
    assert not gradient.any()


def test_second_process_finds_the_kernels_compiled(tmp_path: Path) -> None:
    """The first process compiles for seconds; from the cache it is a fraction (0.4 at most is asked)."""
    program = (
        "import time, numpy as np\n"
        "from sparsegraph.graph.mask import Mask\n"
        "from sparsegraph.training.compiled import CompiledMLP\n"
        "from sparsegraph.training.optimiser import SGD\n"
        "start = time.process_time()\n"
        "net = CompiledMLP([Mask.complete((3, 2))], [np.ones(6)], batch_size=2, optimiser=SGD())\n"
        "net.train(np.ones((2, 3), np.float32), np.zeros(2, int), np.arange(2), np.ones(1, np.float32))\n"
        "print(time.process_time() - start)\n"
    )
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        float(subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True).stdout)
        for _ in range(2)
    )
    assert second < 0.4 * first
