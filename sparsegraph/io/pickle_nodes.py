"""What a pickle describes, as inert nodes: nothing in here can be called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, eq=False, slots=True)
class Global:
    """A name that a pickle asks for: never imported."""

    module: str
    name: str

    @property
    def path(self) -> str:
        """Module and name joined by a dot."""
        return f"{self.module}.{self.name}"


@dataclass(eq=False, slots=True)
class Pairs:
    """A dictionary, as the pairs in the order in which they were set.

    Keys are never hashed: a pickle could choose them so that hashing recurses deeply or collides.
    """

    pairs: list[tuple[Any, Any]] = field(default_factory=list)

    def get(self, key: str) -> Any:
        """Last value set under a text key, or None."""
        for name, value in reversed(self.pairs):
            if isinstance(name, str) and name == key:
                return value
        return None

    def last(self) -> Iterator[tuple[str, Any]]:
        """Pairs whose key is a text or an integer, as text; of equal keys the last."""
        merged = {str(key): value for key, value in self.pairs if isinstance(key, str | int)}
        yield from merged.items()


@dataclass(eq=False, slots=True)
class Call:
    """A call, or the making of an object, that a pickle asks for: never done.

    Parameters
    ----------
    target : Global
        What would be called.
    args : tuple
    is_object : bool
        Whether an object of the class ``target`` would be made, and not a function called.
    state : object
        What BUILD would set; None if nothing.
    entries : Pairs
        What SETITEM would set on the result.
    elements : list
        What APPEND would add to the result.
    """

    target: Global
    args: tuple[Any, ...]
    is_object: bool
    state: Any = None
    entries: Pairs = field(default_factory=Pairs)
    elements: list[Any] = field(default_factory=list)

    def attributes(self) -> Pairs:
        """The attributes that BUILD would set: of a state alone, or of a state and slots."""
        state = self.state
        if isinstance(state, tuple) and len(state) == 2:
            parts = [part.pairs for part in state if isinstance(part, Pairs)]
            return Pairs([pair for part in parts for pair in part])
        return state if isinstance(state, Pairs) else Pairs()


@dataclass(frozen=True, eq=False, slots=True)
class Persistent:
    """A reference to something outside the pickle, such as the storage of a tensor."""

    key: Any
