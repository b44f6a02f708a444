"""Fits of rates against degree: by brute force, and where there is nothing to fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize

from sparsegraph.kernels.relative_rates import Round, free_rates, power_fit, sides_that_vary


def drawn(exponents: tuple[float, float], n_rounds: int, seed: int = 0, rate: float = 0.02) -> list[Round]:
    """Binomial events with probability 1 - exp(-rate k^a l^b)."""
    rng = np.random.default_rng(seed)
    rounds = []
    for one in range(n_rounds):
        k, m = np.arange(1.0, 9.0), np.arange(0.0, 6.0)
        at_risk = rng.integers(0, 60, (k.size, m.size)).astype(float)
        rates = rate * (1 + one % 3) * np.outer(k ** exponents[0], m ** exponents[1])
        rounds.append(Round(k, m, at_risk, rng.binomial(at_risk.astype(int), 1 - np.exp(-rates)).astype(float)))
    return rounds


def hessian(function: Callable[[np.ndarray], float], at: np.ndarray, h: float = 1e-3) -> np.ndarray:
    """Second derivatives by central differences."""
    steps = h * np.eye(at.size)
    return np.array(
        [
            [function(at + a + b) - function(at + a - b) - function(at - a + b) + function(at - a - b) for b in steps]
            for a in steps
        ]
    ) / (4 * h * h)


def test_the_maximum_is_that_of_brute_force() -> None:
    rounds = drawn((0.7, 0.4), 4)

    def negative(parameters: np.ndarray) -> float:
        total = 0.0
        for one, log_rate in zip(rounds, parameters[2:], strict=True):
            for i, k in enumerate(one.source_degree):
                for j, m in enumerate(one.target_degree):
                    if m > 0:
                        p = 1 - np.exp(-np.exp(log_rate + parameters[0] * np.log(k) + parameters[1] * np.log(m)))
                        g, o = one.events[i, j], one.at_risk[i, j]
                        total -= g * np.log(p) + (o - g) * np.log1p(-p)
        return total

    best = minimize(negative, np.r_[0.5, 0.5, np.full(4, -4.0)], method="BFGS", options={"gtol": 1e-7})
    fit = power_fit(rounds)
    assert fit is not None
    np.testing.assert_allclose(fit.exponents, best.x[:2], atol=1e-5)
    assert fit.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
    np.testing.assert_allclose(fit.covariance, np.linalg.inv(hessian(negative, best.x))[:2, :2], rtol=1e-3)


def test_high_rates_are_no_trouble() -> None:
    """Nearly every pair has its event: what a model of rare events would get wrong."""
    fit = power_fit(drawn((1.0, 1.0), 60, rate=0.1))
    assert fit is not None
    error = np.sqrt(np.diag(fit.covariance))
    assert (np.abs(fit.exponents - 1.0) < 3.5 * error).all()
    assert error.max() < 0.05


def test_one_side_may_be_held() -> None:
    rounds = drawn((0.7, 0.4), 10)
    whole, held = power_fit(rounds), power_fit(rounds, free=(True, False))
    assert whole is not None
    assert held is not None
    assert held.exponents[1] == 0.0
    assert held.log_likelihood < whole.log_likelihood


def test_an_offset_lets_degree_zero_in() -> None:
    rounds = drawn((0.0, 0.0), 20)
    assert (rounds[0].target_degree == 0).any()
    fits = [power_fit(rounds, offset=offset) for offset in (0.0, 1.0)]
    assert fits[0] is not None
    assert fits[1] is not None
    assert fits[0].log_likelihood != pytest.approx(fits[1].log_likelihood)


def test_nothing_to_fit() -> None:
    k, flat = np.arange(1.0, 4.0), np.array([5.0])
    some, none = np.full((3, 3), 10.0), np.zeros((3, 3))
    assert power_fit([]) is None
    assert power_fit([Round(k, k, some, none)]) is None
    assert power_fit([Round(k, k, some, some)]) is None
    one_degree = [Round(flat, k, np.full((1, 3), 9.0), np.array([[1.0, 2.0, 3.0]]))]
    assert sides_that_vary(one_degree) == (False, True)
    assert power_fit(one_degree) is None
    assert power_fit(one_degree, free=(False, True)) is not None


def test_events_separated_by_degree_have_no_exponent() -> None:
    k = np.array([1.0, 10.0])
    events = np.array([[0.0, 0.0], [4.0, 4.0]])
    assert power_fit([Round(k, k, np.full((2, 2), 4.0), events)], free=(True, False)) is None


def test_a_step_too_far_is_taken_back() -> None:
    """Newton's first steps overflow: only one class of each side has a pair without its event."""
    at_risk, events = np.array([[2.0, 6.0], [1.0, 0.0]]), np.array([[2.0, 4.0], [1.0, 0.0]])
    assert power_fit([Round(np.array([0.0, 3.0]), np.array([0.0, 1.0]), at_risk, events)], offset=1.0) is None


def test_short_runs_give_a_fit_or_none() -> None:
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        n_rounds = int(rng.integers(1, 4))
        rounds = []
        for _ in range(n_rounds):
            degrees = [np.arange(float(rng.integers(2, 5))) for _ in range(2)]
            at_risk = rng.integers(0, 7, (degrees[0].size, degrees[1].size)).astype(float)
            rounds.append(Round(*degrees, at_risk, rng.binomial(at_risk.astype(int), 0.6).astype(float)))
        fit = power_fit(rounds, offset=(0.1, 1.0)[seed % 2])
        assert fit is None or np.isfinite([*fit.exponents, fit.log_likelihood]).all()
        assert fit is None or (np.diag(fit.covariance) >= 0.0).all()


def test_free_rates_solve_their_equations() -> None:
    """At the maximum each class has as many events as are expected of it."""
    rounds = drawn((1.0, 0.5), 12)
    at_risk, events = (np.stack([getattr(one, name) for one in rounds]) for name in ("at_risk", "events"))
    found = free_rates(at_risk, events)
    np.testing.assert_allclose(found.source * found.source_expected.sum(axis=0), events.sum(axis=(0, 2)), rtol=1e-4)
    np.testing.assert_allclose(
        found.target * found.target_expected.sum(axis=0), events.sum(axis=(0, 1)), rtol=1e-4, atol=1e-9
    )
    assert found.target[0] == 0.0  # degree 0 to the power 0.5
    pairs = at_risk.sum(axis=(0, 2))
    assert found.source @ pairs / pairs.sum() == pytest.approx(1.0)
    slope = np.polyfit(np.log(np.arange(1, 9)), np.log(found.source), 1)[0]
    assert slope == pytest.approx(1.0, abs=0.1)
