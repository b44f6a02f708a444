"""Independent random streams by purpose."""

from __future__ import annotations

import hashlib

import numpy as np

from sparsegraph.arguments import seed_of


def rng_for(seed: int, *names: str) -> np.random.Generator:
    """Random generator that depends only on ``seed`` and the names of its purpose.

    Two purposes never share a stream, so that adding a measure never moves another measure's numbers.

    Parameters
    ----------
    seed : int
        Non-negative seed of the whole analysis.
    *names : str
        Purpose of the stream, from the general to the particular, such as ``"measure", "powerlaw"``.

    Raises
    ------
    DataError
        If the seed is no whole number from 0.

    Examples
    --------
    >>> from sparsegraph.rng import rng_for
    >>> bool(rng_for(0, "a").integers(1 << 62) == rng_for(0, "a").integers(1 << 62))
    True
    >>> bool(rng_for(0, "a").integers(1 << 62) == rng_for(0, "b").integers(1 << 62))
    False
    """
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    return np.random.default_rng(np.random.SeedSequence([seed_of(seed), *words]))
