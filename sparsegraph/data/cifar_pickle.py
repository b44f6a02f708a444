"""The pickled batches of CIFAR's Python edition, read with stand-ins: no object of the file's choice is ever made.

A batch is read only after its published MD5 was found right (see ``contents``), so its bytes are those of the makers;
that nothing in it can run is a second lock on the same door.
"""

from __future__ import annotations

import io
import math
import pickle
from typing import Any

import numpy as np

from sparsegraph.arguments import kind_of
from sparsegraph.errors import DataSetError


class _DType:
    """Takes the place of numpy.dtype: remembers the name of the type."""

    def __init__(self, name: Any, *_: Any) -> None:
        self.name = name.decode("latin-1") if isinstance(name, bytes) else name

    def __setstate__(self, state: Any) -> None:
        """Byte order and the like, which one-byte values do not have."""


class _Array:
    """Takes the place of numpy.ndarray: remembers shape, type and bytes."""

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


STAND_INS: dict[tuple[str, str], Any] = {
    ("numpy", "dtype"): _DType,
    ("numpy", "ndarray"): _Array,
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
}


class _Reader(pickle.Unpickler):
    """Knows the three names that a pickled array needs, and maps them to stand-ins."""

    def find_class(self, module: str, name: str) -> Any:
        """The stand-in for a name; any other name is refused."""
        try:
            return STAND_INS[module, name]
        except KeyError:
            raise DataSetError(
                f"a batch asks for {module}.{name}, which no CIFAR batch does: use the binary edition"
            ) from None


def read_batch(content: bytes, *, name: str) -> dict[str, Any]:
    """The dictionary in a batch, with text for keys and an array of bytes for pixels.

    Raises
    ------
    DataSetError
        If the file is no such batch.
    """
    try:
        batch = _Reader(io.BytesIO(content), encoding="bytes").load()
    except DataSetError:
        raise
    except Exception as error:  # a damaged pickle can raise almost anything
        raise DataSetError(f"{name} is no CIFAR batch ({error}): use the binary edition") from None
    if not isinstance(batch, dict):
        raise DataSetError(f"{name} holds {kind_of(batch)}; expected a CIFAR batch: use the binary edition")
    return {
        key.decode("latin-1") if isinstance(key, bytes) else str(key): _array(value, name)
        if isinstance(value, _Array)
        else value
        for key, value in batch.items()
    }


def _array(stored: _Array, name: str) -> np.ndarray:
    match stored.state:
        case (_, tuple(shape), _DType(name="u1"), is_fortran, bytes(content)):
            if all(type(n) is int and n >= 0 for n in shape) and math.prod(shape) == len(content):
                values = np.frombuffer(content, np.uint8)
                return values.reshape(shape, order="F" if is_fortran else "C")
    raise DataSetError(f"{name} holds an array that is not one of bytes: use the binary edition")
