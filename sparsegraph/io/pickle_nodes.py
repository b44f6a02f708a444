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

    Only texts are hashed: a pickle could choose other keys so that hashing recurses deeply or collides.
    """

    pairs: list[tuple[Any, Any]] = field(default_factory=list)
    texts: dict[str, Any] = field(default_factory=dict)

    def extend(self, pairs: list[tuple[Any, Any]]) -> None:
        """Set more pairs."""
        self.pairs.extend(pairs)
        self.texts.update((key, value) for key, value in pairs if isinstance(key, str))

    def get(self, key: str) -> Any:
        """Last value set under a text key, or None."""
        return self.texts.get(key)

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
        """The attributes that BUILD would set: a dictionary, alone or before one of slots, which are left out."""
        state = self.state[0] if isinstance(self.state, tuple) and len(self.state) == 2 else self.state
        return state if isinstance(state, Pairs) else Pairs()


@dataclass(frozen=True, eq=False, slots=True)
class Persistent:
    """A reference to something outside the pickle, such as the storage of a tensor."""

    key: Any
