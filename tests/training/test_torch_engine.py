"""The torch engine: steps are torch's, links stay what they are told to be, and a run goes on where it stopped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.training.augmentation import CropAndFlip
from sparsegraph.training.engine import Engine, Momentum
from sparsegraph.training.models.catalogue import outline
from sparsegraph.training.models.network import GlobalAverage, Network
from sparsegraph.training.models.start import start
from sparsegraph.training.optimiser import SGD, Adam, Optimiser
from sparsegraph.training.torch_conditions import fixed_conditions
from sparsegraph.training.torch_engine import TorchEngine

SHAPE = (2, 6, 6)
N_CLASSES = 3


def some_masks(shapes: list[tuple[int, int]], seed: int, density: float = 0.5) -> list[Mask]:
    """Random masks; the last, the readout, complete."""
    rng = np.random.default_rng(seed)
    masks = [Mask.from_array(rng.random(shape) < density) for shape in shapes[:-1]]
    return [*masks, Mask.complete(shapes[-1])]


def small_network() -> Network:
    with torch.device("meta"):
        layers = {
            "conv1": nn.Conv2d(2, 4, 3, padding=1, bias=False),
            "norm1": nn.BatchNorm2d(4),
            "relu1": nn.ReLU(),
            "conv2": nn.Conv2d(4, 5, 3, stride=2),
            "relu2": nn.ReLU(),
            "average": GlobalAverage(),
            "fc1": nn.Linear(5, 6),
            "relu3": nn.ReLU(),
            "fc2": nn.Linear(6, N_CLASSES),
        }
        return Network(layers, input_shape=SHAPE)


def convolution_engine(seed: int = 0, *, optimiser: Optimiser | None = None, batch_size: int = 8) -> TorchEngine:
    rng = np.random.default_rng(seed)
    masks = some_masks([(18, 4), (36, 5), (5, 6), (6, N_CLASSES)], seed)
    masks[2] = Mask((5, 6), np.array([1, 8, 14, 20, 29]))
    weights = [rng.normal(0, 0.5, mask.n_links).astype(np.float32) for mask in masks]
    return TorchEngine(
        start(small_network(), masks, weights, rng=rng),
        batch_size=batch_size,
        optimiser=optimiser or SGD(0.9, 1e-3, nesterov=True),
        input_shape=SHAPE,
    )


def mlp_engine(masks: list[Mask], weights: list[np.ndarray], *, batch_size: int, optimiser: Optimiser) -> TorchEngine:
    hidden = tuple(mask.shape[1] for mask in masks[:-1])
    network = outline("mlp", (masks[0].shape[0],), masks[-1].shape[1], hidden)
    start(network, masks, weights, rng=np.random.default_rng(0))
    return TorchEngine(network, batch_size=batch_size, optimiser=optimiser, input_shape=network.input_shape)


def some_data(n: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """Noisy images whose class is the strength of a corner pattern."""
    rng = np.random.default_rng(5)
    labels = rng.integers(0, N_CLASSES, n)
    images = rng.normal(0, 0.3, (n, *SHAPE)).astype(np.float32)
    images[:, 0, :3, :3] += labels[:, None, None].astype(np.float32)
    return images.reshape(n, -1), labels


def rates(n_samples: int, batch_size: int = 8, rate: float = 0.05) -> np.ndarray:
    return np.full(-(-n_samples // batch_size), rate, np.float32)


@pytest.mark.parametrize(
    ("optimiser", "density"),
    [
        (SGD(0.9, 1e-2), 0.5),
        (SGD(0.9, 1e-2, nesterov=True), 0.15),
        (SGD(0.0), 0.15),
        (Adam(weight_decay=1e-2), 0.5),
        (Adam(), 0.15),
    ],
)
def test_steps_equal_those_of_a_masked_dense_net(optimiser: Optimiser, density: float) -> None:
    """Against torch alone: dense weights times a mask in the forward pass, everything else torch's."""
    sizes, rng = (7, 9, 8, 3), np.random.default_rng(1)
    masks = some_masks([(7, 9), (9, 8), (8, 3)], 1, density)
    weights = [rng.normal(0, 0.5, mask.n_links).astype(np.float32) for mask in masks]
    images, labels = rng.normal(size=(40, 7)).astype(np.float32), rng.integers(0, 3, 40)
    order = rng.permutation(40)[:37]
    engine: Engine = mlp_engine(masks, weights, batch_size=10, optimiser=optimiser)
    tally = engine.train(images, labels, order, np.array([0.1, 0.05, 0.02, 0.01], np.float32))

    flats = [mask.to_csr(values).toarray().T for mask, values in zip(masks, weights, strict=True)]
    dense = [torch.tensor(flat, requires_grad=True) for flat in flats]
    biases = [torch.zeros(size, requires_grad=True) for size in sizes[1:]]
    present = [torch.tensor(mask.to_array().T) for mask in masks]
    if isinstance(optimiser, SGD):
        reference: torch.optim.Optimizer = torch.optim.SGD(
            [*dense, *biases], 0.1, optimiser.momentum, 0, optimiser.weight_decay, optimiser.nesterov
        )
    else:
        reference = torch.optim.Adam([*dense, *biases], 0.1, weight_decay=optimiser.weight_decay)
    losses = []
    for step, rate in enumerate([0.1, 0.05, 0.02, 0.01]):
        chosen = order[step * 10 : (step + 1) * 10]
        x = torch.tensor(images[chosen])
        for i, (w, b, m) in enumerate(zip(dense, biases, present, strict=True)):
            x = x @ (w * m).T + b
            x = torch.relu(x) if i < 2 else x
        loss = cross_entropy(x, torch.tensor(labels[chosen]))
        reference.param_groups[0]["lr"] = rate
        reference.zero_grad()
        loss.backward()
        reference.step()
        losses.append(loss.item() * len(chosen))
    assert tally.n == 37
    assert tally.loss == pytest.approx(sum(losses) / 37, rel=1e-5)
    for block, mask in enumerate(masks):
        expected = dense[block].detach().numpy().T.reshape(-1)[mask.positions]
        np.testing.assert_allclose(engine.weights(block), expected, rtol=1e-4, atol=1e-6)
        found = engine.biases(block)
        assert found is not None
        np.testing.assert_allclose(found, biases[block].detach().numpy(), rtol=1e-4, atol=1e-6)


