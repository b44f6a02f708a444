"""Rows of 1,024 bits that stay in vector registers: sets of sources, one LLVM value each.

Each function is written twice: as plain numpy, which defines it, and as the LLVM that kernels compile it to.  A loop
over sixteen words would be entered anew for every link and keep its result in memory; as one value ``<16 x i64>`` a row
lies in whatever registers the machine has.

References
----------
LLVM Language Reference Manual: vector types; ``llvm.ctpop``; ``llvm.vector.reduce.or``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import models, register_model

from sparsegraph.kernels.lowering import compiles

WORDS = 16
"""Words of 64 bits in a row: two lines of cache, a whole number of registers on every machine."""

_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_WORD, WORDS)


class Bits(types.Type):
    """Compile-time type of a row in registers."""


BITS = Bits(f"Bits({64 * WORDS})")


@register_model(Bits)
class _BitsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, bits: Bits) -> None:
        super().__init__(manager, bits, _VECTOR)


def load_bits(rows: np.ndarray, row: int | np.unsignedinteger[Any]) -> np.ndarray:
    """The row ``rows[row]`` of a C-ordered matrix of ``WORDS`` columns of uint64."""
    return rows[row].copy()


def store_bits(rows: np.ndarray, row: int, bits: np.ndarray) -> None:
    """``rows[row] = bits``."""
    rows[row] = bits


def either(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Bits set in one or both."""
    return left | right


def without(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Bits set in ``left`` and not in ``right``."""
    return left & ~right


def is_any(bits: np.ndarray) -> bool:
    """Whether a bit is set."""
    return bool(bits.any())


def add_counts(counts: np.ndarray, row: int, bits: np.ndarray) -> None:
    """Add to each of the ``WORDS`` columns of ``counts[row]`` (int64) how many bits are set in that word."""
    counts[row] += np.unpackbits(bits.view(np.uint8)).reshape(WORDS, 64).sum(axis=1, dtype=np.int64)


_ARRAY, _INTEGER = types.Array, types.Integer


def _address(context: Any, builder: Any, rows: Any, row: Any) -> Any:
    """Pointer to a row of a C-ordered matrix of ``WORDS`` columns."""
    kind, value = rows
    matrix = context.make_array(kind)(context, builder, value)
    place = context.cast(builder, row[1], row[0], types.uintp)
    first = builder.gep(matrix.data, [builder.mul(place, ir.Constant(place.type, WORDS))])
    return builder.bitcast(first, _VECTOR.as_pointer())


def _call(builder: Any, name: str, result: Any, bits: Any) -> Any:
    kind = ir.FunctionType(result, [_VECTOR])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{WORDS}i64"), [bits])


@compiles(load_bits, BITS, _ARRAY, _INTEGER)
def _load(context: Any, builder: Any, arguments: Any) -> Any:
    value = builder.load(_address(context, builder, *arguments))
    value.align = 8
    return value


@compiles(store_bits, types.none, _ARRAY, _INTEGER, Bits)
def _store(context: Any, builder: Any, arguments: Any) -> None:
    *place, (_, bits) = arguments
    builder.store(bits, _address(context, builder, *place)).align = 8


@compiles(either, BITS, Bits, Bits)
def _either(context: Any, builder: Any, arguments: Any) -> Any:
    (_, left), (_, right) = arguments
    return builder.or_(left, right)


@compiles(without, BITS, Bits, Bits)
def _without(context: Any, builder: Any, arguments: Any) -> Any:
    (_, left), (_, right) = arguments
    return builder.and_(left, builder.not_(right))


@compiles(is_any, types.boolean, Bits)
def _is_any(context: Any, builder: Any, arguments: Any) -> Any:
    ((_, bits),) = arguments
    return builder.icmp_unsigned("!=", _call(builder, "vector.reduce.or", _WORD, bits), _WORD(0))


@compiles(add_counts, types.none, _ARRAY, _INTEGER, Bits)
def _add_counts(context: Any, builder: Any, arguments: Any) -> None:
    *place, (_, bits) = arguments
    address = _address(context, builder, *place)
    before = builder.load(address)
    before.align = 8
    builder.store(builder.add(before, _call(builder, "ctpop", _VECTOR, bits)), address).align = 8


def zero_bits(n_rows: int) -> np.ndarray:
    """A matrix of 0 with ``WORDS`` columns of uint64 whose rows begin at lines of cache."""
    line = 64 // 8
    memory = np.zeros(n_rows * WORDS + line, np.uint64)
    start = -(memory.ctypes.data // 8) % line
    return memory[start : start + n_rows * WORDS].reshape(n_rows, WORDS)
