"""The compiled engine trains as torch trains the same net with a mask, and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.training.compiled import CompiledMLP
from sparsegraph.training.engine import Momentum
from sparsegraph.training.optimiser import SGD, Adam, Optimiser

SIZES = (20, 40, 30, 5)
RULES = {
    "plain": SGD(momentum=0.0),
    "momentum": SGD(momentum=0.9, weight_decay=1e-2),
    "nesterov": SGD(momentum=0.8, weight_decay=1e-3, nesterov=True),
    "adam": Adam(weight_decay=1e-3),
}


def a_mask(shape: tuple[int, int], rng: np.random.Generator, density: float = 0.2) -> Mask:
    n_possible = shape[0] * shape[1]
    return Mask(shape, np.sort(rng.choice(n_possible, round(density * n_possible), replace=False)))


def an_engine(batch_size: int = 32, optimiser: Optimiser = RULES["momentum"], seed: int = 0) -> CompiledMLP:
    rng = np.random.default_rng(seed)
    masks = [a_mask((20, 40), rng), a_mask((40, 30), rng), Mask.complete((30, 5))]
    weights = [rng.normal(0, 0.5, mask.n_links).astype(np.float32) for mask in masks]
    biases = [rng.normal(0, 0.1, mask.shape[1]).astype(np.float32) for mask in masks]
    return CompiledMLP(masks, weights, biases=biases, batch_size=batch_size, optimiser=optimiser)


def some_data(n: int = 300, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    images = rng.normal(size=(n, SIZES[0])).astype(np.float32)
    return images, (images[:, :5].argmax(1)).astype(np.int64)


class MaskedTorch:
    """The same net as dense torch, whose absent weights are put back to 0 after each step."""

    def __init__(self, engine: CompiledMLP) -> None:
        self.masks = [torch.from_numpy(mask.to_array()) for mask in engine.masks]
        self.weights = [dense(mask, engine.weights(i)) for i, mask in enumerate(engine.masks)]
        biases = [engine.biases(i) for i in range(len(engine.masks))]
        self.biases = [torch.tensor(b).requires_grad_() for b in biases if b is not None]

    def loss(self, images: np.ndarray, labels: np.ndarray) -> torch.Tensor:
        x = torch.from_numpy(images)
        for i, (weight, mask, bias) in enumerate(zip(self.weights, self.masks, self.biases, strict=True)):
            x = (torch.relu(x) if i else x) @ (weight * mask) + bias
        return torch.nn.functional.cross_entropy(x, torch.from_numpy(labels))

    def train(self, batches: Iterator[tuple[np.ndarray, np.ndarray]], optimiser: Optimiser, rates: np.ndarray) -> None:
        parameters = [*self.weights, *self.biases]
        if isinstance(optimiser, Adam):
            rule: torch.optim.Optimizer = torch.optim.Adam(parameters, weight_decay=optimiser.weight_decay)
        else:
            rule = torch.optim.SGD(parameters, 0.1, optimiser.momentum, 0.0, optimiser.weight_decay, optimiser.nesterov)
        for rate, (images, labels) in zip(rates, batches, strict=True):
            rule.param_groups[0]["lr"] = float(rate)
            rule.zero_grad()
            self.loss(images, labels).backward()
            rule.step()


def dense(mask: Mask, weights: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(mask.to_csr(weights).toarray()).requires_grad_()


@pytest.mark.parametrize("optimiser", RULES.values(), ids=RULES)
def test_twenty_steps_are_those_of_torch(optimiser: Optimiser) -> None:
    engine, (images, labels) = an_engine(optimiser=optimiser), some_data()
    peer = MaskedTorch(engine)
    order = np.random.default_rng(2).integers(0, 300, 20 * 32 - 9)
    rates = np.linspace(0.05, 0.01, 20, dtype=np.float32) * (0.1 if isinstance(optimiser, Adam) else 1)
    batches = [order[i : i + 32] for i in range(0, order.size, 32)]
    peer.train(((images[b], labels[b]) for b in batches), optimiser, rates)
    engine.train(images, labels, order, rates)
    for block, mask in enumerate(engine.masks):
        expected = peer.weights[block].detach().numpy().ravel()[mask.positions]
        np.testing.assert_allclose(engine.weights(block), expected, rtol=1e-4, atol=2e-6)
        np.testing.assert_allclose(engine.biases(block), peer.biases[block].detach().numpy(), rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("batch_size", [1, 7, 32, 33, 128, 200])
def test_any_batch_size_and_a_short_last_batch(batch_size: int) -> None:
    engine, (images, labels) = an_engine(batch_size), some_data(2 * batch_size + batch_size // 2)
    peer = MaskedTorch(engine)
    order = np.random.default_rng(2).permutation(len(labels))
    batches = [order[i : i + batch_size] for i in range(0, order.size, batch_size)]
    rates = np.full(len(batches), 0.02, np.float32)
    with torch.no_grad():
        first = float(peer.loss(images[batches[0]], labels[batches[0]]))
    assert engine.evaluate(images[batches[0]], labels[batches[0]]).loss == pytest.approx(first, rel=1e-5)
    peer.train(((images[b], labels[b]) for b in batches), RULES["momentum"], rates)
    assert engine.train(images, labels, order, rates).n == len(labels)
    for block, mask in enumerate(engine.masks):
        expected = peer.weights[block].detach().numpy().ravel()[mask.positions]
        np.testing.assert_allclose(engine.weights(block), expected, rtol=1e-4, atol=2e-6)


def test_gradients_are_those_of_the_masked_dense_net() -> None:
    engine, (images, labels) = an_engine(), some_data(50)
    peer = MaskedTorch(engine)
    peer.loss(images, labels).backward()
    peer_dense = list(engine.dense_gradients([0, 1, 2], images, labels))
    for block, mask in enumerate(engine.masks):
        masked = peer.weights[block].grad
        assert masked is not None
        expected = masked.numpy().ravel()[mask.positions]
        ours = engine.link_gradient(block, images, labels)
        assert np.abs(ours - expected).max() <= 1e-5 * np.abs(expected).max()
        np.testing.assert_allclose(peer_dense[block].ravel()[mask.positions], ours, rtol=1e-4, atol=1e-7)


def test_dense_gradients_reach_absent_links() -> None:
    engine, (images, labels) = an_engine(), some_data(50)
    peer = MaskedTorch(engine)
    peer.masks = [torch.ones_like(mask) for mask in peer.masks]  # weights of absent links are 0, their gradient is not
    peer.loss(images, labels).backward()
    for block, ours in enumerate(engine.dense_gradients([0, 1, 2], images, labels)):
        expected = peer.weights[block].grad
        assert expected is not None
        np.testing.assert_allclose(ours, expected.numpy(), rtol=1e-4, atol=1e-6)


def test_the_smoothed_gradient_is_the_weighted_sum_of_the_last_batches() -> None:
    engine, (images, labels) = an_engine(), some_data(90)
    twin = an_engine()
    rates, order = np.full(3, 0.05, np.float32), np.arange(90)
    engine.train(images, labels, order, rates, accumulate=Momentum(0.7, last_steps=2))
    expected = np.zeros((20, 40))
    for batch in range(3):
        own = order[32 * batch : 32 * (batch + 1)]
        if batch > 0:
            (gradient,) = twin.dense_gradients([0], images[own], labels[own])
            expected = 0.7 * expected + 0.3 * gradient
        twin.train(images, labels, own, rates[:1])
    np.testing.assert_array_equal(engine.weights(0), twin.weights(0))
    np.testing.assert_allclose(engine.momentum(0), expected, rtol=1e-4, atol=1e-7)


def test_rewired_links_begin_anew_and_kept_ones_go_on() -> None:
    engine, (images, labels) = an_engine(), some_data()
    engine.train(images, labels, np.arange(300), np.full(10, 0.05, np.float32))
    peer = MaskedTorch(engine)
    rng = np.random.default_rng(5)
    old = engine.masks[1]
    kept = np.sort(rng.choice(old.positions, 150, replace=False))
    absent = np.setdiff1d(np.arange(old.n_possible), old.positions)
    new = Mask(old.shape, np.sort(np.concatenate([kept, rng.choice(absent, 70, replace=False)])))
    weights = rng.normal(size=new.n_links).astype(np.float32)
    other_blocks = [engine.weights(0), engine.weights(2)]
    engine.rewire(1, new, weights, np.isin(new.positions, kept))
    np.testing.assert_array_equal(engine.weights(1), weights)
    np.testing.assert_array_equal(engine.weights(0), other_blocks[0])
    np.testing.assert_array_equal(engine.weights(2), other_blocks[1])
    peer = MaskedTorch(engine)
    with torch.no_grad():
        assert engine.evaluate(images, labels).loss == pytest.approx(float(peer.loss(images, labels)), rel=1e-5)


def test_a_rewired_link_keeps_its_velocity_only_if_told() -> None:
    images, labels = some_data()
    still = np.zeros(1, np.float32)
    for keeps in (True, False):
        engine = an_engine(300)
        engine.train(images, labels, np.arange(300), np.array([0.1], np.float32))
        mask, weights = engine.masks[0], engine.weights(0)
        engine.rewire(0, mask, weights, np.full(mask.n_links, keeps))
        before = engine.link_gradient(0, images, labels)
        engine.train(images, labels, np.arange(300), still)  # v = 0.9 v + g, at a rate of 0
        engine.train(images, labels, np.arange(300), np.array([0.1], np.float32))
        moved = (weights - engine.weights(0)) / 0.1  # 0.81 v + 0.9 g + g, g with weight decay
        steady = 1.9 * (before + 0.01 * weights)
        assert (np.abs(moved - steady).max() > 0.01) == keeps


def test_three_calls_are_one_and_a_resumed_engine_is_the_same() -> None:
    images, labels = some_data()
    order, rates = np.random.default_rng(3).permutation(300)[:288], np.full(9, 0.05, np.float32)
    for optimiser in RULES.values():
        whole, parts = an_engine(optimiser=optimiser), an_engine(optimiser=optimiser)
        tally = whole.train(images, labels, order, rates)
        tallies = [parts.train(images, labels, order[i : i + 96], rates[:3]) for i in (0, 96)]
        resumed = an_engine(optimiser=optimiser, seed=9)
        resumed.restore({name: values.copy() for name, values in parts.state().items()})
        tallies.append(resumed.train(images, labels, order[192:], rates[:3]))
        for block in range(3):
            np.testing.assert_array_equal(whole.weights(block), resumed.weights(block))
            np.testing.assert_array_equal(whole.biases(block), resumed.biases(block))
        assert tally.loss == pytest.approx(np.mean([t.loss for t in tallies]), rel=1e-12)
        assert tally.accuracy == pytest.approx(np.mean([t.accuracy for t in tallies]), rel=1e-12)


def test_blocks_without_bias_stay_without() -> None:
    rng = np.random.default_rng(0)
    masks = [a_mask((20, 40), rng), Mask.complete((40, 5))]
    weights = [rng.normal(0, 0.3, mask.n_links).astype(np.float32) for mask in masks]
    engine = CompiledMLP(masks, weights, biases=[None, np.zeros(5)], batch_size=16, optimiser=SGD())
    images, labels = some_data()
    engine.train(images, labels, np.arange(300), np.full(19, 0.05, np.float32))
    assert engine.biases(0) is None
    learned = engine.biases(1)
    assert learned is not None
    assert np.abs(learned).min() > 0
    hidden = np.maximum(images @ masks[0].to_csr(engine.weights(0)).toarray(), 0)
    outputs = hidden @ masks[1].to_csr(engine.weights(1)).toarray() + learned
    assert engine.evaluate(images, labels).accuracy == (outputs.argmax(1) == labels).mean()


def test_memory_is_proportional_to_links() -> None:
    rng = np.random.default_rng(0)

    def n_bytes(density: float) -> int:
        masks = [a_mask((1000, 1000), rng, density) for _ in range(2)]
        weights = [np.zeros(mask.n_links, np.float32) for mask in masks]
        engine = CompiledMLP(masks, weights, batch_size=32, optimiser=SGD())
        owned = [engine._values, engine._gradient, *engine._moments, *engine._net.links]
        assert {array.dtype for array in engine._net.links} == {np.dtype(np.uint32)}
        return sum(array.nbytes for array in owned)

    per_neuron = 3000 * (3 * 4 + 2 * 4) + 8  # values, gradient, momentum; two pointers
    assert n_bytes(0.01) == 20_000 * 24 + per_neuron
    assert n_bytes(0.02) == 40_000 * 24 + per_neuron


def test_divergence_is_told_and_does_not_crash() -> None:
    engine, (images, labels) = an_engine(), some_data()
    tally = engine.train(images, labels, np.arange(300), np.full(10, 1e30, np.float32))
    assert not np.isfinite(tally.loss)
    assert 0 <= tally.accuracy <= 1
    assert not np.isfinite(engine.evaluate(images, labels).loss)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((300, 19), np.float32)}, "images must be of shape"),
        ({"labels": np.full(300, 5)}, "labels must lie in 0 to 4"),
        ({"order": np.array([300])}, "outside 0 to 299"),
        ({"rates": np.zeros(2, np.float32)}, "10 batches need as many learning rates"),
    ],
)
def test_what_does_not_fit_is_said(change: dict[str, np.ndarray], message: str) -> None:
    images, labels = some_data()
    given = {"images": images, "labels": labels, "order": np.arange(300), "rates": np.zeros(10, np.float32)} | change
    with pytest.raises(DataError, match=message):
        an_engine().train(given["images"], given["labels"], given["order"], given["rates"])


def test_masks_and_weights_must_fit() -> None:
    mask = Mask.complete((4, 3))
    with pytest.raises(DataError, match="cannot feed"):
        CompiledMLP([mask, mask], [np.zeros(12), np.zeros(12)], batch_size=1, optimiser=SGD())
    with pytest.raises(DataError, match="a weight for each of its links"):
        CompiledMLP([mask], [np.zeros(11)], batch_size=1, optimiser=SGD())
    with pytest.raises(DataError, match="3 biases"):
        CompiledMLP([mask], [np.zeros(12)], biases=[np.zeros(4)], batch_size=1, optimiser=SGD())
    engine = CompiledMLP([mask], [np.zeros(12)], batch_size=1, optimiser=SGD())
    engine.rewire(0, Mask((4, 3), np.array([0])), np.zeros(1), np.zeros(1, bool))
    with pytest.raises(DataError, match="cannot keep an optimiser state"):
        engine.rewire(0, mask, np.zeros(12), np.ones(12, bool))
    with pytest.raises(DataError, match="of shape"):
        engine.rewire(0, Mask.complete((3, 4)), np.zeros(12), np.zeros(12, bool))
    with pytest.raises(DataError, match="as many weights"):
        engine.rewire(0, mask, np.zeros(11), np.zeros(12, bool))
    with pytest.raises(DataError, match="no gradient was smoothed"):
        engine.momentum(0)
