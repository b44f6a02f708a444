"""What a pickle describes, as inert nodes: nothing in here can be called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

    # made when they are needed: a pickle can ask for an empty dictionary with a single byte
    _pairs: list[tuple[Any, Any]] | None = None
    _texts: dict[str, Any] | None = None

    @property
    def pairs(self) -> Sequence[tuple[Any, Any]]:
        """Keys and values as they were set."""
        return self._pairs or ()

    def extend(self, pairs: list[tuple[Any, Any]]) -> None:
        """Set more pairs."""
        if self._pairs is None or self._texts is None:
            self._pairs, self._texts = [], {}
        self._pairs.extend(pairs)
        self._texts.update((key, value) for key, value in pairs if isinstance(key, str))

    def get(self, key: str) -> Any:
        """Last value set under a text key, or None."""
        return self._texts.get(key) if self._texts else None

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
    entries : Pairs or None
        What SETITEM would set on the result.
    elements : list or None
        What APPEND would add to the result.
    """

    target: Global
    args: tuple[Any, ...]
    is_object: bool
    state: Any = None
    entries: Pairs | None = None
    elements: list[Any] | None = None

    def attributes(self) -> Pairs:
        """The attributes that BUILD would set: a dictionary, alone or before one of slots, which are left out."""
        state = self.state[0] if isinstance(self.state, tuple) and len(self.state) == 2 else self.state
        return state if isinstance(state, Pairs) else Pairs()


@dataclass(frozen=True, eq=False, slots=True)
class Persistent:
    """A reference to something outside the pickle, such as the storage of a tensor."""

    key: Any
