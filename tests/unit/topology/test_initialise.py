"""Uniformly random starts."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.errors import UnknownNameError
from sparsegraph.topology.initialise import INITIALISERS, erdos_renyi

NAMES = {"er", "csti", "csti-soft", "bsf", "bsf+ep", "bsf+resort", "bsf+ep+resort", "bsw"}


def test_the_starts_of_the_papers_are_there() -> None:
    assert set(INITIALISERS) >= NAMES
    assert {name for name in NAMES if INITIALISERS[name].needs} == {"csti", "csti-soft"}
    assert INITIALISERS["bsw"].options == ("beta",)
    with pytest.raises(UnknownNameError, match="did you mean"):
        INITIALISERS["bfs"]


def test_blocks_are_independent() -> None:
    first, second = erdos_renyi([(50, 40), (50, 40)], [200, 200], rng=np.random.default_rng(0))
    assert np.intersect1d(first.positions, second.positions).size < 60  # 20 expected


def test_a_complete_block() -> None:
    (mask,) = erdos_renyi([(3, 4)], [12], rng=np.random.default_rng(0))
    assert mask.positions.tolist() == list(range(12))
