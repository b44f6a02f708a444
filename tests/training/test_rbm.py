"""The sparse Boltzmann machine learns, keeps its links, and goes on where it stopped."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sparsegraph.data.dataset import Split
from sparsegraph.data.digits import load_digits
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.rng import rng_for
from sparsegraph.topology.schedules import Constant
from sparsegraph.training.engine import Engine, Momentum
from sparsegraph.training.plan import BlockPlan, Plan
from sparsegraph.training.profiles import Profile
from sparsegraph.training.rbm import RBMSettings, SparseRBM
from sparsegraph.training.recipes import Recipe, Regrowth, Removal
from sparsegraph.training.updating import Moment, change_topology

LABELS = np.zeros(0, np.int64)


def digits() -> np.ndarray:
    return load_digits(rng=rng_for(0, "digits")).train.images


def machine(n_hidden: int = 40, density: float = 0.3, seed: int = 0) -> SparseRBM:
    rng = np.random.default_rng(seed)
    return SparseRBM(
        Mask.from_array(rng.random((64, n_hidden)) < density), settings=RBMSettings(batch_size=64), rng=rng
    )


def train(engine: Engine, images: np.ndarray, seed: int, rate: float = 0.05, wish: Momentum | None = None) -> float:
    order = np.random.default_rng(seed).permutation(len(images))
    rates = np.full(-(-len(images) // 64), rate, np.float32)
    return engine.train(images, LABELS, order, rates, accumulate=wish).loss


def test_it_learns_digits() -> None:
    images, rbm = digits(), machine()
    noise = np.random.default_rng(1).random(images.shape).astype(np.float32)
    first = rbm.evaluate(images, LABELS)
    likelihood = rbm.pseudo_likelihood(images, rng=np.random.default_rng(2))
    for epoch in range(15):
        train(rbm, images, epoch)
    last = rbm.evaluate(images, LABELS)
    # Before training each pixel is a fair coin: 64 log 2 nats a sample.
    assert first.loss == pytest.approx(64 * np.log(2), rel=0.02)
    assert last.loss < 0.65 * first.loss
    assert last.accuracy > 0.8
    assert rbm.pseudo_likelihood(images, rng=np.random.default_rng(2)) > likelihood + 5
    assert rbm.free_energy(images).mean() < rbm.free_energy(noise).mean() - 5


def test_free_energy_is_minus_the_log_of_the_sum_over_hidden_states() -> None:
    rng = np.random.default_rng(3)
    rbm = SparseRBM(Mask.from_array(rng.random((4, 3)) < 0.6), rng=rng, settings=RBMSettings(start_spread=1.0))
    state = rbm.state()
    rbm.restore(
        {
            **state,
            "visible_biases": rng.normal(size=4).astype(np.float32),
            "hidden_biases": rng.normal(size=3).astype(np.float32),
        }
    )
    b, c = rbm.extra()["visible_biases"], rbm.biases(0)
    w = rbm.masks[0].to_csr(rbm.weights(0)).toarray()
    visible = rng.integers(0, 2, (5, 4)).astype(np.float32)
    hidden = np.array(list(itertools.product([0, 1], repeat=3)))
    weights = [np.exp([v @ w @ h + b @ v + c @ h for h in hidden]).sum() for v in visible]
    np.testing.assert_allclose(rbm.free_energy(visible), -np.log(weights), rtol=1e-5)


def test_the_gradient_is_that_of_contrastive_divergence() -> None:
    """At zero weights hidden and reconstructed probabilities are 1/2 whatever is drawn, so that it is known."""
    images = digits()[:100]
    mask = Mask.from_array(np.eye(64, 40) > 0)
    rbm = SparseRBM(mask, np.zeros(mask.n_links, np.float32), rng=np.random.default_rng(0))
    (found,) = rbm.dense_gradients([0], images, LABELS)
    expected = -(images.mean(0) * 0.5 - 0.25)[:, None].repeat(40, 1)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    links = rbm.link_gradient(0, images, LABELS)
    np.testing.assert_allclose(links, expected.reshape(-1)[mask.positions], atol=1e-6)
    order, rates = np.arange(100), np.zeros(1, np.float32)
    rbm.train(images, LABELS, order, rates, accumulate=Momentum(0.9, 5))
    np.testing.assert_allclose(rbm.momentum(0), 0.1 * expected, atol=1e-6)
    with pytest.raises(SparseGraphError, match="Momentum"):
        machine().momentum(0)


def test_links_are_those_it_was_given() -> None:
    images, rbm = digits(), machine()
    train(rbm, images, 0)
    before, mask = rbm.state(), rbm.masks[0]
    kept = mask.positions[10:]
    absent = np.setdiff1d(np.arange(mask.n_possible), mask.positions)[:10]
    after = Mask(mask.shape, np.sort(np.concatenate([kept, absent])))
    stays = np.isin(after.positions, kept)
    values = np.zeros(after.n_links, np.float32)
    values[stays] = rbm.weights(0)[10:]
    rbm.rewire(0, after, values, stays)
    state = rbm.state()
    np.testing.assert_array_equal(state["weights_momentum"][stays], before["weights_momentum"][10:])
    assert not state["weights_momentum"][~stays].any()
    train(rbm, images, 1)
    assert rbm.masks[0].n_links == mask.n_links
    assert np.count_nonzero(rbm.weights(0)) == mask.n_links
    with pytest.raises(SparseGraphError):
        rbm.rewire(0, mask, np.zeros(mask.n_links, np.float32), np.ones(mask.n_links, np.bool_))


def test_a_restored_machine_goes_on_bit_for_bit() -> None:
    images, rbm = digits(), machine()
    train(rbm, images, 0, wish=Momentum(0.9, 3))
    other = machine(seed=7)
    other.restore(rbm.state())
    for one in (rbm, other):
        train(one, images, 1)
    for key, values in rbm.state().items():
        np.testing.assert_array_equal(other.state()[key], values, err_msg=key)


def test_normalised_pixels_are_refused() -> None:
    with pytest.raises(SparseGraphError, match="between 0 and 1"):
        machine().evaluate(digits() - 0.5, LABELS)


@pytest.mark.parametrize("score", [None, "gradient", "momentum"])
def test_the_rules_of_the_papers_move_its_links(score: str | None) -> None:
    """Magnitude removal and each regrowth of Appendix D, through the loop's own update."""
    images, rbm = digits()[:512], machine()
    n_links = rbm.masks[0].n_links
    recipe = Recipe("rbm", "", removal=Removal(), regrowth=Regrowth(score), zeta=Constant(0.5))
    profile = Profile("rbm", recipe, "assumed", batch_size=64, epochs=4)
    plan = Plan(profile, (BlockPlan("rbm", (64, 40)),), (n_links,), 512)
    for update in range(1, 4):
        before = rbm.masks[0]
        train(rbm, images, update, wish=Momentum(0.9, 8))
        split = Split(images, np.zeros(512, np.int64))
        change_topology(rbm, plan, split, Moment(update, 8 * update), stopped=[False], seed=0)
        after = rbm.masks[0]
        assert after.n_links == n_links
        n_kept = int(before.contains(after.positions).sum())
        assert n_links - int(0.5 * n_links) <= n_kept < n_links