def test_gradients_of_absent_links_are_those_of_the_dense_weights() -> None:
    engine = convolution_engine()
    images, labels = some_data(12)
    before = {name: buffer.clone() for name, buffer in engine.model.named_buffers()}
    found = list(engine.dense_gradients(range(4), images, labels))
    for name, buffer in engine.model.named_buffers():
        torch.testing.assert_close(buffer, before[name], rtol=0, atol=0)
    # The same net of plain layers: every weight is a link there.
    plain = start(small_network(), rng=np.random.default_rng(0))
    own = (".mask", ".positions", ".shape")
    state = {k: v for k, v in engine.model.state_dict().items() if not k.endswith(own)}
    state["fc1.weight"] = torch.tensor(engine.masks[2].to_csr(engine.weights(2)).toarray().T)
    plain.load_state_dict(state)
    cross_entropy(plain(torch.tensor(images.reshape(-1, *SHAPE))), torch.tensor(labels)).backward()
    for block, name in enumerate(engine.names):
        weight = plain.get_parameter(f"{name}.weight").grad
        assert weight is not None
        expected = weight.reshape(weight.shape[0], -1).T.numpy()
        np.testing.assert_allclose(found[block], expected, rtol=1e-4, atol=1e-7)
        links = engine.link_gradient(block, images, labels)
        np.testing.assert_allclose(links, expected.reshape(-1)[engine.masks[block].positions], rtol=1e-4, atol=1e-7)


def test_smoothed_gradient_is_the_exponential_mean_of_the_last_batches() -> None:
    engine = convolution_engine()
    images, labels = some_data(40)
    order = np.random.default_rng(0).permutation(40)
    # A rate of 0 keeps the weights, so that every gradient can be taken again afterwards.
    engine.train(images, labels, order, rates(40, rate=0.0), accumulate=Momentum(0.8, 3))
    for block in (0, 2):
        mean = np.zeros(engine.masks[block].shape)
        for step in (2, 3, 4):
            chosen = order[step * 8 : (step + 1) * 8]
            mean = 0.8 * mean + 0.2 * next(engine.dense_gradients([block], images[chosen], labels[chosen]))
        np.testing.assert_allclose(engine.momentum(block), mean, rtol=1e-4, atol=1e-7)
    with pytest.raises(SparseGraphError, match="fc2"):
        engine.momentum(3)  # a complete block needs none
    before = engine.momentum(0)
    engine.train(images, labels, order[:8], rates(8, rate=0.0), accumulate=Momentum(0.8, 3))
    more = 0.8 * before + 0.2 * next(engine.dense_gradients([0], images[order[:8]], labels[order[:8]]))
    np.testing.assert_allclose(engine.momentum(0), more, rtol=1e-4, atol=1e-7, err_msg="the mean goes on")


