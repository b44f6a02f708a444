"""Types of numbers in files, NumPy's own and those that it lacks (bfloat16, float8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np


@dataclass(frozen=True)
class NumberType:
    """How numbers of one type lie in a file, and what they become.

    Parameters
    ----------
    name : str
    stored : numpy.dtype
        What the bytes are read as; little endian.
    widen : callable, optional
        Turns an array of ``stored`` into float32 where NumPy lacks the type.
    """

    name: str
    stored: np.dtype
    widen: Callable[[np.ndarray], np.ndarray] | None = None

    @property
    def itemsize(self) -> int:
        """Bytes of one number in the file."""
        return self.stored.itemsize

    @property
    def width(self) -> int:
        """Bytes of one number in memory."""
        return 4 if self.widen else self.itemsize

    def values(self, array: np.ndarray) -> np.ndarray:
        """The numbers of an array of ``stored`` (of either byte order), in native byte order."""
        if self.widen:
            return self.widen(array)
        return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("=")).reshape(array.shape)


def _from_bfloat16(array: np.ndarray) -> np.ndarray:
    return (array.astype(np.uint32) << np.uint32(16)).view(np.float32)


@cache
def _float8_table(exponent_bits: int, bias: int, top: str) -> np.ndarray:
    """All 256 values of a float8; ``top`` says what lies at the end of the range.

    ``ieee``: the largest exponent is infinity and NaN; ``fn``: only all ones is NaN; ``fnuz``: the only NaN is the
    pattern of minus zero.
    """
    mantissa_bits = 7 - exponent_bits
    code = np.arange(256)
    exponent = (code >> mantissa_bits) & ((1 << exponent_bits) - 1)
    mantissa = (code & ((1 << mantissa_bits) - 1)) / (1 << mantissa_bits)
    size = np.where(exponent == 0, mantissa * 2.0 ** (1 - bias), (1 + mantissa) * 2.0 ** (exponent - bias))
    largest = exponent == (1 << exponent_bits) - 1
    if top == "ieee":
        size = np.where(largest, np.where(mantissa == 0, np.inf, np.nan), size)
    elif top == "fn":
        size = np.where((code & 127) == 127, np.nan, size)
    signed = np.where(code >= 128, -size, size)
    if top == "fnuz":
        signed[128] = np.nan
    return signed.astype(np.float32)


def _from_float8(exponent_bits: int, bias: int, top: str) -> Callable[[np.ndarray], np.ndarray]:
    return lambda array: _float8_table(exponent_bits, bias, top)[array]


TYPES: dict[str, NumberType] = {
    kind.name: kind
    for kind in (
        *(
            NumberType(np.dtype(code).name, np.dtype(code))
            for code in ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "i1", "u1", "<u2", "<u4", "<u8", "?", "<c8", "<c16")
        ),
        NumberType("bfloat16", np.dtype("<u2"), _from_bfloat16),
        NumberType("float8_e4m3fn", np.dtype("u1"), _from_float8(4, 7, "fn")),
        NumberType("float8_e5m2", np.dtype("u1"), _from_float8(5, 15, "ieee")),
        NumberType("float8_e4m3fnuz", np.dtype("u1"), _from_float8(4, 8, "fnuz")),
        NumberType("float8_e5m2fnuz", np.dtype("u1"), _from_float8(5, 16, "fnuz")),
    )
}
"""Number types by the name that torch and NumPy share."""
