"""What a run is called by: its method and its seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NO_CHANGE = ("profile", "seed", "threads")
"""Entries of a request that make no other method; a data set of one's own choice does make other runs."""


def method_of(config: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Profile (or recipe), with what was asked to differ from it, and seed of a run, as its configuration tells.

    A start topology that was given is told by the digest of its masks.

    Examples
    --------
    >>> method_of({"request": {"profile": "esml-set", "seed": 1, "threads": 4, "regrowth": "gradient"}})
    ('esml-set regrowth=gradient', 1)
    """
    request = config.get("request")
    asked = request if isinstance(request, Mapping) else {}
    recipe, seed = asked.get("profile", config.get("recipe")), asked.get("seed", config.get("seed"))
    changes = [f"{name}={value}" for name, value in asked.items() if value is not None and name not in _NO_CHANGE]
    match config.get("topology"):
        case {"digest": str(digest)}:
            changes.append(f"topology={digest}")
    called = " ".join([recipe, *changes]) if isinstance(recipe, str) else None
    return called, seed if type(seed) is int else None
