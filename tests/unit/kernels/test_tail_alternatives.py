from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, special, stats

from sparsegraph.kernels.histogram import histogram_of
from sparsegraph.kernels.powerlaw import draw_discrete, fit_discrete
from sparsegraph.kernels.tail_alternatives import LAWS, Tail, compare_tails

SAMPLES = {
    "power law": draw_discrete(2.5, 1, 800, np.random.default_rng(0)),
    "power law from 12": draw_discrete(2.5, 12, 300, np.random.default_rng(1)),
    "geometric": np.random.default_rng(2).geometric(0.1, 600),
    "poisson": 1 + np.random.default_rng(3).poisson(30, 600),
    "log-normal": 1 + np.exp(np.random.default_rng(4).normal(2, 0.8, 600)).astype(int),
}


def tail_of(data: np.ndarray, xmin: int) -> tuple[Tail, np.ndarray]:
    histogram = histogram_of(data[data >= xmin])
    alpha = fit_discrete(data, xmin=xmin).alpha
    return Tail(histogram.values, histogram.counts / histogram.counts.sum(), float(xmin), alpha), histogram.counts


def log_probability(name: str, parameters: dict[str, float], x: np.ndarray, xmin: int, n: int = 200_000) -> np.ndarray:
    """Every law once more, by scipy's distributions and a plain sum over the first n integers."""
    integers = np.arange(xmin, xmin + float(n))
    match name:
        case "exponential":
            terms = np.exp(-parameters["rate"] * (integers - xmin))
        case "poisson":
            terms = stats.poisson.pmf(integers, parameters["mean"])
        case "truncated_power_law":
            terms = (integers / xmin) ** -parameters["alpha"] * np.exp(-parameters["rate"] * (integers - xmin))
        case "log_normal":
            edges = (np.log(np.append(integers, integers[-1] + 1) - 0.5) - parameters["mu"]) / parameters["sigma"]
            terms = -np.diff(special.ndtr(-edges))
        case "stretched_exponential":
            edges = (np.append(integers, integers[-1] + 1) - 0.5) / (xmin - 0.5)
            beta, scale = parameters["beta"], parameters["scale"]
            terms = -np.diff(np.exp(-scale * (edges**beta - 1) / beta))
    return np.log(terms[(x - xmin).astype(int)] / terms.sum())


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize(
    ("sample", "xmin"), [("geometric", 1), ("geometric", 10), ("poisson", 20), ("log-normal", 3), ("log-normal", 9)]
)
def test_laws_are_normalised_and_their_parameters_mean_what_they_say(name: str, sample: str, xmin: int) -> None:
    tail, _ = tail_of(SAMPLES[sample], xmin)
    law = LAWS[name](tail)
    expected = log_probability(name, law.parameters, tail.values, xmin)
    assert law.log_probability == pytest.approx(expected, rel=1e-5, abs=1e-6)


