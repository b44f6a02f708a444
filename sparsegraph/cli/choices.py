"""Choices that options of several commands share."""

from __future__ import annotations

from enum import StrEnum


class Readout(StrEnum):
    """Choices of ``--readout``."""

    auto = "auto"
    include = "include"
    exclude = "exclude"


class Scope(StrEnum):
    """Choices of ``--scope`` of an analysis."""

    graph = "graph"
    block = "block"


class Normalisation(StrEnum):
    """Choices of ``--normalise``."""

    standard = "standard"
    unit = "unit"
