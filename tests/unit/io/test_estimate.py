from __future__ import annotations

import pytest

from sparsegraph.io.estimate import Size, estimate


@pytest.mark.parametrize(
    ("sizes", "seconds", "gigabytes"),
    [
        # Measured with `sparsegraph analyze --json` on random nets: wall time and largest resident set.
        ([Size((784, 1000), 7840), Size((1000, 1000), 10_000), Size((1000, 1000), 10_000)], 5, 0.26),
        ([Size((784, 1000), 156_800), Size((1000, 1000), 200_000), Size((1000, 1000), 200_000)], 28, 0.39),
        ([Size((3000, 3000), 90_000)] * 3, 18, 0.42),
        ([Size((3000, 3000), 900_000)] * 3, 122, 1.0),
    ],
)
def test_order_of_magnitude(sizes: list[Size], seconds: float, gigabytes: float) -> None:
    found = estimate(sizes)
    assert seconds / 3 < found.seconds < seconds * 3
    assert gigabytes / 3 < found.memory_bytes / 1e9 < gigabytes * 3


def test_filters_have_no_spectrum_and_nothing_takes_the_base() -> None:
    assert estimate([]).seconds == estimate([Size((3, 1, 5, 5), 0)]).seconds
