"""One numeric variable of a MATLAB file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Variable:
    """A matrix by its header.

    Parameters
    ----------
    name : str
    shape : tuple of int
    dtype : str
    n_bytes : int
        What it takes in memory.
    read : callable
        Returns the values.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    n_bytes: int
    read: Callable[[], np.ndarray | sparse.csr_array]
