"""Types that NumPy lacks, against torch on every bit pattern."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.io.readers.number_types import TYPES

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("name", ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"])
def test_float8(name: str) -> None:
    codes = np.arange(256, dtype=np.uint8)
    expected = torch.from_numpy(codes).view(getattr(torch, name)).float().numpy()
    np.testing.assert_array_equal(TYPES[name].values(codes), expected)


def test_bfloat16() -> None:
    codes = np.arange(2**16, dtype=np.uint16)
    expected = torch.from_numpy(codes.view(np.int16)).view(torch.bfloat16).float().numpy()
    np.testing.assert_array_equal(TYPES["bfloat16"].values(codes), expected)


def test_big_endian_numbers_arrive_in_native_order() -> None:
    values = TYPES["float32"].values(np.array([1.5, -2.0], ">f4"))
    assert values.dtype.isnative
    assert values.tolist() == [1.5, -2.0]
