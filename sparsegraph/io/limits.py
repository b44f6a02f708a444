"""What a file may ask for: the bounds that keep memory and time in hand whatever its bytes say."""

from __future__ import annotations

from sparsegraph.errors import LoadError

PICKLE_BYTES = 2 * 1024**3
"""Largest file that holds nothing but pickles: their arrays cannot be read one at a time."""

PICKLE_OPCODES = 1_000_000
"""Most opcodes of one pickle; a state dict spends about 60 on a tensor."""

HEADER_BYTES = 25 * 1024**2
"""Largest header of a safetensors file and largest shard index: JSON may take forty times its length in memory."""

EXPANDED_BYTES = 1024**3
"""What a tensor may take in memory however small its part of the file is."""

EXPANSION = 100
"""Beyond ``EXPANDED_BYTES``: most bytes in memory for one byte in the file."""

TOTAL_BYTES = 16 * 1024**3
"""What all tensors of a file together may take, however small it is; tensors may share their bytes."""

TOTAL_EXPANSION = 1000
"""Beyond ``TOTAL_BYTES``: most bytes of all tensors together for one byte in the file."""

N_TENSORS = 1_000_000
"""Most tensors in one file."""

NEURONS = 2**24
"""Rows and columns of all blocks of a file together that lists their links: a list of one may claim any shape."""

DIMENSIONS = 64
"""Most axes of a tensor (NumPy's own bound)."""


def check_expansion(name: str, declared: int, stored: int) -> None:
    """Refuse a tensor that declares far more bytes than the file holds for it.

    Raises
    ------
    LoadError
        If ``declared`` exceeds ``EXPANDED_BYTES`` and ``EXPANSION`` times ``stored``.
    """
    if declared > max(EXPANDED_BYTES, EXPANSION * stored):
        raise LoadError(
            f"{name!r} would unpack {stored} bytes to {declared}; at most {EXPANSION} times is expected of an "
            f"array above {EXPANDED_BYTES} bytes: store it sparse or uncompressed"
        )


def check_total(declared: int, stored: int) -> None:
    """Refuse a file whose tensors together, each within its own bounds, would unpack without end.

    Raises
    ------
    LoadError
        If ``declared`` exceeds ``TOTAL_BYTES`` and ``TOTAL_EXPANSION`` times ``stored``.
    """
    if declared > max(TOTAL_BYTES, TOTAL_EXPANSION * stored):
        raise LoadError(f"its tensors would unpack {stored} bytes to {declared}; expected weights: save fewer of them")


def check_shape(name: str, shape: tuple[int, ...], itemsize: int) -> int:
    """Number of bytes of a dense array of that shape.

    Raises
    ------
    LoadError
        If a length is negative or no integer, or there are more than ``DIMENSIONS`` axes.
    """
    if len(shape) > DIMENSIONS or any(type(length) is not int or not 0 <= length < 2**48 for length in shape):
        raise LoadError(f"{name!r} declares a shape that no array has; the file is damaged: save it again")
    n_bytes = itemsize
    for length in shape:
        n_bytes *= length
    return n_bytes
