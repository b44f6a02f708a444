"""Rows of `WIDTH` samples that stay in vector registers: the arithmetic of sparse layers, one LLVM value a row.

Activations lie feature by feature, so that a link multiplies one weight into a row of samples.  A loop over such a
row is a poor loop: too short to pay for its entry and its alias tests, and its sums go through memory.  Here a row is
one value of the type ``<WIDTH x float>``, which LLVM splits into whatever registers the machine has.

Each function below is written twice: as plain numpy, which defines it, and as the LLVM that kernels compile it to.
Where numba is switched off (``NUMBA_DISABLE_JIT=1``) the plain ones run: the reference of the others, and a fallback.

References
----------
LLVM Language Reference Manual: vector types; ``llvm.vector.reduce.fadd``; fast-math flags.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import models, register_model

from sparsegraph.kernels.lowering import compiles

WIDTH = 32
"""Samples in a row: the papers' batch size, and a whole number of registers on every machine (two of AVX-512, four of
AVX2, eight of Neon)."""

_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, WIDTH)
_ZERO = ir.Constant(_VECTOR, [0.0] * WIDTH)
# Sums may be regrouped and fused, but infinities and NaN keep their meaning: training that diverges must show it.
_FLAGS = ("reassoc", "contract", "nsz")


class Row(types.Type):
    """Compile-time type of a row in registers."""


ROW = Row(f"Row({WIDTH})")


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Any, row: Row) -> None:
        super().__init__(manager, row, _VECTOR)


def load(rows: np.ndarray, row: int, column: int) -> np.ndarray:
    """The row of samples ``rows[row, column : column + WIDTH]``."""
    return rows[row, column : column + WIDTH].copy()


def store(rows: np.ndarray, row: int, column: int, values: np.ndarray) -> None:
    """``rows[row, column : column + WIDTH] = values``."""
    rows[row, column : column + WIDTH] = values


def spread(value: float) -> np.ndarray:
    """A row of one value."""
    return np.full(WIDTH, value, np.float32)


def add_scaled(total: np.ndarray, scale: float, values: np.ndarray) -> np.ndarray:
    """``total + scale * values``."""
    return total + np.float32(scale) * values


def dot(left: np.ndarray, right: np.ndarray) -> np.float32:
    """The sum of ``left * right`` over the row."""
    return np.float32(left @ right)


def positive_part(values: np.ndarray) -> np.ndarray:
    """``max(values, 0)``; NaN stays."""
    return np.where(values <= 0, np.float32(0), values)


def where_positive(gate: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``values``, and 0 where ``gate <= 0``."""
    return np.where(gate <= 0, np.float32(0), values)


_ARRAY, _INTEGER, _NUMBER = types.Array, types.Integer, types.Number


def _address(context: Any, builder: Any, rows: Any, row: Any, column: Any) -> Any:
    """Pointer to the samples of a row in a C-ordered matrix."""
    kind, value = rows
    matrix = context.make_array(kind)(context, builder, value)
    stride = builder.extract_value(matrix.shape, 1)
    first, second = (context.cast(builder, number, its, types.uintp) for its, number in (row, column))
    place = builder.gep(matrix.data, [builder.add(builder.mul(first, stride), second)])
    return builder.bitcast(place, _VECTOR.as_pointer())


def _spread(builder: Any, scalar: Any) -> Any:
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    index = ir.IntType(32)
    first = builder.insert_element(nothing, scalar, index(0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(index, WIDTH), [0] * WIDTH))


@compiles(load, ROW, _ARRAY, _INTEGER, _INTEGER)
def _load(context: Any, builder: Any, arguments: Any) -> Any:
    value = builder.load(_address(context, builder, *arguments))
    value.align = 4
    return value


@compiles(store, types.none, _ARRAY, _INTEGER, _INTEGER, Row)
def _store(context: Any, builder: Any, arguments: Any) -> None:
    *place, (_, values) = arguments
    builder.store(values, _address(context, builder, *place)).align = 4


@compiles(spread, ROW, _NUMBER)
def _spread_number(context: Any, builder: Any, arguments: Any) -> Any:
    ((kind, value),) = arguments
    return _spread(builder, context.cast(builder, value, kind, types.float32))


@compiles(add_scaled, ROW, Row, _NUMBER, Row)
def _add_scaled(context: Any, builder: Any, arguments: Any) -> Any:
    (_, total), (kind, scale), (_, values) = arguments
    factor = _spread(builder, context.cast(builder, scale, kind, types.float32))
    return builder.fadd(total, builder.fmul(factor, values, flags=_FLAGS), flags=_FLAGS)


@compiles(dot, types.float32, Row, Row)
def _dot(context: Any, builder: Any, arguments: Any) -> Any:
    (_, left), (_, right) = arguments
    kind = ir.FunctionType(_FLOAT, [_FLOAT, _VECTOR])
    reduce = cgutils.get_or_insert_function(builder.module, kind, f"llvm.vector.reduce.fadd.v{WIDTH}f32")
    return builder.call(reduce, [_FLOAT(0.0), builder.fmul(left, right, flags=_FLAGS)], fastmath=_FLAGS)


@compiles(positive_part, ROW, Row)
def _positive_part(context: Any, builder: Any, arguments: Any) -> Any:
    ((_, values),) = arguments
    return builder.select(builder.fcmp_ordered("<=", values, _ZERO), _ZERO, values)


@compiles(where_positive, ROW, Row, Row)
def _where_positive(context: Any, builder: Any, arguments: Any) -> Any:
    (_, gate), (_, values) = arguments
    return builder.select(builder.fcmp_ordered("<=", gate, _ZERO), _ZERO, values)


def aligned_rows(n_rows: int) -> np.ndarray:
    """A matrix of 0 with `WIDTH` columns whose rows begin at cache lines, which makes loads a fifth faster."""
    line = 64 // 4
    memory = np.zeros(n_rows * WIDTH + line, np.float32)
    start = -(memory.ctypes.data // 4) % line
    return memory[start : start + n_rows * WIDTH].reshape(n_rows, WIDTH)