@pytest.mark.parametrize(("block", "name"), [(1, "conv2"), (2, "fc1")])
@pytest.mark.parametrize("optimiser", [SGD(0.9), Adam()])
def test_rewiring_keeps_the_state_of_kept_links_only(optimiser: Optimiser, block: int, name: str) -> None:
    engine = convolution_engine(optimiser=optimiser)
    images, labels = some_data()
    engine.train(images, labels, np.arange(50), rates(50))
    before, mask = engine.state(), engine.masks[block]
    kept = mask.positions[::2]
    absent = np.setdiff1d(np.arange(mask.n_possible), mask.positions)[:7]
    after = Mask(mask.shape, np.sort(np.concatenate([kept, absent])))
    stays = np.isin(after.positions, kept)
    values = np.arange(after.n_links, dtype=np.float32)
    engine.rewire(block, after, values, stays)
    np.testing.assert_array_equal(engine.weights(block), values)
    np.testing.assert_array_equal(engine.masks[block].positions, after.positions)
    state = engine.state()
    parts = [key for key in state if key.startswith(f"optimiser.{name}.weight.") and state[key].ndim]
    assert len(parts) == (1 if isinstance(optimiser, SGD) else 2)
    for key in parts:
        np.testing.assert_array_equal(state[key][stays], before[key][::2])
        assert not state[key][~stays].any()
    engine.train(images, labels, np.arange(50), rates(50))
    weight = engine.model.get_parameter(f"{name}.weight").detach()
    assert int((weight != 0).sum()) <= after.n_links, "absent weights stay zero"


def test_state_cannot_be_kept_where_there_was_no_link() -> None:
    engine = convolution_engine()
    full = Mask.complete(engine.masks[0].shape)
    with pytest.raises(SparseGraphError, match="conv1"):
        engine.rewire(0, full, np.zeros(full.n_links, np.float32), np.ones(full.n_links, np.bool_))


def test_a_dense_net_can_be_pruned_and_a_plain_layer_cannot() -> None:
    mask = Mask.complete((4, 3))
    weights = np.arange(12, dtype=np.float32)
    engine = mlp_engine([mask], [weights], batch_size=2, optimiser=SGD())
    few = Mask((4, 3), np.array([1, 7]))
    engine.rewire(0, few, weights[few.positions], np.ones(2, np.bool_))
    np.testing.assert_array_equal(engine.weights(0), [1, 7])
    plain = TorchEngine(nn.Linear(4, 3), batch_size=2, optimiser=SGD(), input_shape=(4,))
    with pytest.raises(SparseGraphError, match="MaskedLinear"):
        plain.rewire(0, few, weights[few.positions], np.ones(2, np.bool_))


def test_it_learns_and_leaves_torch_as_it_was() -> None:
    engine = convolution_engine()
    images, labels = some_data(200)
    random, threads = torch.get_rng_state(), torch.get_num_threads()
    first = engine.evaluate(images, labels)
    for epoch in range(10):
        engine.train(images, labels, np.random.default_rng(epoch).permutation(200), rates(200))
    last = engine.evaluate(images, labels)
    assert last.loss < 0.5 * first.loss
    assert last.accuracy > 0.8
    assert torch.equal(torch.get_rng_state(), random)
    assert torch.get_num_threads() == threads
    assert not torch.are_deterministic_algorithms_enabled()
    assert subnormals_count()


def subnormals_count() -> bool:
    """Whether torch tells the smallest numbers from 0."""
    return bool(torch.tensor(1e-40) * 1 > 0)


def test_subnormal_numbers_do_not_slow_torch_down_and_count_again_afterwards() -> None:
    assert subnormals_count()
    with fixed_conditions(1):
        inside = subnormals_count()
    assert subnormals_count()
    able = torch.set_flush_denormal(True)
    assert inside is not able  # where the processor cannot, nothing is asked of it
    try:
        with fixed_conditions(1):
            pass
        assert subnormals_count() is not able
    finally:
        torch.set_flush_denormal(False)


def test_that_torch_only_warns_of_chance_is_so_again_afterwards() -> None:
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        with fixed_conditions(1):
            assert not torch.is_deterministic_algorithms_warn_only_enabled()
        assert torch.are_deterministic_algorithms_enabled()
        assert torch.is_deterministic_algorithms_warn_only_enabled()
    finally:
        torch.use_deterministic_algorithms(False)


RESUMED = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import test_torch_engine as here
for name, optimiser in here.OPTIMISERS.items():
    engine = here.convolution_engine(seed=9, optimiser=optimiser)
    with np.load(sys.argv[2] + name) as stored:
        engine.restore(dict(stored))
    here.go_on(engine)
    np.savez(sys.argv[2] + name, **engine.state())
