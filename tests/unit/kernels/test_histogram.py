from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.errors import DataError
from sparsegraph.kernels.histogram import histogram_of


def test_values_ascend_and_zeros_are_dropped() -> None:
    histogram = histogram_of([3, 0, 1, 3, 0, 3])
    assert histogram.values.tolist() == [1, 3]
    assert histogram.counts.tolist() == [1, 3]


def test_wide_and_narrow_ranges_agree() -> None:
    narrow = np.random.default_rng(0).integers(0, 30, 200)
    wide = np.append(narrow, 10**12)
    assert histogram_of(wide).values.tolist() == [*histogram_of(narrow).values.tolist(), 1e12]
    assert histogram_of(wide).counts.tolist() == [*histogram_of(narrow).counts.tolist(), 1]


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.uint64, np.int64, np.float32, np.float64])
def test_whole_numbers_of_any_type_are_welcome(kind: type) -> None:
    histogram = histogram_of(np.array([1, 1, 5, 100], kind))
    assert histogram.values.tolist() == [1, 5, 100]
    assert histogram.values.dtype == histogram.counts.dtype == np.float64


@pytest.mark.parametrize("data", [[], [0, 0]])
def test_nothing_positive_is_an_empty_histogram(data: list[int]) -> None:
    assert histogram_of(np.array(data, int)).values.size == 0


@pytest.mark.parametrize("data", [[1.5, 2.0], [1.0, np.nan], [1.0, np.inf], ["a"], [1 + 2j], [True, False], [None]])
def test_other_data_are_refused(data: list) -> None:
    with pytest.raises(DataError, match="positive integers"):
        histogram_of(data)


def test_negative_data_are_refused_with_the_smallest() -> None:
    with pytest.raises(DataError, match="-4"):
        histogram_of([1, -4, 2])
