"""What is asked of a run: which snapshots, which numbers, under which conventions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from sparsegraph.arguments import options_of, seed_of, whole
from sparsegraph.errors import DataError

Snapshots = Literal["auto", "topology", "weights"]
Fields = Literal["main", "all"]


@dataclass(frozen=True)
class Settings:
    """The choices of :func:`sparsegraph.evolution.follow.follow`, which says what they mean."""

    snapshots: Snapshots = "auto"
    every: int = 1
    fields: Fields = "main"
    seed: int = 0
    percolated: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value, known in (("snapshots", self.snapshots, Snapshots), ("fields", self.fields, Fields)):
            if value not in get_args(known):
                raise DataError(f"{name} is {value!r}; it must be {' or '.join(get_args(known))}")
        object.__setattr__(self, "every", whole("every", self.every, least=1))
        object.__setattr__(self, "seed", seed_of(self.seed))
        object.__setattr__(self, "options", options_of(self.options))
