"""By which method a run was trained, as its configuration tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_NO_CHANGE = ("profile", "seed", "threads", "topology")
"""Entries of a request that make no other method, or are told by themselves; other data do make another."""


@dataclass(frozen=True)
class Method:
    """What a run was asked to be.

    Parameters
    ----------
    profile : str or None
        Profile or recipe; None where the configuration tells none.
    seed : int or None
    changes : mapping
        What was asked to differ from the profile, data and epochs too.
    topology : str
        Digest of the masks of a start topology that was given, "given" where none is known; empty without one.
    """

    profile: str | None
    seed: int | None
    changes: Mapping[str, Any] = field(default_factory=dict)
    topology: str = ""

    @property
    def called(self) -> str | None:
        """Profile and changes in a line, which no two methods share whose topology is known; None without a profile.

        Examples
        --------
        >>> method_of({"request": {"profile": "esml-set", "seed": 1, "threads": 4, "regrowth": "gradient"}}).called
        'esml-set regrowth=gradient'
        """
        if self.profile is None:
            return None
        given = [f"topology={self.topology}"] if self.topology else []
        return " ".join([self.profile, *(f"{name}={value}" for name, value in self.changes.items()), *given])


def method_of(config: Mapping[str, Any]) -> Method:
    """The method in the configuration of a run, of this trainer or of a loop of one's own."""
    request = config.get("request")
    asked = request if isinstance(request, Mapping) else {}
    profile, seed = asked.get("profile", config.get("recipe")), asked.get("seed", config.get("seed"))
    given = config.get("topology")
    digest = given.get("digest") if isinstance(given, Mapping) else asked.get("topology") and "given"
    return Method(
        profile if isinstance(profile, str) else None,
        seed if type(seed) is int else None,
        {name: value for name, value in asked.items() if value is not None and name not in _NO_CHANGE},
        digest if isinstance(digest, str) else "",
    )
