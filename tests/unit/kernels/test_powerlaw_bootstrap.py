from __future__ import annotations

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from sparsegraph.errors import DataError
from sparsegraph.kernels.histogram import histogram_of
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, draw_discrete, fit_discrete
from sparsegraph.kernels.powerlaw_bootstrap import _law, bootstrap_p_value, is_near, merge
from sparsegraph.kernels.powerlaw_tail import fit_tail, select_tail
from sparsegraph.kernels.zeta import quantiles

FREE = np.empty(0)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_short_cut_decides_as_the_whole_fit() -> None:
    decisions = []
    for seed in range(150):
        sample = draw_discrete([1.6, 2.5, 6.0][seed % 3], 1 + seed % 7, 40, rng(seed))
        values, counts = histogram_of(sample)
        if values.size < 2:
            continue
        distance = select_tail(values, counts, FREE)[2]
        for factor in (0.5, 0.999999, 1.0, 1.000001, 2.0):
            near = is_near(values, counts, 3.0, False, distance * factor)
            assert near == (factor >= 1.0)
        inside = values >= 3.0
        if inside.sum() >= 2:
            distance = fit_tail(values[inside], counts[inside], 3.0, FREE)[1]
            assert is_near(values, counts, 3.0, True, distance)
            assert not is_near(values, counts, 3.0, True, math.nextafter(distance, 0.0))
            decisions.append(distance)
    assert len(decisions) > 50


def test_looking_at_the_last_farthest_value_first_spares_no_better_tail() -> None:
    n_tails = 0
    for seed in range(60):
        heavy = draw_discrete([1.6, 2.2, 4.0][seed % 3], 1 + seed % 5, 60, rng(seed))
        values, counts = histogram_of(np.concatenate([heavy, rng(seed).poisson(40, 60) + 1]))
        every = [fit_tail(values[i:], counts[i:], values[i], FREE) for i in range(values.size - 1)]
        alpha, start, distance = select_tail(values, counts, FREE)
        assert distance == pytest.approx(min(found for _, found in every), rel=1e-9)
        assert every[start][0] == pytest.approx(alpha, rel=1e-9)
        n_tails += len(every)
    assert n_tails > 1000


def test_replicas_are_drawn_from_body_and_tail() -> None:
    body, tail = rng(0).integers(1, 10, 400), draw_discrete(2.2, 10, 600, rng(1))
    data = np.concatenate([body, tail])
    fit = fit_discrete(data, xmin=10)
    law = _law(histogram_of(data), fit, tail_only=False)
    assert law.n_drawn == 1000
    assert law.shares.sum() == pytest.approx(1.0, abs=1e-14)
    assert law.shares[:9] == pytest.approx(np.bincount(body)[1:] / 1000, rel=1e-12)
    counts = rng(2).multinomial(1000, law.shares)
    beyond = np.sort(quantiles(1 - rng(3).random(counts[-1]), fit.alpha, law.first_beyond))
    values, sample = merge(law.values, counts, beyond)
    assert sample.sum() == 1000
    assert (np.diff(values) > 0).all()
    # the tail bins share 0.6 in the proportions of the power law
    h = (np.arange(10, 10**6) / 10.0) ** -fit.alpha
    assert law.shares[9:19] == pytest.approx(0.6 * h[:10] / h.sum(), rel=1e-4)


def test_pure_tails_have_the_size_of_the_tail() -> None:
    data = np.concatenate([rng(0).integers(1, 10, 400), draw_discrete(2.2, 10, 600, rng(1))])
    law = _law(histogram_of(data), fit_discrete(data, xmin=10), tail_only=True)
    assert law.n_drawn == 600
    assert law.values[0] == 10


def test_same_seed_same_p_and_another_seed_nearly() -> None:
    data = draw_discrete(2.5, 1, 500, rng(5))
    fit = fit_discrete(data)
    first, again, other = (bootstrap_p_value(data, fit, replicas=1000, rng=rng(s)) for s in (1, 1, 2))
    assert first == again
    assert abs(first - other) < 4 * math.sqrt(2 * 0.25 / 1000)


def test_any_number_of_threads_gives_the_same_p() -> None:
    code = (
        "import numpy as np, numba\n"
        "from sparsegraph.kernels.powerlaw import draw_discrete, fit_discrete\n"
        "from sparsegraph.kernels.powerlaw_bootstrap import bootstrap_p_value\n"
        "data = draw_discrete(2.2, 1, 400, np.random.default_rng(0))\n"
        "p = bootstrap_p_value(data, fit_discrete(data), replicas=730, rng=np.random.default_rng(1))\n"
        "print(numba.get_num_threads(), p)"
    )
    answers = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "NUMBA_NUM_THREADS": str(n)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for n in (1, 2)
    ]
    assert [answer[0] for answer in answers] == ["1", "2"]
    assert answers[0][1] == answers[1][1]


def test_what_is_no_power_law_has_p_near_0() -> None:
    data = 1 + rng().binomial(30, 0.5, 2000)
    fit = fit_discrete(data, xmin=1)
    assert bootstrap_p_value(data, fit, replicas=200, rng=rng()) == 0.0
    assert bootstrap_p_value(data, fit, replicas=200, rng=rng(), rule="survival") == 0.0


def test_ties_count_for_csn_and_not_for_survival() -> None:
    # a replica that is 110 and 111 again lies exactly as far from its fit as the data
    data = np.array([110, 111])
    fit = fit_discrete(data, xmin=110)
    csn = bootstrap_p_value(data, fit, replicas=2000, rng=rng())
    survival = bootstrap_p_value(data, fit, replicas=2000, rng=rng(), rule="survival")
    assert csn > survival


def test_heavy_tails_neither_overflow_nor_hang() -> None:
    for alpha in (1.03, 1.2, 1.5):
        data = draw_discrete(alpha, 1, 150, rng(3))
        p_value = bootstrap_p_value(data, fit_discrete(data), replicas=100, rng=rng())
        assert 0.0 <= p_value <= 1.0


def test_no_replicas_and_grids_are_refused() -> None:
    data = [1, 1, 2, 3, 5]
    with pytest.raises(DataError, match="0 replicas"):
        bootstrap_p_value(data, fit_discrete(data), replicas=0, rng=rng())
    with pytest.raises(DataError, match="grid"):
        bootstrap_p_value(data, fit_discrete(data, alpha_grid=CLAUSET_GRID), replicas=9, rng=rng())