"""
OPTIMISERS: dict[str, Optimiser] = {"sgd.npz": SGD(0.9, 1e-3, nesterov=True), "adam.npz": Adam()}


def go_on(engine: TorchEngine) -> None:
    images, labels = some_data()
    engine.train(images, labels, np.arange(50)[::-1].copy(), rates(50), accumulate=Momentum(0.9, 4))


def test_a_fresh_process_goes_on_bit_for_bit(tmp_path: Path) -> None:
    images, labels = some_data()
    engines = {}
    for name, optimiser in OPTIMISERS.items():
        engine = engines[name] = convolution_engine(optimiser=optimiser)
        engine.train(images, labels, np.arange(50), rates(50), accumulate=Momentum(0.9, 4))
        for block in (0, 2):
            mask = Mask(engine.masks[block].shape, engine.masks[block].positions[2:])
            engine.rewire(block, mask, engine.weights(block)[2:], np.ones(mask.n_links, np.bool_))
        np.savez(tmp_path / name, **engine.state())  # type: ignore[arg-type]
        go_on(engine)
    command = [sys.executable, "-c", RESUMED, str(Path(__file__).parent), f"{tmp_path}/"]
    subprocess.run(command, check=True, capture_output=True)
    for name, engine in engines.items():
        expected = engine.state()
        with np.load(tmp_path / name) as found:
            assert set(found) == set(expected)
            for key, values in expected.items():
                np.testing.assert_array_equal(found[key], values, err_msg=f"{name} {key}")


def test_a_state_of_another_model_is_refused() -> None:
    engine = convolution_engine()
    other = mlp_engine([Mask.complete((4, 3))], [np.zeros(12, np.float32)], batch_size=2, optimiser=SGD())
    with pytest.raises(SparseGraphError, match="another model"):
        engine.restore(other.state())


def test_a_network_outside_this_package_trains_too() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
    engine = TorchEngine(model, batch_size=3, optimiser=SGD(), input_shape=(2, 2))
    assert engine.names == ("1", "3")
    tally = engine.train(np.ones((5, 4), np.float32), np.zeros(5, np.int64), np.arange(5), rates(5, 3))
    assert tally.n == 5


def test_a_head_has_its_linear_layers_as_blocks_and_trains_the_rest() -> None:
    network = start(outline("vgg16-head", (3, 32, 32), 4, (10, 10, 10)), rng=np.random.default_rng(0))
    engine = TorchEngine(network, batch_size=2, optimiser=SGD(), input_shape=(3, 32, 32))
    assert engine.names == ("fc1", "fc2", "fc3", "fc4")
    assert {"conv1.weight", "norm13.running_var"} < set(engine.extra())
    assert not [name for name in engine.extra() if name.startswith("fc")]
    before = network.get_parameter("conv1.weight").detach().clone()
    images = np.random.default_rng(1).random((2, 3072), np.float32)
    engine.train(images, np.array([0, 3]), np.arange(2), np.array([0.1], np.float32))
    assert not torch.equal(before, network.get_parameter("conv1.weight"))


def test_wrong_numbers_are_refused() -> None:
    engine = convolution_engine()
    images, labels = some_data()
    with pytest.raises(SparseGraphError, match="do not make 6 steps"):
        engine.train(images, labels, np.arange(50), rates(48))
    with pytest.raises(SparseGraphError, match="at least 1"):
        convolution_engine(batch_size=0)


def test_crops_are_windows_of_the_padded_image_and_half_are_mirrored() -> None:
    images = np.arange(1, 2 * 9 + 1, dtype=np.float32).reshape(1, 2, 3, 3).repeat(400, 0)
    changed = CropAndFlip(np.random.default_rng(0), padding=1)(images)
    padded = np.pad(images[0], ((0, 0), (1, 1), (1, 1)))
    windows = [padded[:, y : y + 3, x : x + 3] for y in range(3) for x in range(3)]
    known = {w.tobytes(): (i, flip) for i, v in enumerate(windows) for flip, w in enumerate((v, v[..., ::-1].copy()))}
    seen = [known[image.tobytes()] for image in changed]
    # 400 draws: each of 9 windows within 5 standard deviations of 44.4, mirrored ones of 200.
    counts = np.bincount([window for window, _ in seen], minlength=9)
    assert np.abs(counts - 400 / 9).max() < 5 * np.sqrt(400 * 8 / 81)
    assert abs(sum(flip for _, flip in seen) - 200) < 50
