"""What decides a number: the content of the snapshot, the measure with its options and seed, and the code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sparsegraph.code_identity import as_it_lies, code_of
from sparsegraph.errors import DataError
from sparsegraph.measures.catalogue import Measure

_TAKERS = ("sparsegraph.evolution.work", "sparsegraph.evolution.numbers", "sparsegraph.graph.percolation")
"""What stands between any snapshot and its numbers, whatever the measure."""


def key_of(content: str, measure: Measure, given: Mapping[str, Any]) -> str:
    """SHA-256 over the content's own, the measure's name and code, and what was given (options, seed ...).

    Raises
    ------
    DataError
        If an option is no plain value: it has no identity of its own.
    """
    try:
        code = [code_behind(measure), as_it_lies(measure.function)]
        told = json.dumps([content, measure.name, *code, given], sort_keys=True)
    except TypeError as error:
        raise DataError(
            f"the options of {measure.name} hold what cannot be followed ({error}); give plain values"
        ) from None
    return hashlib.sha256(told.encode()).hexdigest()


def code_behind(measure: Measure) -> str:
    """SHA-256 of the code of a measure, and of what reads and percolates the snapshots that it is taken of."""
    return code_of(measure.function.__module__, *_TAKERS)
