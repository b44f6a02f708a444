"""Draw with a known truth, fit, compare: exponents, type I errors, and what is no power law."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from graphs import erdos_renyi
from scipy import stats

from sparsegraph.kernels.powerlaw import draw_discrete, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import bootstrap_p_value
from sparsegraph.kernels.tail_alternatives import LAWS
from sparsegraph.measures.degree import degrees
from sparsegraph.measures.powerlaw import fit_degrees, powerlaw

ALPHAS = [1.5, 2.0, 2.5, 3.0, 3.5, 5.0]
FAVOURABLE = {"scale-free", "plausible, alternatives not excluded"}


@pytest.mark.parametrize("alpha", ALPHAS)
def test_exponents_are_recovered_with_their_standard_errors(alpha: float) -> None:
    """300 samples of 2000: z = error / sigma is standard normal up to a bias of order 1 / sqrt(n).

    Four standard errors of the mean of z are 0.23, and the bias of the maximum-likelihood estimate adds at most
    about 0.05; 0.3 in all.  The standard deviation of z has standard error 1 / sqrt(600) = 0.04; four are 0.16.
    """
    rng = np.random.default_rng(int(100 * alpha))
    fits = [fit_discrete(draw_discrete(alpha, 2, 2000, rng), xmin=2) for _ in range(300)]
    z = np.array([(fit.alpha - alpha) / fit.sigma for fit in fits])
    assert abs(z.mean()) < 0.3
    assert abs(z.std() - 1) < 0.16


@pytest.mark.parametrize("alpha", ALPHAS)
def test_exponents_are_recovered_when_xmin_is_selected(alpha: float) -> None:
    """A tail that starts at 10 above another body: xmin is found near 10 and alpha within 4 standard errors.

    The median of 60 estimates has a standard error of about 1.25 / sqrt(60) = 0.16 single ones.  Selection moves
    the estimate (it prefers tails that fit by chance), for which 0.5 single ones are allowed.
    """
    rng = np.random.default_rng(int(100 * alpha) + 1)
    fits = []
    for _ in range(60):
        body = rng.integers(1, 10, 1000)
        fits.append(fit_discrete(np.concatenate([body, draw_discrete(alpha, 10, 1500, rng)])))
    errors = [(fit.alpha - alpha) / fit.sigma for fit in fits]
    assert abs(np.median(errors)) < 4 * 0.16 + 0.5
    assert 8 <= np.median([fit.xmin for fit in fits]) <= 14


def null_p_values(alpha: float, *, fixed: bool, n_samples: int) -> np.ndarray:
    """p-values of true power laws; with 199 replicas P(p <= 0.05) = 0.05 and P(p <= 0.1) = 0.1 if calibrated."""
    rng = np.random.default_rng(int(1000 * alpha) + fixed)
    p_values = []
    for _ in range(n_samples):
        data = draw_discrete(alpha, 1, 300, rng)
        fit = fit_discrete(data, xmin=1 if fixed else None)
        p_values.append(bootstrap_p_value(data, fit, replicas=199, rng=rng))
    return np.array(p_values)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_p_values_with_a_fixed_xmin_are_calibrated(alpha: float) -> None:
    p_values = null_p_values(alpha, fixed=True, n_samples=500)
    for level in (0.05, 0.1, 0.5):
        rejected = int((p_values <= level).sum())
        low, high = stats.binomtest(rejected, p_values.size).proportion_ci(0.999)
        assert low <= level <= high, f"{rejected} of {p_values.size} at {level}"


@pytest.mark.parametrize("alpha", ALPHAS)
def test_p_values_with_a_selected_xmin_reject_no_more_than_they_say(alpha: float) -> None:
    """Selection of xmin makes the test conservative, most of all near 1.5; it must not make it blind."""
    p_values = null_p_values(alpha, fixed=False, n_samples=400)
    for level in (0.05, 0.1):
        rejected = int((p_values <= level).sum())
        assert stats.binomtest(rejected, p_values.size, level, alternative="greater").pvalue > 1e-3
        assert stats.binomtest(rejected, p_values.size, level / 5, alternative="less").pvalue > 1e-3


def test_what_is_no_power_law_is_rejected() -> None:
    """Log-normal data of 1000, Poisson data with xmin forced into the body: power well above 90 %."""
    rng = np.random.default_rng(0)
    rejected = 0
    for _ in range(50):
        data = 1 + rng.poisson(8, 1000)
        rejected += bootstrap_p_value(data, fit_discrete(data, xmin=4), replicas=99, rng=rng) <= 0.1
    assert rejected == 50


@functools.cache
def light_tailed_samples() -> dict[str, list[np.ndarray]]:
    rng = np.random.default_rng(1)
    nets = [erdos_renyi((100, 300, 300, 10), density, seed) for seed in range(50) for density in (0.02, 0.1)]
    return {
        "poisson": [rng.poisson(mean, 1000) for mean in (2, 5, 10, 40) for _ in range(50)],
        "erdos-renyi": [degrees(net).total[100:700] for net in nets],
    }


@pytest.mark.parametrize("kind", ["poisson", "erdos-renyi"])
def test_light_tails_are_never_called_scale_free(kind: str) -> None:
    verdicts, p_values = [], []
    for sample in light_tailed_samples()[kind]:
        fit = fit_degrees(sample, rng=np.random.default_rng(0), replicas=60)
        verdicts.append(fit.verdict)
        p_values.append(fit.p_value)
    assert not FAVOURABLE & set(verdicts)
    assert {"rejected", "not scale-free"} <= set(verdicts)
    # note PL: p alone would let most of them pass, so the other conditions are what keeps them out
    assert np.mean([isinstance(p, float) and p > 0.1 for p in p_values]) > 0.5


def test_true_power_laws_are_mostly_called_plausible_or_better() -> None:
    rng = np.random.default_rng(2)
    verdicts = [
        fit_degrees(draw_discrete(2.5, 1, 2000, rng), rng=np.random.default_rng(0), replicas=60).verdict
        for _ in range(60)
    ]
    assert sum(verdict in FAVOURABLE for verdict in verdicts) >= 40
    assert "scale-free" in {
        fit_degrees(draw_discrete(2.5, 1, 50_000, rng), rng=np.random.default_rng(0), replicas=60).verdict
        for _ in range(5)
    }


def test_from_xmin_10_on_a_power_law_is_plausible_and_no_more() -> None:
    """There log-normal and stretched exponential imitate it so well that no sample of this size excludes them."""
    rng = np.random.default_rng(3)
    verdicts = [
        fit_degrees(draw_discrete(2.5, 10, 20_000, rng), rng=np.random.default_rng(0), replicas=60).verdict
        for _ in range(20)
    ]
    assert verdicts.count("plausible, alternatives not excluded") >= 12
    assert "scale-free" not in verdicts


@pytest.mark.parametrize("alpha", [2.5, 5.0])
def test_other_laws_are_seldom_preferred_to_a_true_power_law(alpha: float) -> None:
    """Each at most in 5 of 100 samples, the nominal size of Vuong's test to this side, up to chance at 1 in 1,000.

    By p alone four of the five laws are each preferred in 13 to 16 % of the samples at alpha = 5.
    """
    rng = np.random.default_rng(int(10 * alpha))
    n_samples = 150
    fits = [fit_degrees(draw_discrete(alpha, 1, 200, rng), rng=rng, xmin=1, replicas=1) for _ in range(n_samples)]
    for law in LAWS:
        preferred = sum(getattr(fit.alternatives[law], "favours", "") == law for fit in fits)
        assert stats.binomtest(preferred, n_samples, 0.05, alternative="greater").pvalue > 1e-3, law


def test_a_whole_random_net_is_not_scale_free() -> None:
    result = powerlaw(erdos_renyi((784, 1000, 1000, 10), 0.01), rng=np.random.default_rng(0), replicas=100)
    for fit in (result, result.in_degree, result.out_degree, *result.per_layer):
        assert fit.verdict not in FAVOURABLE
    assert result.grid_whole.capped