STARTS = {
    "exponential": [("rate", 0.01, 3.0)],
    "poisson": [("mean", 1.0, 60.0)],
    "truncated_power_law": [("alpha", 0.0, 5.0), ("rate", 1e-6, 1.0)],
    "log_normal": [("mu", -8.0, 5.0), ("sigma", 0.1, 4.0)],
    "stretched_exponential": [("beta", 0.02, 6.0), ("scale", 0.01, 20.0)],
}


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize(("sample", "xmin"), [("geometric", 5), ("poisson", 30), ("log-normal", 4)])
def test_no_other_search_finds_a_larger_likelihood(name: str, sample: str, xmin: int) -> None:
    tail, counts = tail_of(SAMPLES[sample], xmin)
    reached = counts @ LAWS[name](tail).log_probability
    names = [entry[0] for entry in STARTS[name]]

    def cost(point: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            value = -counts @ log_probability(name, dict(zip(names, point, strict=True)), tail.values, xmin, 4000)
        return value if math.isfinite(value) else 1e12

    bounds = [entry[1:] for entry in STARTS[name]]
    other = optimize.differential_evolution(cost, bounds, seed=0, maxiter=12, popsize=6, tol=1e-6, polish=False)
    # beyond the 4000 integers of the other sum the laws near the optimum have no mass
    assert reached >= -other.fun - 1e-6 * abs(other.fun)


def test_the_exponential_and_the_poisson_law_match_the_mean_of_the_tail() -> None:
    tail, _ = tail_of(SAMPLES["poisson"], 28)
    mean = tail.shares @ tail.values
    integers = np.arange(28, 400)
    for name in ("exponential", "poisson"):
        terms = np.exp(log_probability(name, LAWS[name](tail).parameters, integers.astype(float), 28))
        assert terms @ integers == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize("xmin", [1, 5, 60, 400])
@pytest.mark.parametrize("spread", [1e-3, 1.0, 50.0])
def test_the_poisson_law_is_found_far_from_its_mode_too(xmin: int, spread: float) -> None:
    tail = Tail(np.array([xmin, xmin + 100.0]), np.array([1 - spread / 100, spread / 100]), float(xmin), 2.0)
    mean = LAWS["poisson"](tail).parameters["mean"]
    above = mean * special.gammainc(xmin - 1, mean) if xmin > 1 else mean
    if special.gammainc(xmin, mean) > 1e-290:
        assert above / special.gammainc(xmin, mean) == pytest.approx(xmin + spread, rel=1e-9)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_ratio_and_its_p_value_are_vuongs(sample: str) -> None:
    data = SAMPLES[sample]
    fit = fit_discrete(data)
    x = data[data >= fit.xmin].astype(float)
    tail, _ = tail_of(data, fit.xmin)
    power_law = -fit.alpha * np.log(x) - math.log(special.zeta(fit.alpha, fit.xmin))
    for name, test in compare_tails(data, fit).items():
        law = LAWS[name](tail)
        difference = power_law - law.log_probability[np.searchsorted(tail.values, x)]
        ratio = difference.sum()
        assert test.log_likelihood_ratio == pytest.approx(ratio, abs=1e-7)
        if test.nested:
            assert ratio < 1e-7
            assert test.p_value == pytest.approx(stats.chi2.sf(2 * abs(test.log_likelihood_ratio), 1), abs=1e-12)
        else:
            normalised = ratio / (math.sqrt(x.size) * difference.std())
            assert test.normalised == pytest.approx(normalised, rel=1e-6, abs=1e-9)
            assert test.p_value == pytest.approx(2 * stats.norm.sf(abs(normalised)), abs=1e-6)


def test_the_sign_speaks_for_the_law_that_made_the_data() -> None:
    power = compare_tails(SAMPLES["power law"], fit_discrete(SAMPLES["power law"], xmin=1))
    assert power["exponential"].log_likelihood_ratio > 0 > power["exponential"].p_value - 0.01
    assert power["poisson"].log_likelihood_ratio > 0
    assert power["truncated_power_law"].p_value > 0.1
    geometric = compare_tails(SAMPLES["geometric"], fit_discrete(SAMPLES["geometric"], xmin=1))
    assert geometric["exponential"].log_likelihood_ratio < 0 > geometric["exponential"].p_value - 0.01
    assert geometric["truncated_power_law"].p_value < 1e-6
    poisson = compare_tails(SAMPLES["poisson"], fit_discrete(SAMPLES["poisson"], xmin=20))
    assert poisson["poisson"].log_likelihood_ratio < 0 > poisson["poisson"].p_value - 0.01


@pytest.mark.parametrize(
    "data",
    [
        [5] * 100 + [6],
        [1, 2],
        [1] * 100 + [10**6],
        [110] * 3 + [111] * 5 + [500],
        [10**6, 10**6 + 1, 10**6 + 2],
        [1, 2**40],
        list(range(1, 40)),
        [7] * 3 + [9] * 100,
    ],
)
def test_strange_tails_give_numbers_without_warnings(data: list[int]) -> None:
    for xmin in (None, min(data)):
        fit = fit_discrete(data, xmin=xmin)
        for test in compare_tails(data, fit).values():
            assert math.isfinite(test.log_likelihood_ratio)
            assert math.isfinite(test.normalised)
            assert 0 <= test.p_value <= 1
            assert all(math.isfinite(value) for value in test.parameters.values())


@pytest.mark.parametrize("name", ["exponential", "truncated_power_law", "log_normal", "stretched_exponential"])
@pytest.mark.parametrize(("sample", "xmin"), [("geometric", 5), ("log-normal", 4)])
def test_the_package_powerlaw_gives_the_same_likelihood(name: str, sample: str, xmin: int) -> None:
    """Its rounding of continuous laws (xmin - 1/2 included) and its sums are ours; its optimiser stops earlier."""
    import powerlaw

    tail, counts = tail_of(SAMPLES[sample], xmin)
    fitted = LAWS[name](tail)
    given = dict(fitted.parameters)
    if name == "stretched_exponential":
        given["scale"] = (given["scale"] / given["beta"]) ** (1 / given["beta"]) / (xmin - 0.5)
    kind, order = {
        "exponential": (powerlaw.Exponential, ["rate"]),
        "truncated_power_law": (powerlaw.Truncated_Power_Law, ["alpha", "rate"]),
        "log_normal": (powerlaw.Lognormal, ["mu", "sigma"]),
        "stretched_exponential": (powerlaw.Stretched_Exponential, ["scale", "beta"]),
    }[name]
    law = kind(xmin=xmin, discrete=True, parameters=[given[key] for key in order], verbose=0)
    theirs = counts @ np.asarray(law.loglikelihoods(tail.values), dtype=float)
    assert counts @ fitted.log_probability == pytest.approx(theirs, rel=1e-9)
