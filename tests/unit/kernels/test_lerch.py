from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from sparsegraph.kernels.lerch import cutoff_sum, tail_integral


@pytest.mark.parametrize("alpha", [0.0, 0.4, 1.0, 1.7, 2.5, 8.0, 40.0])
@pytest.mark.parametrize("rate", [1e-4, 0.01, 0.19, 0.21, 3.0])
@pytest.mark.parametrize("q", [1.0, 5.0, 110.0])
def test_the_sum_equals_the_plain_sum(alpha: float, rate: float, q: float) -> None:
    steps = np.arange(int(45 / rate) + 50)
    expected = math.fsum(np.exp(-alpha * np.log1p(steps / q) - rate * steps))
    assert cutoff_sum(alpha, rate, q) == pytest.approx(expected, rel=1e-11)


def test_without_a_cutoff_it_is_the_zeta_function() -> None:
    assert cutoff_sum(2.5, 0.0, 4.0) == pytest.approx(special.zeta(2.5, 4.0) * 4**2.5, rel=1e-12)
    assert cutoff_sum(2.5, 1e-12, 4.0) == pytest.approx(special.zeta(2.5, 4.0) * 4**2.5, rel=1e-5)


def test_without_a_power_it_is_the_geometric_series() -> None:
    assert cutoff_sum(0.0, 1e-7, 3.0) == pytest.approx(1 / -math.expm1(-1e-7), rel=1e-11)


@pytest.mark.parametrize("z", [1e-8, 1e-3, 0.5, 20.0])
@pytest.mark.parametrize("order", [0, 1, 2, 5])
def test_the_integral_is_the_exponential_integral_of_whole_orders(order: int, z: float) -> None:
    # DLMF 8.19.3: E_n(z) = integral from 1 to infinity of x^-n exp(-z x) dx
    assert tail_integral(float(order), z) == pytest.approx(math.exp(z) * special.expn(order, z), rel=1e-12)
