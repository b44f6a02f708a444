"""Choices that options of several commands share."""

from __future__ import annotations

from enum import StrEnum


class Readout(StrEnum):
    """Choices of ``--readout``."""

    auto = "auto"
    include = "include"
    exclude = "exclude"


OF_READOUT = (
    "Dense last block in or out of activity, assortativity, credit_paths, functional_activity, hyperbolic, "
    "navigability, rank, rich_club and small_world."
)
"""What ``--readout`` decides: a test compares the names with the measures that have the option."""


class Scope(StrEnum):
    """Choices of ``--scope`` of an analysis."""

    graph = "graph"
    block = "block"


class Normalisation(StrEnum):
    """Choices of ``--normalise``."""

    standard = "standard"
    unit = "unit"
